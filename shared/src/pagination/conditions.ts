import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

/** What a statement for many parents reads from: their ids, the parameter with this number. In a subselect for the reason that `isAnyOf` has. */
export const parentsFrom = (parameter: number): string => `unnest((select $${parameter}::uuid[])) as parent(id)`;

const dialect = new PgDialect();

/** The WHERE clause of a statement, and the values of its parameters, which are its first. */
export function conditionsOf(where: SQL | undefined): { text: string; values: unknown[] } {
  if (where === undefined) return { text: '', values: [] };
  const { sql: text, params } = dialect.sqlToQuery(where);
  return { text: ` where ${text}`, values: params };
}
