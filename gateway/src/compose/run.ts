import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { AppError } from '@bailiwick/kernel/errors';
import { composeSupergraph } from './compose.js';
import type { SubgraphSchema } from './compose.js';

/** The subgraphs. Each has a folder of this name. */
const subgraphNames = ['shared', 'case-management', 'audit'];

const usage = `Usage: npm run compose -- [--check] [--subgraphs DIR] [--out FILE]

Composes the subgraphs' schema.graphql into gateway/supergraph.graphql.
  --check           changes nothing; exit code 1 when the committed supergraph differs
  --subgraphs DIR   the folder that holds the subgraphs' folders
  --out FILE        the supergraph to write or compare`;

/**
 * Runs the command `compose`: writes the supergraph, or compares it with --check. Returns the message to print. Throws COMPOSITION_FAILED,
 * SUPERGRAPH_STALE, and BAD_USER_INPUT for an unknown option.
 */
export function runCompose(argv: string[]): string {
  const options = readArguments(argv);
  if (options.help) {
    return usage;
  }
  const folder = resolve(options.subgraphs ?? fileURLToPath(new URL('../../../subgraphs', import.meta.url)));
  const file = resolve(options.out ?? fileURLToPath(new URL('../../supergraph.graphql', import.meta.url)));
  const schemas: SubgraphSchema[] = subgraphNames.map((name) => ({
    name,
    schemaFile: pathToFileURL(`${folder}/${name}/schema.graphql`),
  }));
  const composed = composeSupergraph(schemas);
  if (options.check) {
    check(composed, file);
    return `${file} is what the three subgraph schemas compose to.`;
  }
  writeFileSync(`${file}.new`, composed);
  renameSync(`${file}.new`, file);
  return `Composed ${subgraphNames.join(', ')} into ${file}.`;
}

function check(composed: string, file: string): void {
  const committed = readIfThere(file);
  if (committed === composed) return;
  const lines = composed.split('\n');
  const differing = committed === undefined ? undefined : committed.split('\n').findIndex((line, index) => line !== lines[index]);
  const where =
    differing === undefined
      ? 'does not exist'
      : `differs from the subgraph schemas, first at line ${(differing < 0 ? lines.length : differing) + 1}`;
  throw new AppError('SUPERGRAPH_STALE', `${file} ${where}.`, {
    hint: 'Run npm run compose, look at the difference, and commit it.',
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readArguments(argv: string[]) {
  try {
    const options = {
      check: { type: 'boolean' },
      help: { type: 'boolean' },
      subgraphs: { type: 'string' },
      out: { type: 'string' },
    } as const;
    return parseArgs({ args: argv, options }).values;
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', `${(cause as Error).message}.`, { cause, hint: usage });
  }
}
