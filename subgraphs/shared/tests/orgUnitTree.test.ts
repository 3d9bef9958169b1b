import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

const depth = 12;
let database: TestDatabase;
let rows: Seed;
let shared: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = seed(database).person('ann').orgUnit('level01');
  for (let level = 2; level <= depth; level++) rows.orgUnit(name(level), { parent: name(level - 1) });
  // A second branch whose names come before, so that an order by name alone would mix the levels.
  rows.orgUnit('a branch', { parent: 'level01' }).orgUnit('z leaf', { parent: 'a branch' });
  rows.orgUnit('a leaf', { parent: 'a branch' }).orgUnit('same', { code: 'same 1', parent: 'a leaf' });
  rows.orgUnit('same 2', { code: 'same 2', name: 'same', parent: 'a leaf' }).orgUnit('another root');
  await rows.write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

function name(level: number): string {
  return `level${String(level).padStart(2, '0')}`;
}

function names(units: { name: string }[]): string[] {
  return units.map((unit) => unit.name);
}

const tree = `query Tree($code: String!, $maxDepth: Int) {
  orgUnitByCode(code: $code) { parent { name } children { name } ancestors { name } descendants(maxDepth: $maxDepth) { name } }
}`;

async function readTree(code: string, maxDepth?: number) {
  const { orgUnitByCode } = await shared.read(tree, rows.id('ann'), { code, maxDepth });
  return orgUnitByCode;
}

test('the bottom of a tree of twelve levels has its eleven ancestors from the top down', async () => {
  const unit = await readTree(name(depth));
  expect(names(unit.ancestors)).toEqual(Array.from({ length: depth - 1 }, (_unused, index) => name(index + 1)));
  expect(unit.parent.name).toBe(name(depth - 1));
  expect(unit.children).toEqual([]);
  expect(unit.descendants).toEqual([]);
});

test('the top has no parent, no ancestors, and everything below it, level by level and by name within a level', async () => {
  const unit = await readTree('level01');
  expect(unit.parent).toBeNull();
  expect(unit.ancestors).toEqual([]);
  expect(names(unit.children)).toEqual(['a branch', 'level02']);
  expect(names(unit.descendants)).toEqual([
    ...['a branch', 'level02', 'a leaf', 'level03', 'z leaf', 'level04', 'same', 'same'],
    ...Array.from({ length: depth - 4 }, (_unused, index) => name(index + 5)),
  ]);
});

test.each([
  [1, ['a branch', 'level02']],
  [2, ['a branch', 'level02', 'a leaf', 'level03', 'z leaf']],
])('descendants(maxDepth: %i) goes down that many levels', async (maxDepth, expected) => {
  expect(names((await readTree('level01', maxDepth)).descendants)).toEqual(expected);
});

test('descendants(maxDepth: 32) of a shallower tree gives all of it', async () => {
  expect((await readTree('level01', 32)).descendants).toHaveLength(depth - 1 + 5);
});

test.each([0, -1, 33])('descendants(maxDepth: %i) is refused with the value and the range', async (maxDepth) => {
  const { errors } = await shared.ask(tree, { as: rows.id('ann') }, { code: 'level01', maxDepth });
  expect(errors[0]!.message).toBe(`"maxDepth" is ${maxDepth}.`);
  expect(errors[0]!.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'maxDepth',
    hint: expect.stringMatching(/1 to 32/),
  });
});

test('several depths in one operation do not mix', async () => {
  const query = `{ orgUnitByCode(code: "level01") { one: descendants(maxDepth: 1) { name } all: descendants { name } } }`;
  const { orgUnitByCode } = await shared.read(query, rows.id('ann'));
  expect(orgUnitByCode.one).toHaveLength(2);
  expect(orgUnitByCode.all).toHaveLength(depth - 1 + 5);
});

test('each field of the tree costs one statement for all units of a page', async () => {
  const query = `query ($first: Int!) { orgUnits(first: $first) { nodes { parent { code } children { code } ancestors { code } descendants { code } } } }`;
  const one = await shared.ask(query, { as: rows.id('ann') }, { first: 1 });
  const all = await shared.ask(query, { as: rows.id('ann') }, { first: 100 });
  expect(all.errors).toEqual([]);
  expect(all.data.orgUnits.nodes).toHaveLength(depth + 6);
  expect(all.statements).toHaveLength(5);
  expect(one.statements.length).toBeLessThanOrEqual(all.statements.length);
});

test('a cycle that came in past the triggers ends the query', async () => {
  const broken = seed(database)
    .orgUnit('round 1')
    .orgUnit('round 2', { parent: 'round 1' })
    .orgUnit('round 3', { parent: 'round 2' });
  await broken.write();
  await broken.sql(`begin; set local session_replication_role = replica;
    update public.org_units set parent_id = '${broken.id('round 3')}' where code = 'round 1'; commit`);
  const unit = await readTree('round 1');
  expect(names(unit.descendants)).toEqual(['round 2', 'round 3']);
  expect(names(unit.ancestors)).toEqual(['round 2', 'round 3']);
});
