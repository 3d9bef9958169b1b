import { join } from 'node:path';
import type { Client } from 'pg';
import { approveStatement } from '../guard/approve.js';
import type { Progress } from '../import/progress.js';
import { quoteName } from '../import/sql.js';
import { quotedTable, tableName } from './catalogue.js';
import type { NotBroughtBack } from './definitionWork.js';
import type { Backup, SavedDefinition, SavedTable } from './manifest.js';
import { readTableFile } from './tableFile.js';

/** A column that was made again in a table that stood. */
export interface RestoredColumn {
  /** With its schema. */
  readonly table: string;
  readonly column: string;
  /** Rows that have their saved value again. A generated column has one in each row. */
  readonly values: number;
  /** Rows that were written since, and took the column's default. */
  readonly defaults: number;
  /** Rows that were written since, and have no value. */
  readonly without: number;
}

interface FillScope {
  readonly client: Client;
  readonly backup: Backup;
  readonly progress: Progress;
  readonly notBroughtBack: NotBroughtBack[];
}

/**
 * Fills columns that were made again with the values that the rows had, found by primary key. Nothing else of a row changes: no trigger counts its
 * version up. A row that the backup does not know takes the column's default, as it would have when it was written.
 */
export async function fillColumns(added: readonly SavedDefinition[], scope: FillScope): Promise<RestoredColumn[]> {
  const filled: RestoredColumn[] = [];
  const tables = new Set(added.map((one) => tableName({ schema: one.schema, name: one.table })));
  for (const [number, name] of [...tables].entries()) {
    const columns = added.filter((one) => tableName({ schema: one.schema, name: one.table }) === name).map((one) => one.name);
    const [first] = added.filter((one) => tableName({ schema: one.schema, name: one.table }) === name);
    if (first) filled.push(...(await fillTable({ schema: first.schema, name: first.table }, columns, number, scope)));
  }
  return filled;
}

async function fillTable(
  table: { schema: string; name: string },
  columns: readonly string[],
  number: number,
  scope: FillScope,
): Promise<RestoredColumn[]> {
  const { client, backup, notBroughtBack } = scope;
  const target = quotedTable(table);
  const { rows: kinds } = await client.query<{
    name: string;
    isGenerated: boolean;
    takesDefault: boolean;
    sequence: string | null;
  }>(
    `select attname::text as name, attgenerated <> '' as "isGenerated", atthasdef or attidentity <> '' as "takesDefault",
       case when attidentity <> '' then pg_get_serial_sequence($1, attname) end as sequence
     from pg_attribute where attrelid = $1::regclass and attname = any ($2)`,
    [target, columns],
  );
  const stored = kinds.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
  const saved = backup.manifest.tables.find(({ schema, name }) => schema === table.schema && name === table.name);
  const why = stored.length > 0 ? await whyNot(client, table, saved, columns, backup) : undefined;
  if (why) notBroughtBack.push({ what: `the values of ${listed(stored)} of ${tableName(table)}`, why });
  if (saved && !why && stored.length > 0) {
    const stage = await stageValues(saved, stored, number, scope);
    // A number that was saved must not be given to a row that was written since.
    for (const { sequence } of kinds) if (sequence) await moveForward(client, backup, sequence);
    const same = saved.primaryKey.map((name) => `t.${quoteName(name)} = r.${quoteName(name)}`).join(' and ');
    const values = stored.map((name) => `${quoteName(name)} = r.${quoteName(name)}`).join(', ');
    // A domain may have given each row its own default already.
    const differs = stored.map((name) => `r.${quoteName(name)} is not null or t.${quoteName(name)} is not null`).join(' or ');
    await change(client, table, `update ${target} t set ${values} from ${stage} r where ${same} and (${differs})`);
    const defaults = kinds.filter(({ name, takesDefault }) => takesDefault && stored.includes(name));
    if (defaults.length > 0) {
      const taken = defaults.map(({ name }) => `${quoteName(name)} = default`).join(', ');
      await change(client, table, `update ${target} t set ${taken} where not exists (select from ${stage} r where ${same})`);
    }
  }
  const stage = saved && !why && stored.length > 0 ? `pg_temp.restore_columns_${number}` : undefined;
  const counted: RestoredColumn[] = [];
  for (const column of columns) counted.push(await countOf(client, table, column, stage, saved?.primaryKey ?? []));
  return counted;
}

