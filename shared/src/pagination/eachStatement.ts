import { and, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect, QueryBuilder } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { RequestContext } from '../graphql/context.js';
import { RecentlyUsed } from '../graphql/recentlyUsed.js';
import { rowReader } from '../graphql/rows.js';
import type { ReadRow } from '../graphql/rows.js';
import { TextMap } from '../graphql/textMap.js';
import { rememberValues, wantedAlong } from './along.js';
import { conditionsOf, parentsFrom } from './conditions.js';
import type { PageableTable } from './connection.js';
import { orderTerms, pageColumns, sortColumns } from './pageStatement.js';
import type { Reading } from './pageStatement.js';

/** The SQL of the parent's id inside these statements. */
export const parentId: SQL<string> = sql`parent.id`;

/** The statement of many pages but for its conditions, which are the client's, and how its rows are read. */
interface EachSelect {
  readonly outer: string;
  readonly inner: string;
  readonly innerOrder: string;
  readonly outerOrder: string;
  readonly row: ReadRow;
}

/** Where a row has the id of its parent. No property of a table is called so. */
const parentKey = 'parent_id';

const dialect = new PgDialect();
/** By connection, order and columns. */
const eachSelects = new RecentlyUsed<EachSelect>(500);

/**
 * Reads a page of each of many parents, and the row after it, in one LATERAL statement. It is put together as that of one page is (pageStatement.ts): Drizzle
 * renders the conditions each time, and the rest once. The limit stands in a subselect, as the ids do (rows.ts): with one that
 * PostgreSQL can see, the plan that it could keep looks dearer than a new one.
 * @returns the rows of each parent that was asked for.
 */
export async function readPageOfEach<Table extends PageableTable>(
  context: RequestContext,
  reading: Reading<Table>,
  ids: readonly string[],
): Promise<TextMap<Record<string, unknown>[]>> {
  const { spec, scope, page } = reading;
  const along = wantedAlong(context, spec);
  const columns = { ...sortColumns(reading), ...pageColumns(context, reading, along) };
  const label = `${spec.subgraph}:${spec.name}`;
  const key = [label, scope.order, page.direction, ...Object.keys(columns)].join(' ');
  const select = eachSelects.get(key, () => build(label, reading, columns));
  const { text: where, values } = conditionsOf(and(reading.where, reading.after));
  const [idsAt, limitAt] = [values.length + 1, values.length + 2];
  const text = `${select.outer} from ${parentsFrom(idsAt)} cross join lateral (${select.inner}${where} ${select.innerOrder} limit (select $${limitAt}::int)) as page ${select.outerOrder}`;
  const rows = (await context.read.rows(text, [...values, ids, page.size + 1])).map(select.row);
  rememberValues(context, along, rows);
  const byParent = new TextMap<Record<string, unknown>[]>(ids.map((id) => [id, []]));
  for (const row of rows) byParent.get(row[parentKey] as string)?.push(row);
  return byParent;
}

function build<Table extends PageableTable>(
  label: string,
  reading: Reading<Table>,
  columns: Record<string, PgColumn | SQL.Aliased>,
): EachSelect {
  const table: PgTable = reading.spec.table;
  const inner = new QueryBuilder().select(columns).from(table).toSQL();
  const innerOrder = dialect.sqlToQuery(sql.join(orderTerms(reading), sql`, `));
  if (inner.params.length + innerOrder.params.length > 0) throw new Error(`The order of ${label} has parameters.`);
  const ofPage = Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, sql`page.${sql.identifier(nameOf(column))}`]),
  );
  const outer = dialect.sqlToQuery(sql.join([sql`parent.id`, ...Object.values(ofPage)], sql`, `));
  // The join keeps no order of its own.
  const outerOrder = dialect.sqlToQuery(sql.join(orderTerms(reading, ofPage), sql`, `));
  return {
    outer: `/* ${label} */ select ${outer.sql}`,
    inner: inner.sql,
    innerOrder: `order by ${innerOrder.sql}`,
    outerOrder: `order by ${outerOrder.sql}`,
    row: rowReader({ [parentKey]: sql`parent.id`.as('parent_id'), ...columns }),
  };
}

const nameOf = (column: PgColumn | SQL.Aliased): string => ('fieldAlias' in column ? column.fieldAlias : column.name);
