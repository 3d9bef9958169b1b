import { and, asc, desc, sql } from 'drizzle-orm';
import type { Placeholder, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { RequestContext } from '../graphql/context.js';
import { flatColumns, withRelations } from '../graphql/rows.js';
import type { ReadRow } from '../graphql/rows.js';
import type { RowSelection } from '../graphql/selection.js';
import type { Tables } from '../postgres/connection.js';
import type { Position } from './cursor.js';
import type { Conditions } from './filters.js';
import type { PageRequest } from './pageArguments.js';

/** An order that pages can be cut in: columns that are never null, all in one direction; the id follows by itself and decides ties. */
export interface Ordering {
  columns: (PgColumn | SQL)[];
  direction: 'asc' | 'desc';
}

export type PageableTable = PgTable & { id: PgColumn };

/** A page that is to be read. */
export interface Reading {
  /** The field, for the labels of the statements. */
  readonly name: string;
  readonly table: PageableTable;
  /** The name of the order, and what it is. */
  readonly order: string;
  readonly ordering: Ordering;
  readonly page: PageRequest;
  readonly conditions: Conditions;
  /** The row that the page begins behind. */
  readonly position: Position | undefined;
  /** What is selected of each row. */
  readonly selection: RowSelection;
  /** Of each of many parents: the condition that a row belongs to one. */
  readonly isOfParent?: (parent: SQL) => SQL;
}

/** A row of a page, with the values of its ordering columns as PostgreSQL writes them: a JavaScript value would lose microseconds. */
export interface PageRow {
  readonly position: Position;
  readonly row: ReadRow;
}

const keyName = (index: number): string => `key${index}`;
const sortName = (index: number): string => `sort${index}`;

/**
 * Reads a page and the row after it. The rows that hang on its rows come in a second statement, by the ids of the page. In one statement PostgreSQL plans
 * all of it anew for each filter: a page of 50 cases with lead, next event and parties took it 1.95 ms instead of 1.25 (2026-11-30, PostgreSQL 18).
 */
export async function readPage(context: RequestContext, reading: Reading): Promise<PageRow[]> {
  const found = await execute(context, reading, 'page', (db) => pageSelect(db, reading), {});
  return withRows(context, reading, found);
}

/** Reads a page of each of many parents, and the row after it, in one statement with a lateral join. Returns the rows of each parent. */
export async function readPageOfEach(
  context: RequestContext,
  reading: Reading,
  parents: readonly string[],
): Promise<PageRow[][]> {
  const found = await execute(context, reading, 'pages', (db) => lateralSelect(db, reading), { parents });
  const rows = await withRows(context, reading, found);
  const byParent = new Map<string, PageRow[]>(parents.map((id) => [id, []]));
  for (const [index, { parentId }] of found.entries()) byParent.get(parentId as string)!.push(rows[index]!);
  return parents.map((id) => byParent.get(id)!);
}

/** Counts what a connection holds, without its page. */
export async function countAll(context: RequestContext, reading: Reading): Promise<number> {
  const count = (db: NodePgDatabase<Tables>) =>
    db
      .select({ count: sql<number>`count(*)::int` })
      .from(reading.table)
      .where(and(...reading.conditions.where));
  const [row] = await execute(context, reading, 'totalCount', count, {});
  return row!['count'] as number;
}

/** Counts what the connections of many parents hold, in one statement. In the order of the parents. */
export async function countOfEach(context: RequestContext, reading: Reading, parents: readonly string[]): Promise<number[]> {
  const count = (db: NodePgDatabase<Tables>) => {
    const counted = db
      .select({ count: sql<number>`count(*)::int`.as('count') })
      .from(reading.table as PgTable)
      .where(and(reading.isOfParent!(parentId), ...reading.conditions.where))
      .as('counted');
    return db
      .select({ parentId, count: sql<number>`counted.count` })
      .from(parentsTable)
      .crossJoinLateral(counted);
  };
  const rows = await execute(context, reading, 'totalCount', count, { parents });
  const byParent = new Map(rows.map((row) => [row['parentId'] as string, row['count'] as number]));
  return parents.map((id) => byParent.get(id) ?? 0);
}

/** In a subselect, so that PostgreSQL keeps one plan for any number of parents. */
const parentsTable = sql`unnest((select ${sql.placeholder('parents')}::uuid[])) as parent(id)`;
const parentId: SQL<string> = sql<string>`parent.id`;

/** What a statement returns of a row. */
type Found = ReadRow;
interface Built {
  prepare(name: string): { execute(values: Record<string, unknown>): Promise<unknown> };
}

function execute(
  context: RequestContext,
  reading: Reading,
  what: 'page' | 'pages' | 'totalCount',
  build: (db: NodePgDatabase<Tables>) => Built,
  values: Record<string, unknown>,
): Promise<Found[]> {
  const { name, order, page, conditions, position, selection } = reading;
  const label = `${context.subgraph}:${name}${what === 'totalCount' ? '.totalCount' : ''}`;
  const shape =
    what === 'totalCount'
      ? []
      : [order, page.direction, position !== undefined, Object.keys(flatColumns(reading.table, selection))];
  const key = JSON.stringify([label, what, conditions.key, Object.keys(values), ...shape]);
  const cursor = position && Object.fromEntries([...position.values, position.id].map((value, index) => [keyName(index), value]));
  return context.read.execute(key, context.tables, (db) => build(db).prepare(label) as never, {
    ...conditions.values,
    ...values,
    ...cursor,
    limit: page.size + 1,
  });
}

function pageSelect(db: NodePgDatabase<Tables>, reading: Reading) {
  const { table, conditions } = reading;
  return db
    .select({ ...keyColumns(reading), ...flatColumns(reading.table, reading.selection) })
    .from(table)
    .where(and(...conditions.where, behindPosition(reading)))
    .orderBy(...orderBy(reading, [...reading.ordering.columns, table.id]))
    .limit(limit);
}

function lateralSelect(db: NodePgDatabase<Tables>, reading: Reading) {
  const { table, conditions, ordering, selection } = reading;
  const sorts = ordering.columns.map((column, index) => [sortName(index), sql`${column}`.as(sortName(index))] as const);
  const inner = { ...Object.fromEntries(sorts), ...keyColumns(reading), ...flatColumns(reading.table, reading.selection) };
  const page = db
    .select(inner)
    .from(table as PgTable)
    .where(and(reading.isOfParent!(parentId), ...conditions.where, behindPosition(reading)))
    .orderBy(...orderBy(reading, [...ordering.columns, table.id]))
    .limit(limit)
    .as('page');
  const ofPage = page as unknown as Record<string, SQL>;
  const outer = [...Object.keys(keyColumns(reading)), ...Object.keys(flatColumns(table, selection))].map((name) => [
    name,
    ofPage[name]!,
  ]);
  return (
    db
      .select({ parentId, ...(Object.fromEntries(outer) as Record<string, SQL>) })
      .from(parentsTable)
      .crossJoinLateral(page)
      // The join keeps no order of its own.
      .orderBy(...orderBy(reading, [...sorts.map(([name]) => ofPage[name]!), ofPage['id']!]))
  );
}

const limit = sql.placeholder('limit') as Placeholder & number;

function keyColumns({ ordering }: Reading): Record<string, SQL.Aliased> {
  return Object.fromEntries(ordering.columns.map((column, index) => [keyName(index), sql`(${column})::text`.as(keyName(index))]));
}

/** Backward pages are read in the opposite order and turned round afterwards. */
function isAscending({ ordering, page }: Reading): boolean {
  return (ordering.direction === 'asc') === (page.direction === 'forward');
}

function orderBy(reading: Reading, terms: (PgColumn | SQL)[]): SQL[] {
  return terms.map((term) => (isAscending(reading) ? asc(term) : desc(term)));
}

function behindPosition(reading: Reading): SQL | undefined {
  const { ordering, table, position } = reading;
  if (position === undefined) return undefined;
  const columns = [...ordering.columns, table.id];
  const left = sql.join(
    columns.map((column) => sql`${column}`),
    sql`, `,
  );
  const right = sql.join(
    columns.map((_column, index) => sql`${sql.placeholder(keyName(index))}`),
    sql`, `,
  );
  return isAscending(reading) ? sql`(${left}) > (${right})` : sql`(${left}) < (${right})`;
}

async function withRows(
  context: RequestContext,
  { name, table, ordering, selection }: Reading,
  found: readonly Found[],
): Promise<PageRow[]> {
  const rows = await withRelations(context, name, table, selection, found);
  return found.map((one, index) => ({
    position: { values: ordering.columns.map((_column, key) => one[keyName(key)] as string), id: one.id },
    row: rows[index]!,
  }));
}
