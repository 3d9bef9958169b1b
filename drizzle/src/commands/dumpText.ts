import type { DumpReport } from '../foreign/restoreDump.js';
import type { Extraction } from '../foreign/workFolder.js';
import { legacyMapping, shadowedBy } from '../foreign/legacy.js';
import type { LegacyReport } from '../foreign/importLegacy.js';
import { reportText } from '../import/report.js';
import { number } from './backup.js';

/** The report of a restore from a dump, for people. */
export function dumpText(report: DumpReport, restoredText: (restored: NonNullable<DumpReport['restored']>) => string): string {
  const { extraction, legacy, restored } = report;
  return [
    ...(extraction ? dumpLines(extraction) : []),
    ...(legacy ? legacyLines(legacy, report) : []),
    ...(restored ? [restoredText(restored)] : []),
    ...notBroughtBack(report).map((line, i) => (i === 0 ? `Not brought back:\n  ${line}` : `  ${line}`)),
    ...(report.isRehearsed ? ['This was tried in a scratch server, because the database is not made yet.'] : []),
  ].join('\n');
}

/** What was in the dump and is not in the database, beside the rows that the import or the restore names itself. */
export function notBroughtBack({ extraction }: DumpReport): string[] {
  if (!extraction) return [];
  const { others, load, tables, survey } = extraction;
  const names = tables.map(({ table }) => table.replace(/^public\./, ''));
  return [
    ...(survey.cutOff === null ? [] : [`the end of the dump: ${survey.cutOff}`]),
    ...others.map(({ table, rows }) => `${count(rows, 'row')} of ${table}: the table belongs to neither system`),
    ...Object.entries(load.passedOver)
      .filter(([, rows]) => rows > 0)
      .map(([table, rows]) => `${count(rows, 'row')} of ${table}: the host's own`),
    ...shadowedBy(names).map(({ table, by }) => `the rows of ${table}: the dump has ${by}, its later name, too`),
  ];
}

const count = (many: number, noun: string): string => `${number(many)} ${noun}${many === 1 ? '' : 's'}`;

function dumpLines({ survey, load, layout, database }: Extraction): string[] {
  const from = survey.serverVersion === null ? '' : `, from PostgreSQL ${survey.serverVersion}`;
  const rows = Object.values(load.rows).reduce((sum, many) => sum + many, 0);
  const what = layout === 'bailiwick' ? 'a Bailiwick database' : 'a database of the legacy layout';
  const { failed, tolerated, simplified } = load;
  return [
    `The dump of ${what}${database === null ? '' : ` (${database})`}${from}: ${number(rows)} rows read on PostgreSQL ${load.serverVersion}.`,
    ...tolerated.map(
      (one) =>
        `  passed over: ${one.what}, ${count(one.count, 'statement')}${one.names.length ? ` (${one.names.join(', ')})` : ''}`,
    ),
    ...simplified.map(({ table, why }) => `  read as texts: ${table}, because ${why}`),
    ...(failed.length ? [`  ${count(failed.length, 'statement')} failed that brought no row which is needed:`] : []),
    ...failed.slice(0, 10).map(({ line, statement, message }) => `    line ${line}: ${statement}: ${message}`),
    ...(failed.length > 10 ? [`    and ${failed.length - 10} more; --json lists them`] : []),
    '',
  ];
}

function legacyLines({ made, imported, tables, foreignKeys }: LegacyReport, { extraction, isRehearsed }: DumpReport): string[] {
  const inDump = new Map(extraction?.tables.map(({ table, rows }) => [`${table.replace(/^public\./, '')}.csv`, rows]));
  const sources = imported.sources.map(({ source, file, rows }) => {
    const rejects = imported.rejectsBySource.filter((one) => one.source === source);
    const rejected = rejects.reduce((sum, one) => sum + one.count, 0);
    const reasons = rejects.map(({ code, count: many }) => `${code} ${number(many)}`).join(', ');
    return [
      file.replace(/\.csv$/, ''),
      number(inDump.get(file) ?? rows),
      number(rows),
      number(rows - rejected),
      number(rejected),
      reasons,
    ];
  });
  const feeds = (table: string): boolean =>
    imported.targets.some((target) => target.table === table && target.inserted + target.changed > 0);
  const would = imported.isDryRun ? 'would be ' : '';
  const targets = tables
    .filter(({ table, rowsAfter }) => rowsAfter > 0 || feeds(table))
    .map(({ table, rowsBefore, rowsAfter, differing, isContentEqual }) => {
      const of = imported.targets.filter((target) => target.table === table);
      const inserted = of.reduce((sum, target) => sum + target.inserted, 0);
      const there = of.reduce((sum, target) => sum + target.unchanged, 0) - differing;
      const counts = [rowsBefore, inserted, there, differing, rowsAfter].map(number);
      return [table, ...counts, isContentEqual ? 'as before' : 'changed'];
    });
  const rejects = reportText(imported)
    .split('\n')
    .slice(imported.sources.length + imported.targets.length);
  return [
    ...(made.length ? [`${isRehearsed ? 'Would be made first' : 'Made first'}: ${made.join(', ')}.`, ''] : []),
    ...columns([['source', extraction ? 'in the dump' : 'in the file', 'read', 'taken', 'rejected', 'why'], ...sources], [0, 5]),
    '',
    ...columns(
      [['table', 'before', `${would}inserted`, 'already there', 'differing, kept', 'after', 'content'], ...targets],
      [0],
    ),
    '',
    ...rejects.filter((line) => !line.startsWith('Not there, and not needed')),
    `All ${foreignKeys} foreign keys hold. Each source of the mapping ${legacyMapping().name} is in docs/import.md.`,
  ];
}

/** `left` are the columns whose text begins at the left. */
function columns(rows: string[][], left: readonly number[]): string[] {
  const widths = rows[0]?.map((_cell, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
