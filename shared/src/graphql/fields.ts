import type { Relation } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from './context.js';
import { relationOf, withNeeds } from './needs.js';
import type { ColumnName, RelationNeeds, RelationRows, RelationsOf, RowOf, SelectedRow } from './needs.js';
import { loadRelation } from './rows.js';

export type FieldResolver<Args, Result> = (
  row: SelectedRow,
  args: Args,
  context: RequestContext,
  info: GraphQLResolveInfo,
) => Result;

/** A field that is computed from columns of its row. `resolve` gets these columns and no others. */
export function computed<Table extends PgTable, Name extends ColumnName<Table>, Args, Result>(
  _table: Table,
  columns: readonly Name[],
  resolve: (row: Pick<RowOf<Table>, Name>, args: Args, context: RequestContext, info: GraphQLResolveInfo) => Result,
): FieldResolver<Args, Result> {
  return withNeeds({ columns }, (row, args: Args, context, info) =>
    resolve(row as unknown as Pick<RowOf<Table>, Name>, args, context, info),
  );
}

/** A field that refers to an entity of another subgraph, whose id is in a column. */
export function reference<Table extends PgTable>(
  table: Table,
  column: ColumnName<Table>,
): FieldResolver<unknown, SelectedRow | null> {
  return computed(table, [column], (row) => {
    const id = row[column] as string | null;
    return id === null ? null : { id };
  });
}

/**
 * A field whose value is the rows of a relation, all of them or the first one: a list for `many`, a row or null for `one`.
 * The rows come in the statement of the row that they hang on.
 */
export function related<Config extends Record<string, Relation>>(
  relations: RelationsOf<Config>,
  name: keyof Config & string,
  rows: RelationRows = {},
): FieldResolver<unknown, never> {
  const relation = { ...relationOf(relations, name, rows), columns: [], isSelected: true };
  return relationField(relation, (value) => value) as FieldResolver<unknown, never>;
}

/** The same for the first of many rows, or null. */
export function firstRelated<Config extends Record<string, Relation>>(
  relations: RelationsOf<Config>,
  name: keyof Config & string,
  rows: RelationRows,
): FieldResolver<unknown, never> {
  const relation = { ...relationOf(relations, name, { ...rows, limit: 1 }), columns: [], isSelected: true };
  return relationField(relation, (value) => (value as SelectedRow[])[0] ?? null) as FieldResolver<unknown, never>;
}

/**
 * A field that is computed from the rows of a relation. `resolve` gets the named columns of these rows. With `isSelected` it returns some of
 * the rows, which then hold what the client selects as well.
 */
export function computedFrom<
  Config extends Record<string, Relation>,
  To extends PgTable,
  Name extends ColumnName<To>,
  Args,
  Result,
>(
  relations: RelationsOf<Config>,
  name: keyof Config & string,
  { columns, isSelected = false, ...rows }: RelationRows & { to: To; columns: readonly Name[]; isSelected?: boolean },
  resolve: (rows: (Pick<RowOf<To>, Name> & SelectedRow)[], args: Args) => Result,
): FieldResolver<Args, Result> {
  const relation = { ...relationOf(relations, name, rows), columns, isSelected };
  return relationField(relation, resolve as (value: unknown, args: Args) => Result) as FieldResolver<Args, Result>;
}

function relationField<Args, Result>(
  relation: RelationNeeds,
  resolve: (value: unknown, args: Args) => Result,
): FieldResolver<Args, Result | Promise<Result>> {
  return withNeeds({ columns: [], relation }, (row, args: Args, context, info) => {
    const value = (row as unknown as Record<string, unknown>)[relation.name];
    if (value !== undefined) return resolve(value, args);
    return loadRelation(context, info, relation, row.id).then((loaded) => resolve(loaded, args));
  });
}
