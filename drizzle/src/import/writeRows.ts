import type { ClientBase } from 'pg';
import { approveStatement } from '../guard/approve.js';
import { hasOwnId, isSameRow } from './identity.js';
import type { Progress } from './progress.js';
import type { RowTable } from './rowTable.js';
import { quoteName } from './sql.js';

export interface WrittenRows {
  inserted: number;
  changed: number;
  unchanged: number;
}

/** Rows in one INSERT: large enough for speed, small enough to show progress. */
const chunkRows = 100_000;

/** Kept as the source has them on insert, and never compared: a trigger sets both on every change. */
const setOnInsertOnly = new Set(['updated_at', 'version']);

/** Begins a step of the progress, and leaves it to be ended. Inserts the final rows that are new and updates those that differ. A NULL leaves a column with a default alone. */
export async function writeRows(
  client: ClientBase,
  rowTable: RowTable,
  tableHasRows: boolean,
  progress: Progress,
): Promise<WrittenRows> {
  const counted = await client.query<{ count: string }>(`select count(*) as count from ${rowTable.final}`);
  const total = Number(counted.rows[0]?.count ?? 0);
  const pages = await pageCount(client, rowTable.final);
  progress.begin(`Writing ${rowTable.target.name}`, total);
  const changed = tableHasRows && rowTable.target.existing === 'update' ? await updateChanged(client, rowTable) : 0;
  const inserted = await insertNew(client, rowTable, { tableHasRows, total, pages, progress });
  if (inserted >= 1000) await client.query(`analyze ${quoteName(rowTable.target.table)}`);
  progress.advance(0, total);
  return { inserted, changed, unchanged: total - inserted - changed };
}

/** The pages of a table; ranges of ctid cut it into pieces that are read once each. */
export async function pageCount(client: ClientBase, table: string): Promise<number> {
  const size = await client.query<{ pages: string }>(
    `select (pg_relation_size(to_regclass($1)) / current_setting('block_size')::int)::text as pages`,
    [table],
  );
  return Number(size.rows[0]?.pages ?? 0);
}

async function updateChanged(client: ClientBase, rowTable: RowTable): Promise<number> {
  const columns = rowTable.columns.filter((name) => !setOnInsertOnly.has(name));
  if (columns.length === 0) return 0;
  const value = (name: string): string => {
    const column = rowTable.table.columns.get(name);
    return column?.isRequired && column.defaultSql !== null
      ? `coalesce(f.${quoteName(name)}, e.${quoteName(name)})`
      : `f.${quoteName(name)}`;
  };
  const statement = `update ${quoteName(rowTable.target.table)} e set ${columns.map((name) => `${quoteName(name)} = ${value(name)}`).join(', ')}
     from ${rowTable.final} f
     where ${isSameRow(rowTable.table)} and (${columns.map((name) => `e.${quoteName(name)}`).join(', ')}) is distinct from (${columns.map(value).join(', ')})`;
  // A changed mapping may touch every row of a table. Whoever imports is the operator, so this one statement is approved here; the
  // approval stands in this transaction, and one that was not needed is taken back.
  const approval = await approveStatement(client, statement, `npm run db -- import, into ${rowTable.target.table}`);
  const updated = await client.query(statement);
  await client.query('delete from guard.approvals where id = $1 and used_at is null', [approval.id]);
  return updated.rowCount ?? 0;
}

interface InsertScope {
  tableHasRows: boolean;
  total: number;
  pages: number;
  progress: Progress;
}

async function insertNew(client: ClientBase, rowTable: RowTable, scope: InsertScope): Promise<number> {
  const value = (name: string): string => {
    const column = rowTable.table.columns.get(name);
    return column?.isRequired && column.defaultSql !== null
      ? `coalesce(f.${quoteName(name)}, ${column.defaultSql})`
      : `f.${quoteName(name)}`;
  };
  const isNew = scope.tableHasRows
    ? `not exists (select from ${quoteName(rowTable.target.table)} e where ${isSameRow(rowTable.table)})`
    : 'true';
  const filled = [
    ...(hasOwnId(rowTable.table) ? [{ name: 'id', sql: 'f.id' }] : []),
    ...rowTable.columns.map((name) => ({ name: quoteName(name), sql: value(name) })),
  ];
  const statement = `insert into ${quoteName(rowTable.target.table)} (${filled.map(({ name }) => name).join(', ')})
    select ${filled.map(({ sql }) => sql).join(', ')} from ${rowTable.final} f where ${isNew}`;
  // A foreign key to the table itself is checked at the end of each statement: parents and children must come in one.
  const refersToItself = rowTable.table.foreignKeys.some(
    (key) => key.table === rowTable.target.table && rowTable.columns.includes(key.columns[0] ?? ''),
  );
  if (refersToItself || scope.total <= chunkRows) return (await client.query(statement)).rowCount ?? 0;
  const step = Math.max(1, Math.ceil((scope.pages * chunkRows) / scope.total));
  let inserted = 0;
  for (let page = 0; page < scope.pages; page += step) {
    const chunk = await client.query(`${statement} and f.ctid >= '(${page},0)' and f.ctid < '(${page + step},0)'`);
    inserted += chunk.rowCount ?? 0;
    scope.progress.advance(chunk.rowCount ?? 0, inserted);
  }
  return inserted;
}
