import type { GraphQLEnumType } from 'graphql';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { pageFields, walk } from '../../../tests/support/paging.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

const total = 23;
let database: TestDatabase;
let rows: Seed;
let shared: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = seed(database).person('ann', { fullName: 'Same Name' });
  for (let index = 0; index < total; index++) {
    rows
      .orgUnit(`unit ${index}`, { name: ['same', 'Same', 'other', 'Ökologie'][index % 4] })
      .person(`person ${index}`, { fullName: index % 3 ? 'Same Name' : `Name ${index}` })
      // Half of them in the very same microsecond, the others one microsecond apart.
      .notification(`note ${index}`, {
        recipient: 'ann',
        createdAt: `2026-01-01 00:00:00.${String(index % 2 ? 0 : index).padStart(6, '0')}+00`,
      });
  }
  await rows.write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

const columns: Record<string, string> = { NAME: 'name', CODE: 'code', FULL_NAME: 'full_name', CREATED_AT: 'created_at' };

describe.each([
  ['orgUnits', 'OrgUnitOrder', 'public.org_units'],
  ['people', 'PersonOrder', 'public.people'],
  ['notifications', 'NotificationOrder', 'public.notifications'],
])('%s', (field, orderType, table) => {
  test.each([4, 100])('every order shows every row exactly once, forward and backward, %i a page', async (size) => {
    const orders = (shared.subgraph.schema.getType(orderType) as GraphQLEnumType).getValues().map((value) => value.name);
    expect(orders.length).toBeGreaterThanOrEqual(2);
    for (const order of orders) {
      const [, column, direction] = /^(.+)_(ASC|DESC)$/.exec(order)!;
      const expected = await rows.sql(`select id from ${table} order by ${columns[column!]} ${direction}, id ${direction}`);
      const page = async (args: string) =>
        (await shared.read(`{ ${field}(${args}, orderBy: ${order}) { ${pageFields} } }`, rows.id('ann')))[field];
      const ids = expected.map((row) => row['id']);
      expect(ids.length).toBeGreaterThanOrEqual(total);
      await expect(walk(page, 'forward', size)).resolves.toEqual(ids);
      await expect(walk(page, 'backward', size)).resolves.toEqual(ids);
    }
  });

  test('totalCount counts all pages, in a statement that runs only when it is selected', async () => {
    const counted = await shared.ask(`{ ${field}(first: 2) { totalCount nodes { id } } }`, { as: rows.id('ann') });
    const [row] = await rows.sql(`select count(*)::int as count from ${table}`);
    expect(counted.data[field].totalCount).toBe(row!['count']);
    expect(counted.statements).toHaveLength(2);
    expect((await shared.ask(`{ ${field}(first: 2) { nodes { id } } }`, { as: rows.id('ann') })).statements).toHaveLength(1);
  });
});

test('20 rows come when neither first nor last is given', async () => {
  expect((await shared.read('{ orgUnits { nodes { id } } }', rows.id('ann'))).orgUnits.nodes).toHaveLength(20);
});

test('an empty page has no cursors and nothing around it', async () => {
  const { orgUnits } = await shared.read(
    `{ orgUnits(filter: { text: "nothing like it" }) { ${pageFields} totalCount } }`,
    rows.id('ann'),
  );
  expect(orgUnits).toEqual({
    edges: [],
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    totalCount: 0,
  });
});

test.each([
  ['first: -3', 'PAGE_TOO_LARGE', '"first" is -3.'],
  ['first: 101', 'PAGE_TOO_LARGE', '"first" is 101.'],
  ['last: 101', 'PAGE_TOO_LARGE', '"last" is 101.'],
  ['first: 1, last: 1', 'BAD_USER_INPUT', 'Both "first" and "last" are given.'],
  ['last: 1, after: "x"', 'BAD_USER_INPUT', '"after" is given without "first".'],
  ['first: 1, before: "x"', 'BAD_USER_INPUT', '"before" is given without "last".'],
  ['first: 1, after: "x"', 'BAD_CURSOR', 'The cursor "x" was not made by this server, or was changed since.'],
])('orgUnits(%s) is refused with %s', async (args, code, message) => {
  const { data, errors } = await shared.ask(`{ orgUnits(${args}) { nodes { id } } }`, { as: rows.id('ann') });
  expect(data).toEqual({ orgUnits: null });
  expect(errors).toEqual([
    expect.objectContaining({ message, extensions: expect.objectContaining({ code, hint: expect.any(String) }) }),
  ]);
});
