import { Option } from 'commander';
import type { Command } from 'commander';
import { savedSchemas } from '../backup/catalogue.js';
import type { RestoredColumn } from '../backup/columns.js';
import { madeKinds } from '../backup/definitionWork.js';
import { holdBackup } from '../backup/inUse.js';
import { restoreBackup } from '../backup/restoreBackup.js';
import type { RestoreReport } from '../backup/restoreBackup.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { defaultBackupFolder, number } from './backup.js';
import { dumpText, notBroughtBack } from './dumpText.js';
import { printResult, requireConfirmation, tellStep, wholeNumber } from './output.js';
import { recogniseNamed, restoreFrom } from './restoreFrom.js';
import type { RestoreFromFlags } from './restoreFrom.js';

interface RestoreFlags extends RestoreFromFlags {
  from?: string;
  connections: string;
  despiteMigrations?: boolean;
  json?: boolean;
}

/** `db restore`: what a backup has and the database lacks comes back; what differs is listed, and nothing is overwritten. */
export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('bring back what a backup has and the database lacks: tables, rows, rules; nothing that is there is overwritten')
    .argument(
      '<backup>',
      'its name, the path of its folder, an SQL dump, a dump of pg_dump, or a folder of CSVs of the legacy layout',
    )
    .option('--from <folder>', 'folder of the backups (default: the data folder with -backups behind its name)')
    .addOption(
      new Option(
        '--schema <schema>',
        'only this schema, and what others had that stood on it: foreign keys, columns, policies, views',
      ).choices(savedSchemas.filter((schema) => schema !== 'guard')),
    )
    .option('--dry-run', 'do everything, then take it back')
    .option('--all-or-nothing', 'change nothing when there is anything that can not be brought back')
    .option('--despite-migrations', 'also what a migration after the backup may have taken away on purpose')
    .option('--connections <n>', 'sessions that load at the same time', '2')
    .option('--confirm <database>', 'the name of the database, to say that it is the one that is meant')
    .option('--conflicts <file>', 'where rows that were not brought back are listed (default: <backup>-conflicts.csv)')
    .option('--rejects <file>', 'of the legacy layout: where rejected rows are written (default: legacy-rejects.csv)')
    .option('--database <name>', 'of a dump with several databases: which one')
    .option('--encoding <name>', 'of a dump: what it is encoded in, if it is not what it says')
    .option('--accept-truncated', 'of a dump that is cut off: take what is there')
    .option('--accept-newer', 'of a backup or dump from a newer PostgreSQL than the server that is to have it: try it')
    .option('--pg-restore <path>', 'the program that reads custom-format dumps (default: the newest that is found)')
    .option(
      '--work <folder>',
      'of a dump: where its rows stay meanwhile (default: the data folder with -restore behind its name)',
    )
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the report as JSON')
    .action(async (named: string, flags: RestoreFlags) => {
      const foreign = await recogniseNamed(flags.from ?? defaultBackupFolder(flags.dataDir), named);
      if (foreign) {
        const { where, report } = await restoreFrom(foreign, flags);
        const result = {
          host: where.host,
          port: where.port,
          database: where.database,
          ...report,
          notBroughtBack: notBroughtBack(report),
        };
        printResult(flags.json, result, dumpText(report, reportText));
        return;
      }
      const { backup, release } = await holdBackup(flags.from ?? defaultBackupFolder(flags.dataDir), named);
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
          despiteMigrations: flags.despiteMigrations,
          acceptNewer: flags.acceptNewer,
          connections: wholeNumber('--connections', flags.connections, 1, 16),
          conflictsFile: flags.conflicts ?? `${name}-conflicts.csv`,
          onStep: tellStep,
          progress: streamProgress(process.stderr),
        });
        printResult(flags.json, { host, port, database, ...report }, reportText(report));
      } finally {
        await open.close();
        await release();
      }
    });
}

function columnText({ table, column, values, defaults, without }: RestoredColumn): string {
  const since = [
    ...(defaults ? [`${number(defaults)} rows written since took its default`] : []),
    ...(without ? [`${number(without)} rows written since have none`] : []),
  ];
  return `Column ${table}.${column}: ${number(values)} values came back${since.map((words) => `, ${words}`).join('')}.`;
}

/** A restore in words: what came back, a table of counts, what did not. */
export function reportText({
  backup,
  takenAt,
  isDryRun,
  made,
  tables,
  columns,
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
    ...columns.map(columnText),
    ...(sequencesMoved.length ? [`Sequences moved forward: ${sequencesMoved.join(', ')}.`] : []),
    notBroughtBack.length
      ? `Not brought back:\n${notBroughtBack.map(({ what, why }) => `  ${what}: ${why}`).join('\n')}`
      : 'Everything that was missing came back.',
    ...(conflictsFile ? [`Each of those rows is in ${conflictsFile}, as it was saved and as it is now.`] : []),
  ].join('\n');
}

/** `table public.people; 14 of kind policy`: the whole list is in --json. */
function summaryOf(made: readonly string[]): string {
  const counted = madeKinds
    .map((kind) => ({ kind, of: made.filter((one) => kindOf(one) === kind) }))
    .filter(({ of }) => of.length > 0);
  return counted.map(({ kind, of }) => (of.length <= 3 ? of.join(', ') : `${of.length} of kind ${kind}`)).join('; ');
}

const kindOf = (made: string): string | undefined =>
  madeKinds.filter((kind) => made.startsWith(`${kind} `)).sort((a, b) => b.length - a.length)[0];
