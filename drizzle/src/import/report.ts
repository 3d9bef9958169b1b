import type { ClientBase } from 'pg';
import type { Mapping } from './mappingSchema.js';
import type { WrittenRows } from './writeRows.js';

export interface ImportReport {
  mapping: string;
  isDryRun: boolean;
  sources: { source: string; file: string; rows: number }[];
  /** What became of each target's rows, in the order in which they were written. */
  targets: (WrittenRows & { name: string; table: string; rejected: number })[];
  /** Rows of the files that were rejected, each counted once. */
  rejectedRows: number;
  rejectsByCode: { code: string; count: number }[];
  /** The same, for each source of the mapping that has any. */
  rejectsBySource: { source: string; code: string; count: number }[];
  /** The first rejects, for the screen. */
  examples: { file: string; line: number; column: string; reason: string; code: string }[];
  rejectsFile: string | null;
  /** Optional sources that the folder does not have. */
  absent: string[];
  leftOut: Mapping['leftOut'];
  seconds: number;
}

/** Counts what the transaction has rejected so far. */
export async function countRejects(
  client: ClientBase,
  sources: readonly { source: string; number: number }[],
): Promise<Pick<ImportReport, 'rejectedRows' | 'rejectsByCode' | 'rejectsBySource'>> {
  const rows = await client.query<{ count: string }>('select count(distinct (source, line)) as count from pg_temp.rejected');
  const codes = await client.query<{ source: number; code: string; count: string }>(
    `select source, code, count(*) as count from (select distinct on (source, line) source, code from pg_temp.rejected order by source, line, n) e
     group by source, code order by 3 desc, 2, 1`,
  );
  const byCode = new Map<string, number>();
  for (const { code, count } of codes.rows) byCode.set(code, (byCode.get(code) ?? 0) + Number(count));
  return {
    rejectedRows: Number(rows.rows[0]?.count ?? 0),
    rejectsByCode: [...byCode]
      .map(([code, count]) => ({ code, count }))
      .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code)),
    rejectsBySource: codes.rows.map(({ source, code, count }) => ({
      source: sources.find(({ number }) => number === source)?.source ?? '',
      code,
      count: Number(count),
    })),
  };
}

/** Whether the import found everything as it was. */
export const isUnchanged = (report: ImportReport): boolean =>
  report.targets.every((target) => target.inserted === 0 && target.changed === 0);

const number = new Intl.NumberFormat('en-US');

/** The report for people. */
export function reportText(report: ImportReport): string {
  const lines: string[] = [];
  const would = report.isDryRun ? 'would be ' : '';
  for (const source of report.sources) lines.push(`${source.file}: ${number.format(source.rows)} rows read`);
  const width = Math.max(0, ...report.targets.map((target) => target.name.length));
  for (const target of report.targets) {
    const counts = [
      `${number.format(target.inserted)} ${would}inserted`,
      `${number.format(target.changed)} ${would}changed`,
      `${number.format(target.unchanged)} unchanged`,
    ];
    lines.push(`  ${target.name.padEnd(width)}  ${counts.join(', ')}  (${target.table})`);
  }
  if (report.absent.length > 0) lines.push(`Not there, and not needed: ${report.absent.join(', ')}`);
  for (const left of report.leftOut) lines.push(`${left.file} is not imported: ${left.why}`);
  if (report.rejectedRows > 0) {
    lines.push(
      `${number.format(report.rejectedRows)} ${report.rejectedRows === 1 ? 'row' : 'rows'} rejected: ${report.rejectsByCode.map((row) => `${row.code} ${number.format(row.count)}`).join(', ')}`,
    );
    for (const example of report.examples)
      lines.push(`  ${example.file}, line ${example.line}${example.column ? `, ${example.column}` : ''}: ${example.reason}`);
    if (report.rejectsFile)
      lines.push(`Every rejected row is in ${report.rejectsFile}: mend it there and import that file again with --from.`);
  }
  lines.push(lastSentence(report));
  return lines.join('\n');
}

function lastSentence(report: ImportReport): string {
  const time = `${report.seconds.toFixed(1)} s`;
  if (report.isDryRun) return `Dry run of ${time}: nothing was changed.`;
  if (isUnchanged(report)) return `Nothing changed: the database has everything already (${time}).`;
  return `Imported in ${time}.`;
}
