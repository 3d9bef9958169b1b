import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { RequestContext } from '../graphql/context.js';
import { TextMap } from '../graphql/textMap.js';
import { conditionsOf, parentsFrom } from './conditions.js';
import type { PageableTable } from './connection.js';
import type { Reading } from './pageStatement.js';

const dialect = new PgDialect();

/** Counts what a connection holds, without its page. */
export async function countAll<Table extends PageableTable>(context: RequestContext, reading: Reading<Table>): Promise<number> {
  const { text: where, values } = conditionsOf(reading.where);
  const text = `/* ${countLabel(reading)} */ select count(*)::int from ${nameOfTable(reading.spec.table)}${where}`;
  const [row] = await context.read.rows(text, values);
  return row![0] as number;
}

/** Counts what the connections of many parents hold, in one statement. In the order of the parents. */
export async function countOfEach<Table extends PageableTable>(
  context: RequestContext,
  reading: Reading<Table>,
  ids: readonly string[],
): Promise<number[]> {
  const { text: where, values } = conditionsOf(reading.where);
  const counted = `select count(*)::int as count from ${nameOfTable(reading.spec.table)}${where}`;
  const text = `/* ${countLabel(reading)} */ select parent.id, counted.count from ${parentsFrom(values.length + 1)} cross join lateral (${counted}) as counted`;
  const rows = await context.read.rows(text, [...values, ids]);
  const byParent = new TextMap(rows.map(([parent, count]) => [parent as string, count as number]));
  return ids.map((id) => byParent.get(id) ?? 0);
}

const countLabel = <Table extends PageableTable>({ spec }: Reading<Table>): string => `${spec.subgraph}:${spec.name}.totalCount`;

const nameOfTable = (table: PgTable): string => dialect.sqlToQuery(sql`${table}`).sql;
