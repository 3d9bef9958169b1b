import { and, asc, desc, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect, QueryBuilder } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { RequestContext } from '../graphql/context.js';
import { RecentlyUsed } from '../graphql/recentlyUsed.js';
import { neededColumns, rowReader } from '../graphql/rows.js';
import type { ReadRow } from '../graphql/rows.js';
import { alongColumns, rememberValues, wantedAlong } from './along.js';
import type { AlongValue } from './along.js';
import { conditionsOf } from './conditions.js';
import type { ConnectionSpec, Ordering, PageableTable } from './connection.js';
import type { CursorScope } from './cursor.js';
import type { PageRequest } from './pageArguments.js';

/** A page that is to be read. */
export interface Reading<Table extends PageableTable> {
  spec: ConnectionSpec<Table>;
  ordering: Ordering;
  scope: CursorScope;
  page: PageRequest;
  /** The client's filter, without what the cursor cuts off. */
  where: SQL | undefined;
  after: SQL | undefined;
  cursorKey: string;
}

/** The statement of a page but for its conditions, which are the client's, and how its rows are read. */
interface PageSelect {
  readonly from: string;
  readonly orderBy: string;
  readonly row: ReadRow;
}

const dialect = new PgDialect();
/** By connection, order and columns. */
const pageSelects = new RecentlyUsed<PageSelect>(500);

/**
 * Reads a page and the row after it. Drizzle renders the conditions; the rest of the statement it builds once for each connection, order and
 * choice of columns, because building it was a sixth of what a page of cases costs the process.
 */
export async function readPage<Table extends PageableTable>(
  context: RequestContext,
  reading: Reading<Table>,
): Promise<Record<string, unknown>[]> {
  const { spec, scope, page } = reading;
  const along = wantedAlong(context, spec);
  const columns = pageColumns(context, reading, along);
  const label = `${spec.subgraph}:${spec.name}`;
  const key = [label, scope.order, page.direction, ...Object.keys(columns)].join(' ');
  const { from, orderBy, row } = pageSelects.get(key, () => {
    const table: PgTable = spec.table;
    const select = new QueryBuilder().select(columns).from(table).toSQL();
    const order = dialect.sqlToQuery(sql.join(orderTerms(reading), sql`, `));
    if (select.params.length + order.params.length > 0) throw new Error(`The order of ${label} has parameters.`);
    return { from: `/* ${label} */ ${select.sql}`, orderBy: `order by ${order.sql}`, row: rowReader(columns) };
  });
  const { text: where, values } = conditionsOf(and(reading.where, reading.after));
  const text = `${from}${where} ${orderBy} limit $${values.length + 1}`;
  const rows = (await context.read.rows(text, [...values, page.size + 1])).map(row);
  rememberValues(context, along, rows);
  return rows;
}

/** What a page reads of each row. */
export function pageColumns<Table extends PageableTable>(
  context: RequestContext,
  reading: Reading<Table>,
  along: readonly AlongValue[],
): Record<string, PgColumn | SQL.Aliased> {
  return { ...cursorColumns(context, reading), ...neededColumns(context, reading.spec.table), ...alongColumns(along) };
}

/** Backward pages are read in the opposite order and turned round afterwards. */
export function isAscending<Table extends PageableTable>({ ordering, page }: Reading<Table>): boolean {
  return (ordering.direction === 'asc') === (page.direction === 'forward');
}

export function orderTerms<Table extends PageableTable>(reading: Reading<Table>, columns?: Record<string, SQL>): SQL[] {
  const direction = isAscending(reading) ? asc : desc;
  // Outside the LATERAL subquery the ordering expressions are known by their aliases only.
  const terms = columns ? reading.ordering.columns.map((_column, index) => columns[`sort${index}`]!) : reading.ordering.columns;
  return [...terms, columns ? columns['id']! : reading.spec.table.id].map((term) => direction(term));
}

/** Each ordering column as it sorts, for a statement around this one. */
export function sortColumns<Table extends PageableTable>({ ordering }: Reading<Table>): Record<string, SQL.Aliased> {
  return Object.fromEntries(ordering.columns.map((column, index) => [`sort${index}`, sql`${column}`.as(`sort${index}`)]));
}

const cursorFields = ['cursor', 'startCursor', 'endCursor'];

/** Each ordering column as the text that goes into a cursor, where one is selected: a JavaScript value would lose microseconds. */
function cursorColumns<Table extends PageableTable>(
  { selected }: RequestContext,
  { ordering }: Reading<Table>,
): Record<string, SQL.Aliased> {
  if (selected && !cursorFields.some((field) => selected.has(field))) return {};
  return Object.fromEntries(
    ordering.columns.map((column, index) => [`key${index}`, sql<string>`(${column})::text`.as(`key${index}`)]),
  );
}
