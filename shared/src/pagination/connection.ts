import type { SQL } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../graphql/context.js';
import type { FieldResolver } from '../graphql/fields.js';
import type { SelectedRow } from '../graphql/needs.js';
import { selectedNames, selectionOf } from '../graphql/selection.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { CursorScope } from './cursor.js';
import { conditionsOf } from './filters.js';
import type { Filters } from './filters.js';
import { countAll, countOfEach, readPage, readPageOfEach } from './page.js';
import type { Ordering, PageableTable, PageRow, Reading } from './page.js';
import { parsePageArguments } from './pageArguments.js';
import type { PageArguments } from './pageArguments.js';

/** What is paged through. One per connection field. */
export interface ConnectionSpec<Filter extends object> {
  /** The field as clients know it, for cursors, error messages and labels: `legalCases`, `OrgUnit.legalCases`. */
  name: string;
  table: PageableTable;
  /** By the internal value of the order enum. */
  orders: Record<string, Ordering>;
  defaultOrder: string;
  filters: Filters<Filter>;
}

export interface ConnectionArguments extends PageArguments {
  orderBy?: string | null | undefined;
  filter?: object | null | undefined;
}

/** The Relay connection as resolvers hand it out. graphql-js calls a function where the client selected the field. */
export interface Connection {
  edges: { node: SelectedRow; cursor: () => string }[];
  nodes: SelectedRow[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: () => string | null; endCursor: () => string | null };
  /** How many there are on all pages: a statement of its own. */
  totalCount: () => Promise<number>;
}

/**
 * The resolver of a connection at the root. `further` gives values for filters of the spec that are not the client's.
 * The resolver throws BAD_CURSOR, PAGE_TOO_LARGE and BAD_USER_INPUT for the arguments.
 */
export function rootConnection<Filter extends object, Args extends ConnectionArguments>(
  spec: ConnectionSpec<Filter>,
  further?: (context: RequestContext) => Partial<Filter>,
): (root: unknown, args: Args, context: RequestContext, info: GraphQLResolveInfo) => Promise<Connection> {
  return async (_root, args, context, info) => {
    const reading = readingOf(context, info, spec, args, further?.(context));
    const rows = hasPage(info) ? await readPage(context, reading) : [];
    return toConnection(context, reading, args, rows, () => countAll(context, reading));
  };
}

/**
 * The resolver of a connection of each of many parents: one statement for all of them, whatever their number, and one that counts.
 * `isOfParent` is the condition that a row belongs to the parent with this id. Throws as that of `rootConnection` does.
 */
export function connectionOf<Filter extends object, Args extends ConnectionArguments>(
  spec: ConnectionSpec<Filter>,
  isOfParent: (parent: SQL) => SQL,
): FieldResolver<Args, Promise<Connection>> {
  return async ({ id }, args, context, info) => {
    const reading = { ...readingOf(context, info, spec, args), isOfParent };
    // What is asked of parents in several places of an operation is read and counted together.
    const asked = JSON.stringify([spec.name, args]);
    const pages = context.loader(`pages ${asked} ${reading.selection.key}`, (ids) => readPageOfEach(context, reading, ids));
    const totals = context.loader(`totals ${asked}`, (ids) => countOfEach(context, reading, ids));
    const rows = hasPage(info) ? await pages.load(id) : [];
    return toConnection(context, reading, args, rows, () => totals.load(id));
  };
}

/** Whether anything of a page is selected but its count: an operation that only counts reads no rows. */
function hasPage(info: GraphQLResolveInfo): boolean {
  const selected = selectedNames(info);
  return ['nodes', 'edges', 'pageInfo'].some((field) => selected.has(field));
}

function readingOf<Filter extends object>(
  context: RequestContext,
  info: GraphQLResolveInfo,
  spec: ConnectionSpec<Filter>,
  args: ConnectionArguments,
  further?: Partial<Filter>,
): Reading {
  const { name, table, filters } = spec;
  const order = args.orderBy ?? spec.defaultOrder;
  const ordering = spec.orders[order];
  if (ordering === undefined) throw new Error(`The connection ${name} has no order "${order}".`);
  const page = parsePageArguments(args);
  const { cursor, cursorField } = page;
  return {
    name,
    table,
    order,
    ordering,
    page,
    conditions: conditionsOf(filters, { ...(args.filter as Partial<Filter> | undefined), ...further }),
    position: cursor === undefined ? undefined : decodeCursor(context.cursorKey, scopeOf(name, order, args), cursor, cursorField),
    selection: selectionOf(info, table, [['nodes'], ['edges', 'node']]),
  };
}

const scopeOf = (connection: string, order: string, { filter }: ConnectionArguments): CursorScope => ({
  connection,
  order,
  filter,
});

function toConnection(
  { cursorKey }: RequestContext,
  { name, order, page }: Reading,
  args: ConnectionArguments,
  read: readonly PageRow[],
  totalCount: () => Promise<number>,
): Connection {
  const hasMore = read.length > page.size;
  const rows = read.slice(0, page.size);
  if (page.direction === 'backward') rows.reverse();
  const cursorOf = (row: PageRow): string => encodeCursor(cursorKey, scopeOf(name, order, args), row.position);
  const [first, last] = [rows[0], rows.at(-1)];
  const isForward = page.direction === 'forward';
  return {
    edges: rows.map((row) => ({ node: row.row, cursor: () => cursorOf(row) })),
    nodes: rows.map(({ row }) => row),
    pageInfo: {
      hasNextPage: isForward ? hasMore : page.cursor !== undefined,
      hasPreviousPage: isForward ? page.cursor !== undefined : hasMore,
      startCursor: () => (first ? cursorOf(first) : null),
      endCursor: () => (last ? cursorOf(last) : null),
    },
    totalCount,
  };
}
