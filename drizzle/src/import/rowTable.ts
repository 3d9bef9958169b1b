import type { ClientBase } from 'pg';
import type { TargetTable } from './catalogue.js';
import type { TargetSpec } from './mappingSchema.js';
import { quoteName, quoteText } from './sql.js';
import type { FeedPlan } from './transform.js';

/** The rows of one target on their way into its table: where they stand, and which columns they fill. */
export interface RowTable {
  number: number;
  target: TargetSpec;
  table: TargetTable;
  feeds: FeedPlan[];
  /** Every row of every feed, typed: `_feed`, `_line`, `id` and the columns. */
  rows: string;
  /** One row for each id. The same table as `rows`, unless rows that repeat are merged. */
  final: string;
  /** The target columns that any feed fills, without the id. */
  columns: string[];
  /** The columns whose value is the name of another row of this target. */
  ownReferences: string[];
}

/** Creates the table that typed rows are gathered in. */
export async function createRowTable(
  client: ClientBase,
  number: number,
  target: TargetSpec,
  table: TargetTable,
): Promise<RowTable> {
  const columns = [...new Set(target.feeds.flatMap((feed) => Object.keys(feed.columns)))];
  const ownReferences = columns.filter((name) => target.feeds.some((feed) => feed.columns[name]?.lookup?.table === target.table));
  const definitions = [
    '_feed int not null',
    '_line bigint not null',
    '_problems text',
    'id uuid',
    '_own_id uuid',
    ...ownReferences.map((name) => `${quoteName(`_own_${name}`)} text`),
    ...columns.map((name) => `${quoteName(name)} ${table.columns.get(name)?.type ?? 'text'}`),
  ];
  await client.query(`create temp table rows_${number} (${definitions.join(', ')}) on commit drop`);
  const rows = `"pg_temp"."rows_${number}"`;
  return { number, target, table, feeds: [], rows, final: rows, columns, ownReferences };
}

/** The CSV column behind a target column, by feed, as SQL over `r._feed`. */
export function labelSql(rowTable: RowTable, column: string): string {
  const branches = rowTable.feeds.map((feed) => `when ${feed.feed} then ${quoteText(feed.labelOf(column))}`);
  return `case r._feed ${branches.join(' ')} end`;
}

/** The number of the staged source behind a row, as SQL over `r._feed`. */
export function sourceSql(rowTable: RowTable): string {
  return `case r._feed ${rowTable.feeds.map((feed) => `when ${feed.feed} then ${feed.source.number}`).join(' ')} end`;
}

/**
 * Rejects every row of the file that stands behind the ids which `found` selects (columns: id, label column, value, reason, code),
 * and takes them out of the rows. Returns how many ids that were.
 */
export async function rejectIds(
  client: ClientBase,
  rowTable: RowTable,
  found: { column: string | undefined; select: string; code: string },
): Promise<number> {
  await client.query(`create temp table found as ${found.select}`);
  const label = found.column === undefined ? `''` : labelSql(rowTable, found.column);
  const rejected = await client.query(
    `insert into pg_temp.rejected (source, line, target, csv_column, value, reason, code)
     select ${sourceSql(rowTable)}, r._line, ${rowTable.number}, ${label}, left(f.value, 1000), left(f.reason, 2000), ${quoteText(found.code)}
     from pg_temp.found f join ${rowTable.rows} r on r.id = f.id where r._feed >= 0 order by r._line`,
  );
  await client.query('drop table pg_temp.found');
  return rejected.rowCount ?? 0;
}

/** Takes the rows out that have been rejected by this target. Returns how many ids are gone from the final rows. */
export async function dropRejected(client: ClientBase, rowTable: RowTable): Promise<number> {
  const gone = await client.query(
    `delete from ${rowTable.rows} r using pg_temp.rejected e
     where e.target = ${rowTable.number} and e.source = ${sourceSql(rowTable)} and e.line = r._line`,
  );
  if (rowTable.final === rowTable.rows) return gone.rowCount ?? 0;
  const left = await client.query(
    `delete from ${rowTable.final} f where not exists (select from ${rowTable.rows} r where r.id = f.id)`,
  );
  return left.rowCount ?? 0;
}
