import { and, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { RequestContext } from '../graphql/context.js';
import { loading } from '../graphql/execution/resolveEach.js';
import type { Resolver } from '../graphql/execution/resolveEach.js';
import { Loader } from '../graphql/loader.js';
import type { LoaderWith } from '../graphql/loader.js';
import type { AlongValue } from './along.js';
import type { Counted } from './connectionFields.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { CursorScope } from './cursor.js';
import { countAll, countOfEach } from './countStatement.js';
import { readPageOfEach } from './eachStatement.js';
import { parsePageArguments } from './pageArguments.js';
import type { PageArguments } from './pageArguments.js';
import { isAscending, readPage } from './pageStatement.js';
import type { Reading } from './pageStatement.js';

export { parentId } from './eachStatement.js';

/** An order that pages can be cut in: columns that are never null, all in one direction; the id follows by itself and decides ties. */
export interface Ordering {
  columns: (PgColumn | SQL)[];
  direction: 'asc' | 'desc';
}

/** What is paged through. One per connection field. */
export interface ConnectionSpec<Table extends PageableTable> {
  /** The field as clients know it, for cursors and error messages. */
  name: string;
  /** The subgraph, for the label of the statements. */
  subgraph: string;
  table: Table;
  /** By the internal value of the order enum. */
  orders: Record<string, Ordering>;
  defaultOrder: string;
  /** What each row of a page brings along. */
  along?: readonly AlongValue[];
}

export type PageableTable = PgTable & { id: PgColumn };

export interface ConnectionArguments extends PageArguments {
  orderBy?: string | null | undefined;
  filter?: unknown;
}

/** The Relay connection as resolvers hand it out: functions run only where the client selected the field, and so does the count. */
export interface Connection<Row> extends Counted {
  edges: { node: Row; cursor: () => string }[];
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: () => string | null; endCursor: () => string | null };
}

type RowOf<Table extends PageableTable> = Table['$inferSelect'];

/**
 * One page of a table, in one statement; a second one counts, only when `totalCount` is selected. Where nothing else is, it is the only one.
 * `where` holds the conditions of the client's filter. Throws BAD_CURSOR, PAGE_TOO_LARGE and BAD_USER_INPUT for the arguments.
 */
export async function connect<Table extends PageableTable>(
  context: RequestContext,
  spec: ConnectionSpec<Table>,
  args: ConnectionArguments,
  where: SQL[] = [],
): Promise<Connection<RowOf<Table>>> {
  const reading = prepare(context, spec, args, where);
  const rows = wantsRows(context.selected) ? await readPage(context, reading) : [];
  const totals = new Loader<number>(async () => [await countAll(context, reading)]);
  return toConnection(reading, rows, { totals, key: '' });
}

/**
 * The resolver of a connection of each of many parents: one LATERAL statement for all of them, whatever their number, and one that counts.
 * Pages are read where that place of the operation selects them. `where` holds the conditions of the client's filter and names the parent with
 * `parentId`. Throws as `connect` does.
 */
export function connecting<Table extends PageableTable, Args extends ConnectionArguments>(
  spec: ConnectionSpec<Table>,
  where: (args: Args) => SQL[],
): Resolver<{ id: string }, Args, Connection<RowOf<Table>>> {
  const ofEach: LoaderWith<Connection<RowOf<Table>>, Args> = (context, args, selected) => {
    const withRows = wantsRows(selected?.() ?? context.selected);
    // By what is asked, because it may be asked of parents in several places of an operation.
    const key = JSON.stringify([spec.subgraph, spec.name, args]);
    return context.loader(`${withRows ? 'pages' : 'counts'} ${key}`, () => {
      const reading = prepare(context, spec, args, where(args));
      const totals = context.loader<number>(`totals ${key}`, () => new Loader((ids) => countOfEach(context, reading, ids)));
      return new Loader(async (ids) => {
        const rows = withRows ? await readPageOfEach(context, reading, ids) : undefined;
        return ids.map((id) => toConnection(reading, rows?.get(id) ?? [], { totals, key: id }));
      });
    });
  };
  return loading(ofEach, ({ id }) => id);
}

/** Whether anything of a page is selected but its count: an operation that only counts reads no rows. */
function wantsRows(selected: ReadonlySet<string> | undefined): boolean {
  return selected === undefined || ['nodes', 'edges', 'pageInfo'].some((field) => selected.has(field));
}

function prepare<Table extends PageableTable>(
  context: RequestContext,
  spec: ConnectionSpec<Table>,
  args: ConnectionArguments,
  where: SQL[],
): Reading<Table> {
  const order = args.orderBy ?? spec.defaultOrder;
  const ordering = spec.orders[order];
  if (ordering === undefined) throw new Error(`The connection ${spec.name} has no order "${order}".`);
  const scope: CursorScope = { connection: spec.name, order, filter: args.filter };
  const page = parsePageArguments(args);
  const reading: Reading<Table> = {
    spec,
    ordering,
    scope,
    page,
    where: and(...where),
    after: undefined,
    cursorKey: context.cursorKey,
  };
  if (page.cursor !== undefined) {
    const position = decodeCursor(context.cursorKey, scope, page.cursor, page.cursorField);
    const columns = sql.join([...ordering.columns, spec.table.id], sql`, `);
    const values = sql.join(
      [...position.values, position.id].map((value) => sql`${value}`),
      sql`, `,
    );
    reading.after = isAscending(reading) ? sql`(${columns}) > (${values})` : sql`(${columns}) < (${values})`;
  }
  return reading;
}

function toConnection<Table extends PageableTable>(
  { page, scope, cursorKey, ordering }: Reading<Table>,
  read: readonly Record<string, unknown>[],
  counted: Counted,
): Connection<RowOf<Table>> {
  const hasMore = read.length > page.size;
  const rows = read.slice(0, page.size);
  if (page.direction === 'backward') rows.reverse();
  const cursorOf = (row: Record<string, unknown> | undefined) => {
    if (row === undefined) return null;
    const values = ordering.columns.map((_column, index) => row[`key${index}`] as string);
    return encodeCursor(cursorKey, scope, { values, id: row['id'] as string });
  };
  return {
    edges: rows.map((row) => ({ node: row, cursor: () => cursorOf(row)! })),
    nodes: rows,
    pageInfo: {
      hasNextPage: page.direction === 'forward' ? hasMore : page.cursor !== undefined,
      hasPreviousPage: page.direction === 'forward' ? page.cursor !== undefined : hasMore,
      startCursor: () => cursorOf(rows[0]),
      endCursor: () => cursorOf(rows.at(-1)),
    },
    ...counted,
  };
}
