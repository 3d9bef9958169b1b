import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { AppError } from '@bailiwick/kernel/errors';
import { mostWorkers } from './config.js';

/** What can be said on the command line of `npm start`. */
export interface StartOptions {
  port?: number;
  dataDir?: string;
  workers?: number;
  sampleData?: boolean;
}

/** Reads the command line. Throws BAD_USER_INPUT for what it does not know; `--help` prints and ends the process. */
export function parseOptions(argv: readonly string[]): StartOptions {
  const command = new Command('npm start --')
    .description('Runs everything: PostgreSQL, the three subgraphs and the gateway.')
    .option('--port <number>', 'port of the gateway (BAILIWICK_PORT, 4000)', parsePort)
    .option('--data-dir <folder>', 'where the embedded PostgreSQL keeps its data (BAILIWICK_DATA_DIR, .bailiwick)')
    .option(
      '--workers <number>',
      'processes that answer requests (BAILIWICK_WORKERS, one less than processors, 1 to 4)',
      parseWorkers,
    )
    .option('--sample-data', 'also fill an empty database of DATABASE_URL with sample data; the embedded one gets it by itself')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exit(0);
    throw new AppError('BAD_USER_INPUT', `${error.message.replace(/^error: /, '').replace(/\.?$/, '.')}`, {
      hint: 'npm start -- --help lists the options.',
    });
  }
  return command.opts<StartOptions>();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > mostWorkers) {
    throw new InvalidArgumentError(`Workers are a whole number from 1 to ${mostWorkers}.`);
  }
  return workers;
}
