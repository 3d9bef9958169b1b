import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { RequestContext } from './context.js';

/**
 * Defines a loader: one SQL statement for all keys that are asked for at one level of an operation.
 * `batch` returns one value a key, in the order of the keys. Call the result with the context: `legalCaseById(context).load(id)`.
 */
export function defineLoader<Key, Value>(
  batch: (keys: readonly Key[], context: RequestContext) => Promise<readonly (Value | Error)[]>,
): (context: RequestContext) => DataLoader<Key, Value> {
  const key = Symbol('loader');
  return (context) =>
    context.loader(key, () => new DataLoader<Key, Value>((keys) => batch(keys, context), { maxBatchSize: 5_000 }));
}

/** Puts rows in the order of the ids that were asked for: null where there is no row (or none that the caller may see). */
export function alignOne<Row>(ids: readonly string[], rows: readonly Row[], idOf: (row: Row) => string): (Row | null)[] {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Groups rows under the parents that were asked for, keeping the order of the rows: an empty list where there is none. */
export function alignMany<Row>(parentIds: readonly string[], rows: readonly Row[], parentIdOf: (row: Row) => string): Row[][] {
  const byParent = new Map<string, Row[]>(parentIds.map((id) => [id, []]));
  for (const row of rows) byParent.get(parentIdOf(row))?.push(row);
  return parentIds.map((id) => byParent.get(id) ?? []);
}

/** The condition that a column is one of these ids. One array parameter, so that the statement's text is the same for any number of them. */
export function isAnyOf(column: PgColumn, ids: readonly string[]): SQL {
  return sql`${column} = any(${sql.param(ids)}::uuid[])`;
}
