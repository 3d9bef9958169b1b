import type { ClientBase } from 'pg';
import { quoteName } from './sql.js';

export interface TargetColumn {
  name: string;
  /** As format_type writes it: `text`, `numeric(18,2)`, `timestamp with time zone`. */
  type: string;
  isRequired: boolean;
  /** The default as SQL, or null. */
  defaultSql: string | null;
  isGenerated: boolean;
  /** The values a CHECK allows, for a column with a closed list. */
  allowed: string[] | undefined;
  /** Whether a b-tree index holds the column: it then takes at most some 2,700 bytes. */
  isIndexed: boolean;
}

export interface CheckConstraint {
  name: string;
  columns: string[];
  /** The condition as SQL over the bare column names. */
  condition: string;
}

export interface ForeignKey {
  name: string;
  columns: string[];
  table: string;
  tableColumns: string[];
}

export interface UniqueIndex {
  name: string;
  /** Each key as SQL over the bare column names. */
  expressions: string[];
  columns: string[];
  condition: string | null;
}

/** What PostgreSQL's own catalogue says about a table: the import checks against this, so that no rule is written twice. */
export interface TargetTable {
  name: string;
  columns: Map<string, TargetColumn>;
  checks: CheckConstraint[];
  foreignKeys: ForeignKey[];
  uniques: UniqueIndex[];
  primaryKey: string[];
}

const columnsQuery = `
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as is_required,
  pg_get_expr(d.adbin, d.adrelid) as default_sql, a.attgenerated <> '' as is_generated,
  exists (select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
          where i.indrelid = a.attrelid and m.amname = 'btree' and a.attnum = any (i.indkey)) as is_indexed
from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
order by a.attnum`;

const constraintsQuery = `
select c.conname as name, c.contype as kind, pg_get_constraintdef(c.oid) as definition,
  array(select a.attname::text from unnest(c.conkey) with ordinality k(n, o) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.o) as columns,
  (select n.nspname || '.' || f.relname from pg_class f join pg_namespace n on n.oid = f.relnamespace where f.oid = c.confrelid) as table,
  array(select a.attname::text from unnest(c.confkey) with ordinality k(n, o) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.o) as table_columns,
  pg_get_expr(c.conbin, c.conrelid) as condition
from pg_constraint c where c.conrelid = $1::regclass and c.contype in ('c', 'f')
order by c.conname`;

const uniquesQuery = `
select i.indexrelid::regclass::text as name,
  array(select pg_get_indexdef(i.indexrelid, n, true) from generate_series(1, i.indnkeyatts) n) as expressions,
  array(select a.attname::text from pg_attribute a join pg_depend d
    on d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.objid = i.indexrelid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
    where a.attrelid = i.indrelid
    union
    select a.attname::text from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey)) as columns,
  pg_get_expr(i.indpred, i.indrelid) as condition
from pg_index i where i.indrelid = $1::regclass and i.indisunique and not i.indisprimary
order by 1`;

const primaryKeyQuery = `
select a.attname as name from pg_index i cross join unnest(i.indkey) with ordinality k (n, o)
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n
where i.indrelid = $1::regclass and i.indisprimary order by k.o`;

interface ColumnRow {
  name: string;
  type: string;
  is_required: boolean;
  default_sql: string | null;
  is_generated: boolean;
  is_indexed: boolean;
}

interface ConstraintRow {
  name: string;
  kind: 'c' | 'f';
  definition: string;
  columns: string[];
  table: string;
  table_columns: string[];
  condition: string;
}

/** Reads a table from the catalogue, or returns undefined when there is none of that name. */
export async function readTargetTable(client: ClientBase, name: string): Promise<TargetTable | undefined> {
  const found = await client.query<{ found: string | null }>('select to_regclass($1)::text as found', [quoteName(name)]);
  if (!found.rows[0]?.found) return undefined;
  const columns = await client.query<ColumnRow>(columnsQuery, [quoteName(name)]);
  const constraints = await client.query<ConstraintRow>(constraintsQuery, [quoteName(name)]);
  const uniques = await client.query<UniqueIndex>(uniquesQuery, [quoteName(name)]);
  const primaryKey = await client.query<{ name: string }>(primaryKeyQuery, [quoteName(name)]);
  const allowed = new Map<string, string[]>();
  for (const row of constraints.rows) {
    const list = row.kind === 'c' ? allowedValues(row.definition) : undefined;
    if (list) allowed.set(row.columns[0] ?? '', list);
  }
  return {
    name,
    columns: new Map(
      columns.rows.map((row): [string, TargetColumn] => [
        row.name,
        {
          name: row.name,
          type: row.type,
          isRequired: row.is_required,
          defaultSql: row.is_generated ? null : row.default_sql,
          isGenerated: row.is_generated,
          allowed: allowed.get(row.name),
          isIndexed: row.is_indexed,
        },
      ]),
    ),
    checks: constraints.rows
      .filter((row) => row.kind === 'c' && !allowedValues(row.definition))
      .map((row) => ({ name: row.name, columns: row.columns, condition: row.condition })),
    foreignKeys: constraints.rows
      .filter((row) => row.kind === 'f')
      .map((row) => ({ name: row.name, columns: row.columns, table: row.table, tableColumns: row.table_columns })),
    uniques: uniques.rows,
    primaryKey: primaryKey.rows.map((row) => row.name),
  };
}

/** The list of `CHECK (status = ANY (ARRAY['a'::text, …]))`, as PostgreSQL writes `status in ('a', …)` back. */
function allowedValues(definition: string): string[] | undefined {
  const list = /^CHECK \(\(\(?\w+\)?(?:::text)? = ANY \((?:\()?ARRAY\[(.*?)\](?:\)?::text\[\])?\)\)\)$/.exec(definition)?.[1];
  if (list === undefined) return undefined;
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
}
