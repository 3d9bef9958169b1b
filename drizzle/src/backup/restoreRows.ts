import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { quoteName } from '../import/sql.js';
import type { Progress } from '../import/progress.js';
import { contentOf, quotedTable, rowText, tableName } from './catalogue.js';
import type { ColumnShape } from './catalogue.js';
import type { Backup, SavedForeignKey, SavedTable } from './manifest.js';
import { readTableFile } from './tableFile.js';

/** Why a saved row is not brought back: it is there as it was; it is there and differs; what it refers to is not there; another row has its unique value. */
type Reason = 'EQUAL' | 'DIFFERS' | 'REFERENCE_MISSING' | 'VALUE_TAKEN';

export interface TableRestore {
  /** With its schema. */
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsInBackup: number;
  readonly broughtBack: number;
  readonly equal: number;
  /** Rows that are there and differ from those of the backup. Nothing was overwritten. */
  readonly differing: number;
  readonly referenceMissing: number;
  readonly valueTaken: number;
}

/** A saved table with a copy of its rows in a temporary table, each with `_why`: null for one that is brought back. */
export interface StagedTable extends TableRestore {
  readonly saved: SavedTable;
  readonly stage: string;
  readonly columns: readonly ColumnShape[];
}

/** Tables after those that they refer to. In a circle, any order. */
export function inReferenceOrder(tables: readonly SavedTable[], foreignKeys: readonly SavedForeignKey[]): SavedTable[] {
  const ordered = new Set<SavedTable>();
  const seen = new Set<SavedTable>();
  const visit = (table: SavedTable): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const key of foreignKeys.filter((one) => one.schema === table.schema && one.table === table.name)) {
      const parent = tables.find((one) => one.schema === key.toSchema && one.name === key.toTable);
      if (parent) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}

/** Loads a table file into a temporary table and holds what came against the manifest. */
async function stageTable(
  client: Client,
  backup: Backup,
  table: SavedTable,
  number: number,
  progress: Progress,
): Promise<string> {
  const stage = `pg_temp.restore_${number}`;
  const columns = table.columns.map(({ name, type }) => `${quoteName(name)} ${type}`);
  await client.query(`create temp table restore_${number} (${[...columns, '_why text'].join(', ')}) on commit drop`);
  progress.begin(`Reading ${tableName(table)}`, table.file.bytes);
  await readTableFile(client, stage, table.columns, join(backup.path, table.file.path), (bytes) => progress.advance(bytes, 0));
  const found = await contentOf(client, stage, table.columns);
  progress.advance(0, found.rows);
  progress.end();
  if (found.rows !== table.rows || found.content !== table.content) {
    throw new AppError(
      'RESTORE_FAILED',
      `${tableName(table)} gave ${found.rows} rows with content ${found.content}; saved were ${table.rows} with ${table.content}. Nothing was changed.`,
      { hint: 'Report this: the file is the one that was written, and still reads as something else.' },
    );
  }
  const key = table.primaryKey.map(quoteName).join(', ');
  if (key) await client.query(`create index on ${stage} (${key})`);
  await client.query(`analyze ${stage}`);
  return stage;
}

export interface RowScope {
  readonly client: Client;
  readonly backup: Backup;
  readonly progress: Progress;
  /** Takes away what the table holds first; for a scratch server alone. */
  readonly replaces: boolean;
  /** Whether a row that refers to one that is not there stays away. */
  readonly checksReferences: boolean;
  readonly number: number;
}

/** Brings the rows of one table back that are missing. */
export async function restoreTable(table: SavedTable, scope: RowScope): Promise<StagedTable> {
  const { client, backup, progress } = scope;
  const target = quotedTable(table);
  const stage = await stageTable(client, backup, table, scope.number, progress);
  const columns = await sharedColumns(client, table);
  if (scope.replaces) {
    // The guard has nothing to guard in a scratch database; what init put there makes way for what was saved.
    await client.query(`set local event_triggers = off; alter table ${target} disable trigger all; delete from ${target}`);
  }
  const before = await client.query<{ rows: string }>(`select count(*) as rows from ${target}`);
  const rowsBefore = Number(before.rows[0]?.rows ?? 0);
  const same = table.primaryKey.length
    ? table.primaryKey.map((name) => `t.${quoteName(name)} = r.${quoteName(name)}`).join(' and ')
    : `${rowText(columns, 't')} = ${rowText(columns, 'r')}`;
  if (rowsBefore > 0) {
    await client.query(
      `update ${stage} r set _why = case when ${rowText(columns, 't')} = ${rowText(columns, 'r')} then 'EQUAL' else 'DIFFERS' end
       from ${target} t where ${same}`,
    );
  }
  if (scope.checksReferences) await markOrphans(client, backup, table, stage);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const inserted = await client.query(
    `insert into ${target} (${names}) overriding system value select ${names} from ${stage} r where _why is null on conflict do nothing`,
  );
  const counts = await countReasons(client, stage);
  if (counts.none > (inserted.rowCount ?? 0)) {
    await client.query(
      `update ${stage} r set _why = 'VALUE_TAKEN' where _why is null and not exists (select from ${target} t where ${same})`,
    );
  }
  const final = await countReasons(client, stage);
  return {
    saved: table,
    stage,
    columns,
    table: tableName(table),
    rowsBefore,
    rowsInBackup: table.rows,
    broughtBack: inserted.rowCount ?? 0,
    equal: final.EQUAL,
    differing: final.DIFFERS,
    referenceMissing: final.REFERENCE_MISSING,
    valueTaken: final.VALUE_TAKEN,
  };
}

