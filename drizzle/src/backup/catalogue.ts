import pg from 'pg';
import type { ClientBase } from 'pg';
import type { SavedForeignKey } from './manifest.js';

export interface ColumnShape {
  readonly name: string;
  /** As format_type writes it. */
  readonly type: string;
}

/** A table as the catalogue has it. Generated columns are left out: PostgreSQL makes them again. */
export interface TableShape {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** Empty for a table without one. */
  readonly primaryKey: readonly string[];
  /** On disk, in bytes. */
  readonly size: number;
}

export interface SequenceValue {
  readonly schema: string;
  readonly name: string;
  /** As text: a bigint. */
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** The schemas that belong to Bailiwick and hold rows. */
export const savedSchemas = ['public', 'case_management', 'audit_system', 'identity', 'guard'] as const;

/** The record of backups changes with every backup, so it can't be a part of one; the seal is a secret; the rest is of the moment. */
const leftOut = [
  ...['guard.backups', 'guard.log_seal', 'guard.commands_in_progress'],
  ...['guard.rehearsals', 'guard.rehearsal_notes', 'guard.rehearsal_tickets'],
];

/**
 * Settings under which the text form of a value is the same on every server (PostgreSQL: "Client Connection Defaults").
 * Row security off: a policy that would hide rows is then an error, not an empty file.
 */
export const plainTextSettings = `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local timezone = 'UTC';
  set local extra_float_digits = 3; set local bytea_output = 'hex'; set local xmlbinary = 'base64'; set local lc_monetary = 'C';
  set local client_encoding = 'UTF8'; set local search_path = pg_catalog, pg_temp; set local row_security = off; set local jit = off;
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;

export const tableName = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;

/** Quotes one name, dots included: quoteName of the import would cut there. */
export const quotedColumn = pg.escapeIdentifier;

export const quotedTable = ({ schema, name }: { schema: string; name: string }): string =>
  `${quotedColumn(schema)}.${quotedColumn(name)}`;

/** The tables of the schemas, largest first: what takes longest begins first. */
export async function readTables(client: ClientBase, schemas: readonly string[]): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `/* db:tables */ select n.nspname as schema, c.relname as name, pg_relation_size(c.oid)::float8 as size,
       coalesce((select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
         from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''), '[]') as columns,
       array(select a.attname::text from pg_index i cross join unnest(i.indkey) with ordinality k (n, o)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n
         where i.indrelid = c.oid and i.indisprimary order by k.o) as "primaryKey"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relkind = 'r' and c.relpersistence <> 't' and n.nspname || '.' || c.relname <> all ($2)
     order by 3 desc, 1, 2`,
    [schemas, leftOut],
  );
  // COPY has no word for a table without columns; notSaved names it.
  return rows.filter(({ columns }) => columns.length > 0);
}

/** The values of the sequences now. They do not follow the snapshot: what is read after it is never behind its rows. */
export async function readSequences(client: ClientBase, schemas: readonly string[]): Promise<SequenceValue[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relkind = 'S' order by 1, 2`,
    [schemas],
  );
  const values: SequenceValue[] = [];
  for (const sequence of rows) {
    const found = await client.query<{ lastValue: string; isCalled: boolean }>(
      `select last_value::text as "lastValue", is_called as "isCalled" from ${quotedTable(sequence)}`,
    );
    if (found.rows[0]) values.push({ ...sequence, ...found.rows[0] });
  }
  return values;
}

/** The foreign keys of the schemas' tables: rows come back after those that they refer to. */
export async function readForeignKeys(client: ClientBase, schemas: readonly string[]): Promise<SavedForeignKey[]> {
  const names = (relation: string, numbers: string): string =>
    `array(select a.attname::text from unnest(${numbers}) with ordinality k (n, o)
       join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.n order by k.o)`;
  const { rows } = await client.query<SavedForeignKey>(
    `select n.nspname as schema, c.relname as table, f.conname as name, ${names('f.conrelid', 'f.conkey')} as columns,
       tn.nspname as "toSchema", t.relname as "toTable", ${names('f.confrelid', 'f.confkey')} as "toColumns"
     from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class t on t.oid = f.confrelid join pg_namespace tn on tn.oid = t.relnamespace
     where f.contype = 'f' and n.nspname = any ($1) and c.relkind = 'r' order by 1, 2, 3`,
    [schemas],
  );
  return rows;
}
