import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { RequestContext } from './context.js';
import { Loader } from './loader.js';
import type { LoaderOf } from './loader.js';
import { neededColumns, rowsBy } from './rows.js';
import type { AlongRow, LoaderById, RowsBy } from './rows.js';
import { TextMap } from './textMap.js';

/**
 * Defines a loader: one SQL statement for all keys that are asked for at one level of an operation.
 * `batch` returns one value a key, in the order of the keys. Call the result with the context: `legalCaseById(context).load(id)`.
 */
export function defineLoader<Value>(
  batch: (keys: readonly string[], context: RequestContext) => Promise<readonly (Value | Error)[]>,
): (context: RequestContext) => Loader<Value> {
  const key = Symbol('loader');
  return (context) => context.loader(key, () => new Loader<Value>((keys) => batch(keys, context)));
}

/**
 * Defines the loader of the row with an id: null where there is none, or none that the caller may see. `label` is `<subgraph>:<loader>`.
 * `along` are rows that it refers to.
 */
export function loaderById<Table extends PgTable & { id: PgColumn }>(
  label: string,
  table: Table,
  along: AlongRow[] = [],
): LoaderById<Table> {
  const read = rowsBy({ label, table, by: table.id, along });
  const loader = defineLoader<Table['$inferSelect'] | null>(async (ids, context) => {
    const found = alignOne(ids, await read(context, ids), ({ by }) => by);
    return found.map((one) => one?.row ?? null);
  });
  return Object.assign(loader, {
    heldAs: Symbol(label),
    table,
    columns: (context: RequestContext) => neededColumns(context, table),
  });
}

/**
 * Defines the loader of the row with a value that no two rows share, as a number that people know it by: null as by its id. `label` is
 * `<subgraph>:<loader>`. `byId` remembers what was found, for ids that it was not asked for before.
 */
export function loaderByUnique<Table extends PgTable & { id: PgColumn }>(
  label: string,
  byId: LoaderById<Table>,
  by: PgColumn,
): LoaderOf<Table['$inferSelect'] | null> {
  const read = rowsBy({ label, table: byId.table, by });
  return defineLoader<Table['$inferSelect'] | null>(async (values, context) => {
    const found = await read(context, values);
    rememberRows(
      context,
      byId,
      found.map(({ row }) => row),
    );
    return alignOne(values, found, (one) => one.by).map((one) => one?.row ?? null);
  });
}

/** Has the loader by id remember rows that were read by another way, with the columns that it reads itself. */
export function rememberRows<Table extends PgTable & { id: PgColumn }>(
  context: RequestContext,
  byId: LoaderById<Table>,
  rows: readonly Table['$inferSelect'][],
): void {
  byId(context).remember(() => new TextMap(rows.map((row) => [row['id'] as string, row])));
}

/** Defines the loader of the rows that belong to a parent, in the order of `orderBy`. `by` is the column that holds the parent's id. */
export function loaderByParent<Table extends PgTable>(
  spec: RowsBy<Table>,
): (context: RequestContext) => Loader<Table['$inferSelect'][]> {
  const read = rowsBy(spec);
  return defineLoader(async (ids, context) =>
    alignMany(ids, await read(context, ids), ({ by }) => by).map((found) => found.map(({ row }) => row)),
  );
}

/** Puts rows in the order of the ids that were asked for: null where there is no row (or none that the caller may see). */
export function alignOne<Row>(ids: readonly string[], rows: readonly Row[], idOf: (row: Row) => string): (Row | null)[] {
  const byId = new TextMap(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Groups rows under the parents that were asked for, keeping the order of the rows: an empty list where there is none. */
export function alignMany<Row>(parentIds: readonly string[], rows: readonly Row[], parentIdOf: (row: Row) => string): Row[][] {
  const byParent = new TextMap<Row[]>(parentIds.map((id) => [id, []]));
  for (const row of rows) byParent.get(parentIdOf(row))?.push(row);
  return parentIds.map((id) => byParent.get(id) ?? []);
}
