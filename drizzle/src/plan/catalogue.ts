import type { Client } from 'pg';
import { plainTextSettings } from '../backup/catalogue.js';
import { readThings } from '../backup/definitions.js';
import type { Objects, Thing } from '../backup/definitions.js';

export interface CataloguedTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
}

export interface CataloguedColumn {
  /** Oid of the table and number of the column: what stays when either is renamed. */
  readonly key: string;
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** Type, whether it may be null, default: all that an ALTER can change. */
  readonly form: string;
}

/** What there is in a database at one moment, in every schema but PostgreSQL's own. */
export interface Catalogue {
  readonly definitions: readonly Thing[];
  readonly tables: readonly CataloguedTable[];
  readonly columns: readonly CataloguedColumn[];
}

const ownSchemas = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** The tables that there are. */
export async function readTables(client: Client): Promise<CataloguedTable[]> {
  const { rows } = await client.query<CataloguedTable>(
    `/* db:plannedTables */ select c.oid::text as id, n.nspname::text as schema, c.relname::text as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where ${ownSchemas} and c.relkind in ('r', 'p') and c.relpersistence <> 't' order by 2, 3`,
  );
  return rows;
}

/**
 * Reads what there is.
 * @param client in a transaction; its settings are the same afterwards.
 * @param only definitions and columns of these, and all tables.
 */
export async function readCatalogue(client: Client, only?: Objects): Promise<Catalogue> {
  await client.query(`savepoint catalogue; ${plainTextSettings}`);
  const schemas = await client.query<{ name: string }>(
    `select n.nspname::text as name from pg_namespace n where ${ownSchemas} order by 1`,
  );
  const definitions = await readThings(
    client,
    schemas.rows.map(({ name }) => name),
    only,
  );
  const tables = await readTables(client);
  const columns = await client.query<CataloguedColumn>(
    `/* db:plannedColumns */ select format('%s:%s', c.oid, a.attnum) as key, n.nspname::text as schema, c.relname::text as table, a.attname::text as name,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
         case when a.attidentity <> '' then 'identity ' || a.attidentity::text end,
         case when a.attgenerated <> '' then 'generated ' when d.oid is not null then 'default ' end || pg_get_expr(d.adbin, d.adrelid)) as form
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where ${ownSchemas} and c.relkind in ('r', 'p') and c.relpersistence <> 't' and a.attnum > 0 and not a.attisdropped
       and ($1::oid[] is null or c.oid = any ($1))
     order by 2, 3, a.attnum`,
    [only?.oids ?? null],
  );
  await client.query('rollback to savepoint catalogue; release savepoint catalogue');
  return { definitions, tables, columns: columns.rows };
}
