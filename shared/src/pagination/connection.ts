import { and, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { RequestContext } from '../context.js';
import { Loader } from '../loader.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { CursorScope, Position } from './cursor.js';
import { parsePageArguments } from './pageArguments.js';
import type { PageArguments } from './pageArguments.js';
import { rememberAlong, wantedAlong } from './along.js';
import type { AlongValue } from './along.js';
import { isAscending, orderTerms, pageColumns, readPage, sortColumns } from './pageStatement.js';
import type { Reading } from './pageStatement.js';

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

/** The Relay connection as resolvers hand it out: functions run only where the client selected the field. */
export interface Connection<Row> {
  edges: { node: Row; cursor: () => string }[];
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: () => string | null; endCursor: () => string | null };
  totalCount: () => Promise<number>;
}

/** The SQL of the parent's id inside the statement of `connectEach`. */
export const parentId: SQL<string> = sql`parent.id`;

type RowOf<Table extends PageableTable> = Table['$inferSelect'];
type PositionedRow<Table extends PageableTable> = { row: RowOf<Table>; position: Position };

/**
 * One page of a table, in one statement; a second one counts, only when `totalCount` is selected.
 * `where` holds the conditions of the client's filter. Throws BAD_CURSOR, PAGE_TOO_LARGE and BAD_USER_INPUT for the arguments.
 */
export async function connect<Table extends PageableTable>(
  context: RequestContext,
  spec: ConnectionSpec<Table>,
  args: ConnectionArguments,
  where: SQL[] = [],
): Promise<Connection<RowOf<Table>>> {
  const reading = prepare(context, spec, args, where);
  const table: PgTable = spec.table;
  const rows = await readPage(context, reading);

  return toConnection(
    reading,
    rows.map((row) => positioned(reading, row)),
    async () => {
      const counted = await context.read
        .db(`${spec.subgraph}:${spec.name}.totalCount`)
        .select({ count: sql<number>`count(*)::int` })
        .from(table)
        .where(reading.where);
      return counted[0]!.count;
    },
  );
}

/**
 * The same for a field of many parents at once: one LATERAL statement for all of them, whatever their number, and one that counts.
 * `where` names the parent with `parentId`. `fieldName` is the field as clients know it, for example `OrgUnit.legalCases`.
 */
export async function connectEach<Table extends PageableTable>(
  context: RequestContext,
  spec: ConnectionSpec<Table>,
  args: ConnectionArguments,
  parent: string,
  where: SQL[],
): Promise<Connection<RowOf<Table>>> {
  const key = JSON.stringify([spec.subgraph, spec.name, args]);
  return context
    .loader<string, Connection<RowOf<Table>>>(key, () => {
      const reading = prepare(context, spec, args, where);
      const totals = new Loader<string, number>((ids) => countEach(context, reading, ids));
      return new Loader((ids) => readEach(context, reading, ids, totals));
    })
    .load(parent);
}

async function readEach<Table extends PageableTable>(
  context: RequestContext,
  reading: Reading<Table>,
  ids: readonly string[],
  totals: Loader<string, number>,
): Promise<Connection<RowOf<Table>>[]> {
  const { spec } = reading;
  const db = context.read.db(`${spec.subgraph}:${spec.name}`);
  const along = wantedAlong(context, spec);
  const selected = { ...sortColumns(reading), ...pageColumns(context, reading, along) };
  const page = db
    .select(selected)
    .from(spec.table as PgTable)
    .where(and(reading.where, reading.after))
    .orderBy(...orderTerms(reading))
    .limit(reading.page.size + 1)
    .as('page');
  const columns = page as unknown as Record<string, PgColumn | SQL.Aliased>;
  const rows = await db
    .select({
      parentId: sql<string>`parent.id`.as('parent_id'),
      ...Object.fromEntries(Object.keys(selected).map((name) => [name, columns[name]!])),
    })
    .from(parents(ids))
    .crossJoinLateral(page as unknown as SQL)
    // The join keeps no order of its own.
    .orderBy(...orderTerms(reading, columns));

  rememberAlong(context, along, rows);
  const byParent = new Map<string, PositionedRow<Table>[]>(ids.map((id) => [id, []]));
  for (const { parentId: owner, ...row } of rows) byParent.get(owner)?.push(positioned(reading, row));
  return ids.map((id) => toConnection(reading, byParent.get(id)!, () => totals.load(id)));
}

async function countEach<Table extends PageableTable>(
  context: RequestContext,
  reading: Reading<Table>,
  ids: readonly string[],
): Promise<number[]> {
  const { spec } = reading;
  const db = context.read.db(`${spec.subgraph}:${spec.name}.totalCount`);
  const counted = db
    .select({ count: sql<number>`count(*)::int`.as('count') })
    .from(spec.table as PgTable)
    .where(reading.where)
    .as('counted');
  const rows = await db
    .select({ parentId: sql<string>`parent.id`.as('parent_id'), count: counted.count })
    .from(parents(ids))
    .crossJoinLateral(counted);
  const byParent = new Map(rows.map((row) => [row.parentId, row.count]));
  return ids.map((id) => byParent.get(id) ?? 0);
}

function parents(ids: readonly string[]): SQL {
  return sql`unnest(${sql.param(ids)}::uuid[]) as parent(id)`;
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

function positioned<Table extends PageableTable>(
  { ordering }: Reading<Table>,
  selected: Record<string, unknown>,
): PositionedRow<Table> {
  const values = ordering.columns.map((_column, index) => selected[`key${index}`] as string);
  return { row: selected, position: { values, id: selected['id'] as string } };
}

function toConnection<Table extends PageableTable>(
  { page, scope, cursorKey }: Reading<Table>,
  read: PositionedRow<Table>[],
  totalCount: () => Promise<number>,
): Connection<RowOf<Table>> {
  const hasMore = read.length > page.size;
  const rows = read.slice(0, page.size);
  if (page.direction === 'backward') rows.reverse();
  const cursorOf = (entry: PositionedRow<Table> | undefined) => (entry ? encodeCursor(cursorKey, scope, entry.position) : null);
  return {
    edges: rows.map((entry) => ({ node: entry.row, cursor: () => cursorOf(entry)! })),
    nodes: rows.map((entry) => entry.row),
    pageInfo: {
      hasNextPage: page.direction === 'forward' ? hasMore : page.cursor !== undefined,
      hasPreviousPage: page.direction === 'forward' ? page.cursor !== undefined : hasMore,
      startCursor: () => cursorOf(rows[0]),
      endCursor: () => cursorOf(rows.at(-1)),
    },
    totalCount,
  };
}
