import { join } from 'node:path';
import type { Client } from 'pg';
import type { Progress } from '../import/progress.js';
import { quotedColumn, quotedTable, tableName } from './catalogue.js';
import type { ColumnShape } from './catalogue.js';
import { contentOf, rowText } from './content.js';
import type { Backup, SavedForeignKey, SavedTable } from './manifest.js';
import { orphanCondition, reasonColumn } from './restoreReferences.js';
import type { PlaceOf } from './restoreReferences.js';
import { markTaken } from './restoreTaken.js';
import { notWhatWasSaved } from './restoreStage.js';
import type { RestoreSession } from './restoreSessions.js';
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

/** A saved table with a copy of its rows in a temporary table. */
export interface StagedTable extends TableRestore {
  readonly saved: SavedTable;
  readonly stage: string;
  /** The column that says why a row stays away; null for one that is brought back. */
  readonly why: string;
  readonly columns: readonly ColumnShape[];
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
  const columns = table.columns.map(({ name, type }) => `${quotedColumn(name)} ${type}`);
  await client.query(
    `create temp table restore_${number} (${[...columns, `${reasonColumn(table)} text`].join(', ')}) on commit drop`,
  );
  progress.begin(`Reading ${tableName(table)}`, table.file.bytes);
  await readTableFile(client, stage, table.columns, join(backup.path, table.file.path), (bytes) => progress.advance(bytes, 0));
  const found = await contentOf(client, stage, table.columns, backup.manifest.contentFormula);
  progress.advance(0, found.rows);
  progress.end();
  if (found.rows !== table.rows || found.content !== table.content) throw notWhatWasSaved(table, found);
  const key = table.primaryKey.map(quotedColumn).join(', ');
  if (key) await client.query(`create index on ${stage} (${key})`);
  await client.query(`analyze ${stage}`);
  return stage;
}

/** Whether a table that stands holds exactly what was saved: then there is nothing to do for it, and nothing to lock. */
export async function isAsSaved(session: RestoreSession, table: SavedTable, formula: string): Promise<boolean> {
  return session.transaction(async (client) => {
    const columns = await columnsNow(client, table);
    if (columns.length !== table.columns.length) return false;
    const counted = await client.query<{ rows: string }>(`select count(*) as rows from ${quotedTable(table)}`);
    if (Number(counted.rows[0]?.rows) !== table.rows) return false;
    return (await contentOf(client, quotedTable(table), columns, formula)).content === table.content;
  });
}

export interface RowScope {
  readonly client: Client;
  readonly backup: Backup;
  readonly progress: Progress;
  readonly placeOf: PlaceOf;
  readonly number: number;
}

/** A table and its copy, before anything is brought back. */
interface Compared {
  readonly table: SavedTable;
  readonly target: string;
  readonly stage: string;
  /** The column of the stage that says why a row stays away. */
  readonly why: string;
  readonly columns: readonly ColumnShape[];
  readonly rowsBefore: number;
  /** Whether a row of the table, `t`, is one of the stage, `r`. */
  readonly same: string;
}

/**
 * Brings the rows back that are missing.
 * @param tables that refer to each other in a circle, or one alone.
 */
export async function restoreTables(tables: readonly SavedTable[], scope: RowScope): Promise<StagedTable[]> {
  const compared: Compared[] = [];
  for (const [i, table] of tables.entries()) compared.push(await compareTable(table, { ...scope, number: scope.number + i }));
  const broughtBack = await insertMissing(compared, scope);
  const restored: StagedTable[] = [];
  for (const one of compared) {
    const { table, stage, why, columns, rowsBefore } = one;
    const reasons = await countReasons(scope.client, one);
    restored.push({
      ...{ saved: table, stage, why, columns, table: tableName(table), rowsBefore, rowsInBackup: table.rows },
      broughtBack: broughtBack.get(one) ?? 0,
      equal: reasons.EQUAL,
      differing: reasons.DIFFERS,
      referenceMissing: reasons.REFERENCE_MISSING,
      valueTaken: reasons.VALUE_TAKEN,
    });
  }
  return restored;
}

/** Loads what was saved, and finds out which of it the table has. */
async function compareTable(table: SavedTable, { client, backup, progress, number }: RowScope): Promise<Compared> {
  const target = quotedTable(table);
  const why = reasonColumn(table);
  const stage = await stageTable(client, backup, table, number, progress);
  const columns = await sharedColumns(client, table);
  const before = await client.query<{ rows: string }>(`select count(*) as rows from ${target}`);
  const rowsBefore = Number(before.rows[0]?.rows ?? 0);
  const same = table.primaryKey.length
    ? table.primaryKey.map((name) => `t.${quotedColumn(name)} = r.${quotedColumn(name)}`).join(' and ')
    : `${rowText(columns, 't')} = ${rowText(columns, 'r')}`;
  if (rowsBefore > 0 && table.primaryKey.length > 0) {
    await client.query(
      `update ${stage} r set ${why} = case when ${rowText(columns, 't')} = ${rowText(columns, 'r')} then 'EQUAL' else 'DIFFERS' end
       from ${target} t where ${same}`,
    );
  } else if (rowsBefore > 0) {
    // Without a key one row can be there several times: as many of them are there as the table has, and the others are missing.
    await client.query(
      `update ${stage} r set ${why} = 'EQUAL' from
         (select ctid as place, ${rowText(columns, 's')} as whole, row_number() over (partition by ${rowText(columns, 's')}) as n from ${stage} s) numbered
         join (select ${rowText(columns, 't')} as whole, count(*) as rows from ${target} t group by 1) there using (whole)
       where r.ctid = numbered.place and numbered.n <= there.rows`,
    );
  }
  return { table, target, stage, why, columns, rowsBefore, same };
}

