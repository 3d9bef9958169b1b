import { getTableColumns, getTableName, sql } from 'drizzle-orm';
import type { Relation, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { isAnyOf } from '../postgres/conditions.js';
import type { PreparedQuery, Tables } from '../postgres/connection.js';
import type { RequestContext } from './context.js';
import { relationOf } from './needs.js';
import type { ColumnName, RelationNeeds, RelationsOf, SelectedRow } from './needs.js';
import { relationSelectionOf, selectionOf } from './selection.js';
import type { Paths, RowSelection } from './selection.js';

/** A row that was read. It holds what was selected. */
export type ReadRow = SelectedRow & Record<string, unknown>;

/** Reads the row with a value; null where there is none, or none that the caller may see. `at` says where the row stands below the field. */
export type RowLoader = (
  context: RequestContext,
  info: GraphQLResolveInfo,
  value: string,
  at?: { paths?: Paths; typeName?: string | undefined },
) => Promise<ReadRow | null>;

/** Defines the loader of the row with a value in a column where no two rows have the same: its id, its number. `name` labels the statement. */
export function rowBy<Table extends PgTable>(name: string, table: Table, column: ColumnName<Table>): RowLoader {
  return (context, info, value, { paths, typeName } = {}) => {
    const selection = withColumn(selectionOf(info, table, paths, typeName), column);
    const loader = context.loader(`${name} ${selection.key}`, async (values) => {
      const rows = await readRows(context, name, { table, by: column, selection }, values);
      const found = new Map(rows.map((row) => [row[column] as string, row]));
      return values.map((one) => found.get(one) ?? null);
    });
    return loader.load(value);
  };
}

/** Reads the rows that belong to a parent. */
export type RowsLoader = (context: RequestContext, info: GraphQLResolveInfo, parentId: string) => Promise<ReadRow[]>;

/** Defines the loader of the rows whose column holds the id of a parent, in this order. `name` labels the statement. */
export function rowsBy<Table extends PgTable>(
  name: string,
  table: Table,
  column: ColumnName<Table>,
  orderBy: (PgColumn | SQL)[],
): RowsLoader {
  return (context, info, parentId) => {
    const selection = withColumn(selectionOf(info, table), column);
    const loader = context.loader(`${name} ${selection.key}`, async (parentIds) => {
      const rows = await readRows(context, name, { table, by: column, selection, orderBy }, parentIds);
      return grouped(rows, column, parentIds);
    });
    return loader.load(parentId);
  };
}

/**
 * Defines the loader of the rows that a table of links joins with a parent, in the order of these columns of theirs.
 * @param links the relations of the table of links, and the name of the one that leads to the rows.
 * @param column the column of the table of links that holds the id of the parent.
 */
export function rowsByLink<Config extends Record<string, Relation>>(
  name: string,
  [links, relationName]: [RelationsOf<Config>, keyof Config & string],
  column: string,
  orderBy: readonly string[],
): RowsLoader {
  const relation: RelationNeeds = { ...relationOf(links, relationName), columns: [], isSelected: true };
  return (context, info, parentId) => {
    const rows = orderBy.reduce(withColumn, selectionOf(info, relation.to));
    const selection: RowSelection = { key: `${column} ${rows.key}`, columns: ['id', column], relations: [{ relation, rows }] };
    const loader = context.loader(`${name} ${selection.key}`, async (parentIds) => {
      const found = await readRows(context, name, { table: relation.from, by: column, selection }, parentIds);
      return grouped(found, column, parentIds).map((ofParent) =>
        ofParent.flatMap((link) => (link[relation.name] as ReadRow | null) ?? []).sort((a, b) => compare(a, b, orderBy)),
      );
    });
    return loader.load(parentId);
  };
}

/** Reads the rows of a relation for a row that came without them. */
export function loadRelation(
  context: RequestContext,
  info: GraphQLResolveInfo,
  relation: RelationNeeds,
  rowId: string,
): Promise<unknown> {
  const name = `${info.parentType.name}.${info.fieldName}`;
  const selection = relationSelectionOf(info, relation);
  const loader = context.loader(`${name} ${selection.key}`, async (ids) => {
    const rows = await readRows(context, name, { table: relation.from, by: 'id', selection }, ids);
    const found = new Map(rows.map((row) => [row.id, row[relation.name]]));
    return ids.map((id) => found.get(id) ?? null);
  });
  return loader.load(rowId);
}

export interface RowsQuery {
  readonly table: PgTable;
  /** The property name of a column. */
  readonly by: string;
  readonly selection: RowSelection;
  readonly orderBy?: (PgColumn | SQL)[];
}

/** Reads the rows that have one of these values in a column, in one prepared relational query. */
export function readRows(context: RequestContext, name: string, query: RowsQuery, values: readonly string[]): Promise<ReadRow[]> {
  const { table, by, selection, orderBy } = query;
  const label = `${context.subgraph}:${name}`;
  return context.read.execute<ReadRow[]>(
    `${label} ${by} ${selection.key}`,
    context.tables,
    (db) => {
      const column: PgColumn = getTableColumns(table)[by]!;
      const where = isAnyOf(column, sql.placeholder('values'));
      const query = (db.query as Record<string, FindMany>)[keyOf(context.tables, table)]!;
      return query.findMany({ ...configOf(table, selection), where, orderBy }).prepare(label);
    },
    { values },
  );
}

/** Drizzle types its queries by the schema, which the kernel does not know. */
interface FindMany {
  findMany(config: object): { prepare(name: string): PreparedQuery<ReadRow[]> };
}

/**
 * The columns that a statement of another kind than a relational query reads of each row. Rows that have others hanging on them are read by their ids
 * alone, and completed by `withRelations`.
 */
export function flatColumns(table: PgTable, { columns, relations }: RowSelection): Record<string, PgColumn> {
  const all: Record<string, PgColumn> = getTableColumns(table);
  return Object.fromEntries((relations.length > 0 ? ['id'] : columns).map((name) => [name, all[name]!]));
}

/** Completes rows that were read with `flatColumns`, in their order: as they are, or by a second statement with all that hangs on them. */
export async function withRelations(
  context: RequestContext,
  name: string,
  table: PgTable,
  selection: RowSelection,
  found: readonly ReadRow[],
): Promise<ReadRow[]> {
  if (selection.relations.length === 0 || found.length === 0) return [...found];
  const ids = [...new Set(found.map(({ id }) => id))];
  const rows = await readRows(context, `${name}.rows`, { table, by: 'id', selection }, ids);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.map(({ id }) => byId.get(id)!);
}

/** What Drizzle takes for a selection (https://orm.drizzle.team/docs/rqb). */
interface RelationalConfig {
  columns: Record<string, true>;
  extras: Record<string, SQL.Aliased>;
  with: Record<
    string,
    RelationalConfig & { where?: SQL | undefined; orderBy?: (PgColumn | SQL)[] | undefined; limit?: number | undefined }
  >;
}

/** @param isNested whether the rows come as JSON, inside of those that they hang on. */
function configOf(table: PgTable, { columns, relations }: RowSelection, isNested = false): RelationalConfig {
  const all: Record<string, PgColumn> = getTableColumns(table);
  const exact = columns.filter((name) => isNested && isExact(all[name]!));
  return {
    columns: Object.fromEntries(columns.filter((name) => !exact.includes(name)).map((name) => [name, true])),
    extras: Object.fromEntries(exact.map((name) => [name, sql`${all[name]!}::text`.as(all[name]!.name)])),
    with: Object.fromEntries(
      relations.map(({ relation, rows }) => [relation.name, { ...configOf(relation.to, rows, true), ...relation.rows }]),
    ),
  };
}

/** In JSON a number beyond 2^53, or with many decimals, would lose digits: it is read as text. */
function isExact(column: PgColumn): boolean {
  return /^(numeric|bigint)/.test(column.getSQLType());
}

function keyOf(tables: Tables, table: PgTable): string {
  const found = Object.keys(tables).find((key) => tables[key] === table);
  if (found === undefined) throw new Error(`tables.ts does not export the table ${getTableName(table)}.`);
  return found;
}

function withColumn(selection: RowSelection, column: string): RowSelection {
  if (selection.columns.includes(column)) return selection;
  return { ...selection, key: `${column} ${selection.key}`, columns: [...selection.columns, column] };
}

function grouped(rows: readonly ReadRow[], column: string, parentIds: readonly string[]): ReadRow[][] {
  const byParent = new Map<string, ReadRow[]>(parentIds.map((id) => [id, []]));
  for (const row of rows) byParent.get(row[column] as string)?.push(row);
  return parentIds.map((id) => byParent.get(id)!);
}

/** As text: ids, and times as PostgreSQL writes them into JSON, sort so. */
function compare(a: ReadRow, b: ReadRow, columns: readonly string[]): number {
  for (const column of columns) {
    const [left, right] = [String(a[column]), String(b[column])];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