const listed = (columns: readonly string[]): string => `${columns.length === 1 ? 'column' : 'columns'} ${columns.join(', ')}`;

async function whyNot(
  client: Client,
  table: { schema: string; name: string },
  saved: SavedTable | undefined,
  columns: readonly string[],
  { manifest }: Backup,
): Promise<string | undefined> {
  if (!saved) return `the backup has no rows of schema ${table.schema}, only of ${manifest.schemas.join(', ')}`;
  if (saved.primaryKey.length === 0) return 'the table has no primary key to find its rows by';
  if (saved.primaryKey.some((name) => columns.includes(name)))
    return 'they were the primary key, so nothing tells which row had which';
  const { rows } = await client.query<{ missing: string[] }>(
    `select array(select name from unnest($2::text[]) name
       where not exists (select from pg_attribute where attrelid = $1::regclass and attname = name and not attisdropped)) as missing`,
    [quotedTable(table), saved.primaryKey],
  );
  const missing = rows[0]?.missing ?? [];
  return missing.length ? `the rows can not be found without ${listed(missing)}` : undefined;
}

/** The saved rows, in a temporary table. What is neither key nor lost may be of a type that is not there, so it stays text. */
async function stageValues(table: SavedTable, lost: readonly string[], number: number, scope: FillScope): Promise<string> {
  const { client, backup, progress } = scope;
  const stage = `pg_temp.restore_columns_${number}`;
  const columns = table.columns.map(
    ({ name, type }) => `${quoteName(name)} ${lost.includes(name) || table.primaryKey.includes(name) ? type : 'text'}`,
  );
  await client.query(`create temp table restore_columns_${number} (${columns.join(', ')}) on commit drop`);
  progress.begin(`Reading ${listed(lost)} of ${tableName(table)}`, table.file.bytes);
  await readTableFile(client, stage, table.columns, join(backup.path, table.file.path), (bytes) => progress.advance(bytes, 0));
  progress.end();
  await client.query(`create index on ${stage} (${table.primaryKey.map(quoteName).join(', ')})`);
  await client.query(`analyze ${stage}`);
  return stage;
}

/**
 * Every row of the table changes, which the guard refuses. Whoever restores is the operator, so this one statement is approved here. The rows'
 * own triggers sleep meanwhile; those of the approval do not.
 */
async function change(client: Client, table: { schema: string; name: string }, statement: string): Promise<void> {
  const approval = await approveStatement(client, statement, `npm run db -- restore, columns of ${tableName(table)}`);
  await client.query('set local session_replication_role = replica');
  await client.query(statement);
  await client.query('set local session_replication_role = origin');
  await client.query('delete from guard.approvals where id = $1 and used_at is null', [approval.id]);
}

/** The sequence was made in this transaction, so a rollback takes its value too. */
async function moveForward(client: Client, { manifest }: Backup, sequence: string): Promise<void> {
  for (const { schema, name, lastValue, isCalled } of manifest.sequences) {
    await client.query('select setval($1::regclass, $2::bigint, $3) where $1::regclass = to_regclass($4)', [
      sequence,
      lastValue,
      isCalled,
      quotedTable({ schema, name }),
    ]);
  }
}

async function countOf(
  client: Client,
  table: { schema: string; name: string },
  column: string,
  stage: string | undefined,
  key: readonly string[],
): Promise<RestoredColumn> {
  const same = key.map((name) => `t.${quoteName(name)} = r.${quoteName(name)}`).join(' and ');
  const isKnown = stage ? `exists (select from ${stage} r where ${same})` : 'true';
  const { rows } = await client.query<{ values: number; defaults: number; without: number }>(
    `select count(*) filter (where is_known and has_value)::int as values, count(*) filter (where not is_known and has_value)::int as defaults,
       count(*) filter (where not is_known and not has_value)::int as without
     from (select ${isKnown} as is_known, t.${quoteName(column)} is not null as has_value from ${quotedTable(table)} t) found`,
  );
  const counts = rows[0] ?? { values: 0, defaults: 0, without: 0 };
  return { table: tableName(table), column, ...counts };
}
