import { AppError } from '@bailiwick/kernel/errors';
import { Option } from 'commander';
import type { Command } from 'commander';
import { savedSchemas } from '../backup/catalogue.js';
import { readDatabaseConfig } from '../config.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { listingText, listMoments } from '../recover/listing.js';
import { recover } from '../recover/recover.js';
import type { RecoverReport } from '../recover/recover.js';
import { parseTarget } from '../recover/target.js';
import { placeOf } from '../setup/connect.js';
import { printResult, requireConfirmation, tellStep } from './output.js';
import { reportText } from './restore.js';

interface RecoverFlags {
  schema?: string;
  to: string;
  list?: boolean;
  searchWal?: boolean;
  dryRun?: boolean;
  confirm?: string;
  conflicts?: string;
  cluster?: string;
  from?: string;
  work?: string;
  json?: boolean;
  dataDir?: string;
}

const allSchemas = 'all';

/** `db recover`: one schema as it was at a moment, while the others keep what they wrote since. */
export function registerRecover(program: Command): void {
  program
    .command('recover')
    .description(
      'bring one schema back to the moment before a loss, from base backup and WAL; nothing that is there is overwritten',
    )
    .addOption(
      new Option('--schema <schema>', 'the schema; all, for a database that was made anew').choices([
        ...savedSchemas.filter((schema) => schema !== 'guard'),
        allSchemas,
      ]),
    )
    .option('--to <moment>', 'before-loss, a time with its zone, the name of a restore point, or end', 'before-loss')
    .option('--list', 'change nothing; list losses, restore points and the span of time')
    .option('--search-wal', 'with --list: look into the WAL for restore points, and losses while the guard was off')
    .option('--dry-run', 'do everything, then take it back')
    .option('--confirm <database>', 'the name of the database, to say that it is the one that is meant')
    .option('--conflicts <file>', 'where rows that were not brought back are listed (default: recover-<schema>-conflicts.csv)')
    .option('--cluster <identifier>', 'from the archive of a cluster that lay in this data directory before')
    .option('--from <url>', 'from a scratch server that another tool has brought to the moment, as a superuser')
    .option('--work <folder>', 'folder of the scratch server (default: the data folder with -recovery behind its name)')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the report as JSON')
    .action(async (flags: RecoverFlags) => {
      const to = parseTarget(flags.to);
      if (!flags.list && flags.schema === undefined) {
        throw new AppError('BAD_USER_INPUT', 'recover needs --schema.', {
          hint: 'Name the schema that lost something, for example --schema case_management; --list shows what is known.',
        });
      }
      const dataDir = flags.dataDir ?? readDatabaseConfig().dataDir;
      const progress = streamProgress(process.stderr);
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const common = {
          ...open,
          dataDir,
          cluster: flags.cluster,
          workFolder: flags.work,
          onStep: tellStep,
          progress,
        };
        if (flags.list) {
          const listing = await listMoments({ ...common, searchWal: flags.searchWal });
          printResult(flags.json, listing, listingText(listing));
          return;
        }
        const { host, port, database } = placeOf(open.operatorUrl);
        if (!flags.dryRun) requireConfirmation(flags.confirm, database, `${host}:${port}`);
        const mode = flags.dryRun ? ' (dry run: nothing will stay)' : '';
        tellStep(
          `Recovering ${flags.schema === allSchemas ? 'all schemas' : `schema ${flags.schema}`} of database ${database} on ${host}:${port} to ${flags.to}${mode}.`,
        );
        const report = await recover({
          ...common,
          schema: flags.schema === allSchemas ? undefined : flags.schema,
          to,
          fromUrl: flags.from,
          isDryRun: flags.dryRun,
          conflictsFile: flags.conflicts ?? `recover-${flags.schema}-conflicts.csv`,
        });
        printResult(flags.json, { host, port, database, ...report }, recoveryText(report));
      } finally {
        await open.close();
      }
    });
}

function recoveryText({ moment, restore, steps, extract, otherLosses }: RecoverReport): string {
  return [
    `Recovered to ${moment.replaceAll(/\s+/g, ' ')}.`,
    reportText(restore),
    '',
    `Times: ${steps.map(({ step, seconds }) => `${step} ${seconds.toFixed(1)} s`).join(', ')}.`,
    `The whole state of that moment is kept as a backup in ${extract} until the next recovery.`,
    ...(otherLosses.length ? [`${otherLosses.length} earlier losses of this schema are missing still: recover again.`] : []),
    restore.isDryRun
      ? 'Next: the same command without --dry-run, with --confirm.'
      : 'Next: npm run db -- status, and npm run db -- backup',
  ].join('\n');
}
