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
    .orgUnit('hq', { name: 'Headquarters', unitType: 'department' })
    .orgUnit('legal', { name: 'Legal 100% office', parent: 'hq' })
    .orgUnit('claims', { name: 'Claims_and_costs', parent: 'legal', isActive: false })
    .orgUnit('lands', { name: String.raw`Lands \ titles`, parent: 'hq' })
    .person('ann', { orgUnit: 'claims', roles: ['Lawyer', 'Auditor'], email: 'Ann.Kila@example.org' })
    .person('ben', { orgUnit: 'lands', roles: ['Auditor'] })
    .person('cid', { orgUnit: 'hq', isActive: false, fullName: 'cid_the_second' })
    .notification('read', { recipient: 'ann', readAt: '2026-01-01T00:00:00Z' })
    .notification('unread', { recipient: 'ann', system: 'audit_system', kind: 'finding', priority: 'urgent' })
    .write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

async function codes(filter: object): Promise<string[]> {
  const query = 'query ($filter: OrgUnitFilter) { orgUnits(filter: $filter, orderBy: CODE_ASC) { totalCount nodes { code } } }';
  const { orgUnits } = await shared.read(query, rows.id('ann'), { filter });
  expect(orgUnits.totalCount).toBe(orgUnits.nodes.length);
  return orgUnits.nodes.map((unit: { code: string }) => unit.code);
}

async function peopleNamed(filter: object): Promise<string[]> {
  const query = 'query ($filter: PersonFilter) { people(filter: $filter) { totalCount nodes { fullName } } }';
  const { people } = await shared.read(query, rows.id('ann'), { filter });
  expect(people.totalCount).toBe(people.nodes.length);
  return people.nodes.map((person: { fullName: string }) => person.fullName);
}

test('org units are found by part of the code or name, without regard to case', async () => {
  expect(await codes({ text: 'LEG' })).toEqual(['legal']);
  expect(await codes({ text: 'quarter' })).toEqual(['hq']);
});

test.each([
  ['0%', ['legal']],
  ['%%', []],
  ['s_and', ['claims']],
  ['s_t', []],
  [String.raw`s \ t`, ['lands']],
  [String.raw`\%`, []],
])('in a search for %s the characters stand for themselves', async (text, expected) => {
  expect(await codes({ text })).toEqual(expected);
});

test.each(['', ' '])('a search for "%s" is no filter', async (text) => {
  expect(await codes({ text })).toHaveLength(4);
});

test.each(['x', ' x ', 'x'.repeat(201)])('a search for "%s" is refused', async (text) => {
  for (const field of ['orgUnits', 'people']) {
    const { errors } = await shared.ask(
      `query ($text: String) { ${field}(filter: { text: $text }) { nodes { id } } }`,
      { as: rows.id('ann') },
      { text },
    );
    expect(errors[0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'filter.text',
      hint: 'Search for 2 to 200 characters.',
    });
  }
});

test('org units by type, parent, place in the tree and activity', async () => {
  expect(await codes({ unitType: 'department' })).toEqual(['hq']);
  expect(await codes({ parentId: rows.id('hq') })).toEqual(['lands', 'legal']);
  expect(await codes({ isRoot: true })).toEqual(['hq']);
  expect(await codes({ isRoot: false })).toEqual(['claims', 'lands', 'legal']);
  expect(await codes({ isActive: false })).toEqual(['claims']);
  expect(await codes({ isActive: true, parentId: rows.id('legal') })).toEqual([]);
  expect(await codes({ parentId: null, text: null, isRoot: null, isActive: null, unitType: null })).toHaveLength(4);
});

test('people by name or e-mail address, role, unit with those below, and activity', async () => {
  expect(await peopleNamed({ text: 'ANN.KILA@' })).toEqual(['ann']);
  expect(await peopleNamed({ text: 'd_t' })).toEqual(['cid_the_second']);
  expect(await peopleNamed({ role: 'Auditor' })).toEqual(['ann', 'ben']);
  expect(await peopleNamed({ role: 'Lawyer', isActive: true })).toEqual(['ann']);
  expect(await peopleNamed({ role: 'No such role' })).toEqual([]);
  expect(await peopleNamed({ orgUnitId: rows.id('legal') })).toEqual(['ann']);
  expect(await peopleNamed({ orgUnitId: rows.id('hq') })).toEqual(['ann', 'ben', 'cid_the_second']);
  expect(await peopleNamed({ orgUnitId: newId() })).toEqual([]);
  expect(await peopleNamed({ isActive: false })).toEqual(['cid_the_second']);
});

test('notifications by system and by whether they were read; enumerations are upper case in the graph', async () => {
  const query =
    'query ($filter: NotificationFilter) { notifications(filter: $filter) { nodes { title system kind priority readAt } } }';
  const titles = async (filter: object) => (await shared.read(query, rows.id('ann'), { filter })).notifications.nodes;
  expect(await titles({ isRead: true })).toEqual([
    { title: 'read', system: 'CASE_MANAGEMENT', kind: 'OTHER', priority: 'MEDIUM', readAt: '2026-01-01T00:00:00.000000Z' },
  ]);
  expect(await titles({ isRead: false, system: 'AUDIT_SYSTEM' })).toEqual([
    { title: 'unread', system: 'AUDIT_SYSTEM', kind: 'FINDING', priority: 'URGENT', readAt: null },
  ]);
});

test.each([
  ['orgUnit(id: "42") { id }', 'id'],
  ['person(id: "42") { id }', 'id'],
  ['orgUnits(filter: { parentId: "42" }) { nodes { id } }', 'filter.parentId'],
  ['people(filter: { orgUnitId: "42" }) { nodes { id } }', 'filter.orgUnitId'],
])('%s names the argument that is no id', async (field, argument) => {
  const { errors } = await shared.ask(`{ ${field} }`, { as: rows.id('ann') });
  expect(errors[0]).toMatchObject({ message: '"42" is not an id.', extensions: { code: 'BAD_USER_INPUT', field: argument } });
});

test('a code is looked up as it is written, and an id in either case', async () => {
  const query =
    'query ($id: ID!) { exact: orgUnitByCode(code: "hq") { code } other: orgUnitByCode(code: "HQ") { code } byId: orgUnit(id: $id) { code } }';
  expect(await shared.read(query, rows.id('ann'), { id: rows.id('hq').toUpperCase() })).toEqual({
    exact: { code: 'hq' },
    other: null,
    byId: { code: 'hq' },
  });
});

test('a text with a character that PostgreSQL can not hold is refused, not a fault', async () => {
  const { errors } = await shared.ask(
    'query ($code: String!) { orgUnitByCode(code: $code) { id } }',
    { as: rows.id('ann') },
    { code: 'a\u0000b' },
  );
  expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', hint: expect.any(String) });
});