/** @returns how many rows of each table were brought back. */
async function insertMissing(compared: readonly Compared[], scope: RowScope): Promise<Map<Compared, number>> {
  const { client } = scope;
  const looked = new Set<Compared>();
  for (const one of compared) if (await markTaken(client, one)) looked.add(one);
  for (;;) {
    await markOrphans(scope, compared);
    await client.query('savepoint rows');
    const broughtBack = new Map<Compared, number>();
    const taken = new Map<Compared, string[]>();
    for (const one of compared) {
      const { target, stage, why, columns, same } = one;
      const names = columns.map(({ name }) => quotedColumn(name)).join(', ');
      const inserted = await client.query(
        `insert into ${target} (${names}) overriding system value select ${names} from ${stage} r where ${why} is null
         ${looked.has(one) ? '' : 'on conflict do nothing'}`,
      );
      broughtBack.set(one, inserted.rowCount ?? 0);
      if ((await countReasons(client, one)).none <= (inserted.rowCount ?? 0)) continue;
      const { rows } = await client.query<{ place: string }>(
        `select ctid::text as place from ${stage} r where ${why} is null and not exists (select from ${target} t where ${same})`,
      );
      if (rows.length > 0)
        taken.set(
          one,
          rows.map(({ place }) => place),
        );
    }
    if (taken.size === 0) {
      await client.query('release savepoint rows');
      return broughtBack;
    }
    // What refers to a row whose value is taken must not come back without it.
    await client.query('rollback to savepoint rows; release savepoint rows');
    for (const [{ stage, why }, places] of taken)
      await client.query(`update ${stage} set ${why} = 'VALUE_TAKEN' where ctid = any ($1::tid[])`, [places]);
  }
}

async function countReasons(
  client: Client,
  { stage, why }: Pick<Compared, 'stage' | 'why'>,
): Promise<Record<Reason | 'none', number>> {
  const counts: Record<Reason | 'none', number> = { none: 0, EQUAL: 0, DIFFERS: 0, REFERENCE_MISSING: 0, VALUE_TAKEN: 0 };
  const { rows } = await client.query<{ why: Reason | null; rows: string }>(
    `select ${why} as why, count(*) as rows from ${stage} group by 1`,
  );
  for (const { why: reason, rows: count } of rows) counts[reason ?? 'none'] = Number(count);
  return counts;
}

/** Columns that the table still has, and that PostgreSQL does not make itself. */
async function sharedColumns(client: Client, table: SavedTable): Promise<ColumnShape[]> {
  return (await columnsNow(client, table)).filter(({ isGenerated }) => !isGenerated);
}

/** The saved columns that the table has now, with the types of now: one may have been changed since. None for a table that is not there. */
async function columnsNow(client: Client, table: SavedTable): Promise<(ColumnShape & { readonly isGenerated: boolean })[]> {
  const { rows } = await client.query<ColumnShape & { isGenerated: boolean }>(
    `select attname::text as name, format_type(atttypid, atttypmod) as type, attgenerated <> '' as "isGenerated"
     from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [quotedTable(table)],
  );
  return table.columns.flatMap((column) => rows.find(({ name }) => name === column.name) ?? []);
}

/** Triggers are off, those of foreign keys too: a row whose parent is not there, and does not come back with it, stays away. */
async function markOrphans({ client, backup, placeOf }: RowScope, compared: readonly Compared[]): Promise<void> {
  const comesWith = (key: SavedForeignKey): Compared | undefined =>
    compared.find(({ table }) => table.schema === key.toSchema && table.name === key.toTable);
  for (let marked = 1; marked > 0;) {
    marked = 0;
    for (const { table, stage, why } of compared) {
      for (const key of backup.manifest.foreignKeys.filter((one) => one.schema === table.schema && one.table === table.name)) {
        const parent = placeOf(key.toSchema, key.toTable);
        const along = comesWith(key);
        const places = [
          ...(parent === null ? [] : [parent]),
          ...(along ? [`(select * from ${along.stage} where ${along.why} is null)`] : []),
        ];
        const update = await client.query(
          `update ${stage} r set ${why} = 'REFERENCE_MISSING' where ${why} is null and ${orphanCondition(key, places)}`,
        );
        // What others of these tables refer to may make more of them.
        marked += update.rowCount ?? 0;
      }
    }
  }
}

/** What a person needs to decide about a row that was not brought back: its key, why, and both states. */
export function contradictionsQuery({ saved, stage, why, columns }: StagedTable): string {
  const key = saved.primaryKey.length ? saved.primaryKey : saved.columns.map(({ name }) => name);
  const same = key.map((name) => `t.${quotedColumn(name)} = r.${quotedColumn(name)}`).join(' and ');
  const values = columns
    .map(
      ({ name }) =>
        `(${`'${name.replaceAll("'", "''")}'`}, r.${quotedColumn(name)}::text, t.${quotedColumn(name)}::text, r.${why} = 'DIFFERS')`,
    )
    .join(', ');
  return `select '${saved.schema}' as schema, '${saved.name.replaceAll("'", "''")}' as "table",
      concat_ws(', ', ${key.map((name) => `r.${quotedColumn(name)}::text`).join(', ')}) as key, r.${why} as reason, v.name as "column",
      v.saved as in_backup, v.now as in_database
    from ${stage} r left join ${quotedTable(saved)} t on ${same}
    cross join lateral (values ${values}) v (name, saved, now, compares)
    where r.${why} <> 'EQUAL' and (not v.compares or v.saved is distinct from v.now)
    order by 3, 5`;
}