async function countReasons(client: Client, stage: string): Promise<Record<Reason | 'none', number>> {
  const counts: Record<Reason | 'none', number> = { none: 0, EQUAL: 0, DIFFERS: 0, REFERENCE_MISSING: 0, VALUE_TAKEN: 0 };
  const { rows } = await client.query<{ why: Reason | null; rows: string }>(
    `select _why as why, count(*) as rows from ${stage} group by 1`,
  );
  for (const { why, rows: count } of rows) counts[why ?? 'none'] = Number(count);
  return counts;
}

/** Columns that the table still has, and that PostgreSQL does not make itself. */
async function sharedColumns(client: Client, table: SavedTable): Promise<ColumnShape[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [quotedTable(table)],
  );
  return table.columns.filter((column) => rows.some(({ name }) => name === column.name));
}

/** Triggers are off, those of foreign keys too: a row whose parent is not there, and does not come back with it, stays away. */
async function markOrphans(client: Client, { manifest }: Backup, table: SavedTable, stage: string): Promise<void> {
  const keys = manifest.foreignKeys.filter((key) => key.schema === table.schema && key.table === table.name);
  for (let marked = 1; marked > 0;) {
    marked = 0;
    for (const key of keys) {
      const isOwn = key.toSchema === table.schema && key.toTable === table.name;
      const pairs = key.columns.map((name, i) => `p.${quoteName(key.toColumns[i] ?? '')} = r.${quoteName(name)}`).join(' and ');
      const parent = quotedTable({ schema: key.toSchema, name: key.toTable });
      const isThere = await client.query<{ found: string | null }>('select to_regclass($1)::text as found', [parent]);
      const inTable = isThere.rows[0]?.found ? `exists (select from ${parent} p where ${pairs})` : 'false';
      const inStage = isOwn ? ` or exists (select from ${stage} p where p._why is null and ${pairs})` : '';
      const update = await client.query(
        `update ${stage} r set _why = 'REFERENCE_MISSING'
         where _why is null and ${key.columns.map((name) => `r.${quoteName(name)} is not null`).join(' and ')} and not (${inTable}${inStage})`,
      );
      // Only a row that others of the same table refer to can make more of them.
      if (keys.some((one) => one.toSchema === table.schema && one.toTable === table.name)) marked += update.rowCount ?? 0;
    }
  }
}

/** What a person needs to decide about a row that was not brought back: its key, why, and both states. */
export function contradictionsQuery({ saved, stage, columns }: StagedTable): string {
  const key = saved.primaryKey.length ? saved.primaryKey : saved.columns.map(({ name }) => name);
  const same = key.map((name) => `t.${quoteName(name)} = r.${quoteName(name)}`).join(' and ');
  const values = columns
    .map(
      ({ name }) =>
        `(${`'${name.replaceAll("'", "''")}'`}, r.${quoteName(name)}::text, t.${quoteName(name)}::text, r._why = 'DIFFERS')`,
    )
    .join(', ');
  return `select '${saved.schema}' as schema, '${saved.name.replaceAll("'", "''")}' as "table",
      concat_ws(', ', ${key.map((name) => `r.${quoteName(name)}::text`).join(', ')}) as key, r._why as reason, v.name as "column",
      v.saved as in_backup, v.now as in_database
    from ${stage} r left join ${quotedTable(saved)} t on ${same}
    cross join lateral (values ${values}) v (name, saved, now, compares)
    where r._why <> 'EQUAL' and (not v.compares or v.saved is distinct from v.now)
    order by 3, 5`;
}
