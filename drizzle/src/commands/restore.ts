import { AppError } from '@bailiwick/kernel/errors';
import { Option } from 'commander';
import type { Command } from 'commander';
import { savedSchemas } from '../backup/catalogue.js';
import { findBackup } from '../backup/folder.js';
import { restoreBackup } from '../backup/restoreBackup.js';
import type { RestoreReport } from '../backup/restoreBackup.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { defaultBackupFolder, number } from './backup.js';
import { printResult, tellStep } from './output.js';

interface RestoreFlags {
  from?: string;
  schema?: string;
  dryRun?: boolean;
  allOrNothing?: boolean;
  confirm?: string;
  conflicts?: string;
  json?: boolean;
  dataDir?: string;
}

/** `db restore`: what a backup has and the database lacks comes back; what differs is listed, and nothing is overwritten. */
export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('bring back what a backup has and the database lacks: tables, rows, rules; nothing that is there is overwritten')
    .argument('<backup>', 'its name, or the path of its folder')
    .option('--from <folder>', 'folder of the backups (default: the data folder with -backups behind its name)')
    .addOption(
      new Option('--schema <schema>', 'only this schema, and the foreign keys that others had to it').choices(
        savedSchemas.filter((schema) => schema !== 'guard'),
      ),
    )
    .option('--dry-run', 'do everything, then take it back')
    .option('--all-or-nothing', 'change nothing when there is anything that can not be brought back')
    .option('--confirm <database>', 'the name of the database, to say that it is the one that is meant')
    .option('--conflicts <file>', 'where rows that were not brought back are listed (default: <backup>-conflicts.csv)')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the report as JSON')
    .action(async (named: string, flags: RestoreFlags) => {
      const backup = await findBackup(flags.from ?? defaultBackupFolder(flags.dataDir), named);
      const { name, takenAt, source } = backup.manifest;
      const open = await openDatabase({ dataDir: flags.dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        if (!flags.dryRun) requireConfirmation(flags.confirm, database, `${host}:${port}`);
        const what = flags.schema ? `schema ${flags.schema} of backup ${name}` : `backup ${name}`;
        const mode = flags.dryRun ? ' (dry run: nothing will stay)' : '';
        tellStep(
          `Restoring ${what} (of ${source.database}, taken ${takenAt}) into database ${database} on ${host}:${port}${mode}.`,
        );
        const report = await restoreBackup({
          ...open,
          backup,
          onlySchema: flags.schema,
          isDryRun: flags.dryRun,
          allOrNothing: flags.allOrNothing,
          conflictsFile: flags.conflicts ?? `${name}-conflicts.csv`,
          onStep: tellStep,
          progress: streamProgress(process.stderr),
        });
        printResult(flags.json, { host, port, database, ...report }, reportText(report));
      } finally {
        await open.close();
      }
    });
}

function requireConfirmation(given: string | undefined, database: string, where: string): void {
  if (given === database) return;
  const typed = given === undefined ? 'was not confirmed' : `was confirmed as "${given}"`;
  throw new AppError(
    'CONFIRMATION_MISSING',
    `This changes database ${database} on ${where}, which ${typed}. Nothing was changed.`,
    {
      hint: `Look at it with --dry-run, then add --confirm ${database}`,
    },
  );
}

function reportText({
  backup,
  takenAt,
  isDryRun,
  made,
  tables,
  sequencesMoved,
  notBroughtBack,
  conflictsFile,
}: RestoreReport): string {
  const rows = [
    ['table', 'before', 'brought back', 'after', 'in backup', 'content'],
    ...tables.map((one) => [
      one.table,
      number(one.rowsBefore),
      number(one.broughtBack),
      number(one.rowsAfter),
      number(one.rowsInBackup),
      one.isContentEqual ? 'equal' : 'differs',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  const total = tables.reduce((sum, one) => sum + one.broughtBack, 0);
  return [
    `${isDryRun ? 'Would bring back' : 'Brought back'} ${number(total)} rows and ${made.length} definitions from backup ${backup}, taken ${takenAt}.`,
    '',
    ...rows.map(line),
    '',
    ...(made.length ? [`Made again: ${summaryOf(made)}.`] : []),
    ...(sequencesMoved.length ? [`Sequences moved forward: ${sequencesMoved.join(', ')}.`] : []),
    notBroughtBack.length
      ? `Not brought back:\n${notBroughtBack.map(({ what, why }) => `  ${what}: ${why}`).join('\n')}`
      : 'Everything that was missing came back.',
    ...(conflictsFile ? [`Each of those rows is in ${conflictsFile}, as it was saved and as it is now.`] : []),
  ].join('\n');
}

/** `2 tables, 14 policies`: the whole list is in --json. */
function summaryOf(made: readonly string[]): string {
  const kinds = [
    'schema',
    'sequence',
    'function',
    'table',
    'foreign key',
    'constraint',
    'index',
    'trigger',
    'row security',
    'policy',
    'grant',
    'comment',
  ];
  const counted = kinds
    .map((kind) => ({ kind, of: made.filter((one) => one.startsWith(`${kind} `)) }))
    .filter(({ of }) => of.length > 0);
  return counted.map(({ kind, of }) => (of.length <= 3 ? of.join(', ') : `${of.length} of kind ${kind}`)).join('; ');
}
