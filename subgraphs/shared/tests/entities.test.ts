import { newId } from '@bailiwick/kernel/postgres';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

let database: TestDatabase;
let rows: Seed;
let shared: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('hq')
    .orgUnit('legal', { parent: 'hq' })
    .person('ann', { orgUnit: 'legal', roles: ['Lawyer'] })
    .person('ben', { orgUnit: 'hq' })
    .notification('about a case', { recipient: 'ann', caseId: newId() })
    .write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

const entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on OrgUnit { id code parent { code } }
    ... on Person { id fullName orgUnit { code } }
  }
}`;

test('org units and people are found by reference, each in its place, and null where there is none', async () => {
  const representations = [
    { __typename: 'Person', id: rows.id('ben') },
    { __typename: 'OrgUnit', id: newId() },
    { __typename: 'OrgUnit', id: rows.id('legal') },
    { __typename: 'Person', id: newId() },
    { __typename: 'Person', id: rows.id('ann').toUpperCase() },
    { __typename: 'OrgUnit', id: rows.id('legal') },
  ];
  const { _entities } = await shared.read(entities, rows.id('ann'), { representations });
  const legal = { __typename: 'OrgUnit', id: rows.id('legal'), code: 'legal', parent: { code: 'hq' } };
  expect(_entities).toEqual([
    { __typename: 'Person', id: rows.id('ben'), fullName: 'ben', orgUnit: { code: 'hq' } },
    null,
    legal,
    null,
    { __typename: 'Person', id: rows.id('ann'), fullName: 'ann', orgUnit: { code: 'legal' } },
    legal,
  ]);
});

test('a hundred references cost one statement a type', async () => {
  const units = seed(database);
  for (let index = 0; index < 100; index++) units.orgUnit(`unit ${index}`);
  await units.write();
  const representations = Array.from({ length: 100 }, (_unused, index) => ({
    __typename: 'OrgUnit',
    id: units.id(`unit ${index}`),
  }));
  const query = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on OrgUnit { code } } }';
  const { data, statements } = await shared.ask(query, { as: rows.id('ann') }, { representations });
  expect(data._entities.map((unit: { code: string }) => unit.code)).toEqual(
    representations.map((_unused, index) => `unit ${index}`),
  );
  expect(statements).toHaveLength(1);
});

test('a reference whose id is no id is refused, and the others are answered', async () => {
  const representations = [
    { __typename: 'OrgUnit', id: "1' or true" },
    { __typename: 'OrgUnit', id: rows.id('hq') },
  ];
  const { data, errors } = await shared.ask(entities, { as: rows.id('ann') }, { representations });
  expect(data._entities).toEqual([null, expect.objectContaining({ code: 'hq' })]);
  expect(errors[0]).toMatchObject({ message: `"1' or true" is not an id.`, extensions: { code: 'BAD_USER_INPUT' } });
});

test('a notification tells the subgraphs which case it is about, and knows its recipient', async () => {
  const { notifications } = await shared.read('{ notifications { nodes { id caseId recipient { fullName } } } }', rows.id('ann'));
  expect(notifications.nodes).toEqual([
    { id: expect.any(String), caseId: expect.stringMatching(/^[0-9a-f-]{36}$/), recipient: { fullName: 'ann' } },
  ]);
});

test('nobody finds an entity without being somebody', async () => {
  const representations = [
    { __typename: 'OrgUnit', id: rows.id('hq') },
    { __typename: 'Person', id: rows.id('ann') },
  ];
  const { data } = await shared.ask(entities, { as: newId() }, { representations });
  expect(data._entities).toEqual([null, null]);
});
