import { withSession } from '@bailiwick/database/setup/connect';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';

interface Column {
  type: string;
  isNotNull: boolean;
  hasDefault: boolean;
  isGenerated: boolean;
  isPrimary: boolean;
  /** The values that a CHECK (or Drizzle) lets in, sorted; undefined when it is no enumeration. */
  values?: string;
}

/** By `table.column`. */
type Columns = Map<string, Column>;

/**
 * Compares the Drizzle tables of a module with a schema of the migrated database, both ways: tables, columns, types, whether a column
 * may be null, whether it has a default or is generated, primary keys, and the values of enumerations. Returns one line a difference.
 */
export async function driftOf(module: Record<string, unknown>, schema: string, operatorUrl: string): Promise<string[]> {
  const tables = Object.values(module).filter((value) => is(value, PgTable));
  const wrongSchema = tables
    .map((table) => getTableConfig(table))
    .filter((config) => (config.schema ?? 'public') !== schema)
    .map((config) => `${config.name} is declared in the schema ${config.schema ?? 'public'}, not in ${schema}`);
  return [...wrongSchema, ...differences(declared(tables), await migrated(schema, operatorUrl))];
}

function differences(drizzle: Columns, database: Columns): string[] {
  const found: string[] = [];
  for (const [name, column] of drizzle) {
    const other = database.get(name);
    if (other === undefined) found.push(`${name} is declared, but not in the database`);
    else {
      for (const key of ['type', 'isNotNull', 'hasDefault', 'isGenerated', 'isPrimary', 'values'] as const)
        if (column[key] !== other[key])
          found.push(`${name}: ${key} is declared as ${column[key]}, in the database it is ${other[key]}`);
    }
  }
  for (const name of database.keys()) if (!drizzle.has(name)) found.push(`${name} is in the database, but not declared`);
  return found;
}

function declared(tables: PgTable[]): Columns {
  const columns: Columns = new Map();
  for (const table of tables) {
    const { name, columns: own, primaryKeys } = getTableConfig(table);
    const inKey = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
    for (const column of own) {
      columns.set(`${name}.${column.name}`, {
        type: column.getSQLType().replaceAll(' ', ''),
        isNotNull: column.notNull,
        hasDefault: column.hasDefault && column.generated === undefined,
        isGenerated: column.generated !== undefined,
        isPrimary: column.primary || inKey.has(column.name),
        values: column.enumValues?.length ? [...column.enumValues].sort().join(' ') : undefined,
      });
    }
  }
  return columns;
}

async function migrated(schema: string, operatorUrl: string): Promise<Columns> {
  const query = `
    select c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as is_not_null,
      a.atthasdef and a.attgenerated = '' as has_default, a.attgenerated <> '' as is_generated,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey)) as is_primary,
      (select pg_get_constraintdef(k.oid) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
          and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%') as check_values
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`;
  return withSession(operatorUrl, 'tests', async (client) => {
    const { rows } = await client.query<{
      name: string;
      type: string;
      is_not_null: boolean;
      has_default: boolean;
      is_generated: boolean;
      is_primary: boolean;
      check_values: string | null;
    }>(query, [schema]);
    return new Map(
      rows.map((row) => [
        row.name,
        {
          type: row.type.replaceAll(' ', ''),
          isNotNull: row.is_not_null,
          hasDefault: row.has_default,
          isGenerated: row.is_generated,
          isPrimary: row.is_primary,
          values: row.check_values === null ? undefined : valuesOf(row.check_values),
        },
      ]),
    );
  });
}

/** Of `CHECK ((status = ANY (ARRAY['draft'::text, 'closed'::text])))`. */
function valuesOf(definition: string): string {
  return [...definition.matchAll(/'([^']*)'::text/g)]
    .map((match) => match[1]!)
    .sort()
    .join(' ');
}
