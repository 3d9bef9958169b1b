import { sql } from 'drizzle-orm';
import type { Placeholder, SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/**
 * The condition that a column is one of some values, ids mostly. It is one array parameter, so the statement is the same for any number of values. It stands in
 * a subselect, so that PostgreSQL does not look into it: with a list that it sees, the plan that it could keep looks dearer than a new
 * one, and it plans anew each time.
 */
export function isAnyOf(column: PgColumn, values: Placeholder): SQL {
  const list = sql.raw(`${column.getSQLType()}[]`);
  return sql`${column} = any((select ${values}::${list})::${list})`;
}
