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
    .person('admin', { roles: ['System Admin'] })
    .person('lawyer', { roles: ['Lawyer'] })
    .orgUnit('top')
    .orgUnit('middle', { parent: 'top' })
    .orgUnit('bottom', { parent: 'middle' })
    .orgUnit('left')
    .orgUnit('right')
    .write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

const mutation = `mutation ($input: MoveOrgUnitInput!) {
  moveOrgUnit(input: $input) { orgUnit { code version parent { code } ancestors { code } } userErrors { code message field hint } }
}`;

async function move(input: object, as = 'admin') {
  return (await shared.read(mutation, rows.id(as), { input })).moveOrgUnit;
}

test('a unit moves to the top and back under another, with all that is below it', async () => {
  const top = await move({ id: rows.id('middle'), expectedVersion: 1, parentId: null });
  expect(top).toEqual({ orgUnit: { code: 'middle', version: 2, parent: null, ancestors: [] }, userErrors: [] });
  const back = await move({ id: rows.id('middle'), expectedVersion: 2, parentId: rows.id('top') });
  expect(back.orgUnit).toEqual({ code: 'middle', version: 3, parent: { code: 'top' }, ancestors: [{ code: 'top' }] });
});

test.each(['top', 'bottom'])('the top can not go below itself (%s): ORG_UNIT_CYCLE, and nothing moves', async (under) => {
  const { orgUnit, userErrors } = await move({ id: rows.id('top'), expectedVersion: 1, parentId: rows.id(under) });
  expect(orgUnit).toBeNull();
  expect(userErrors).toEqual([
    {
      code: 'ORG_UNIT_CYCLE',
      message: `The org unit ${rows.id('top')} can't be below ${rows.id(under)}, which is the unit itself or below it.`,
      field: 'input.parentId',
      hint: expect.any(String),
    },
  ]);
  expect(await rows.sql('select parent_id from public.org_units where id = $1', [rows.id('top')])).toEqual([{ parent_id: null }]);
});

test('two moves at once that make a cycle only together: one is refused', async () => {
  const answers = await Promise.all([
    move({ id: rows.id('left'), expectedVersion: 1, parentId: rows.id('right') }),
    move({ id: rows.id('right'), expectedVersion: 1, parentId: rows.id('left') }),
  ]);
  expect(answers.map(({ userErrors }) => userErrors[0]?.code).toSorted()).toEqual(['ORG_UNIT_CYCLE', undefined]);
});

test.each([
  ['an older version', () => ({ expectedVersion: 1 }), 'VERSION_CONFLICT', 'input.expectedVersion', 'admin'],
  ['an unknown unit', () => ({ id: newId() }), 'NOT_FOUND', 'input.id', 'admin'],
  ['an unknown parent', () => ({ parentId: newId() }), 'NOT_FOUND', 'input.parentId', 'admin'],
  ['a parent that was left out', () => ({ parentId: undefined }), 'BAD_USER_INPUT', 'input.parentId', 'admin'],
  ['somebody without the right', () => ({}), 'FORBIDDEN', null, 'lawyer'],
])('%s is refused', async (_what, input, code, field, as) => {
  const { orgUnit, userErrors } = await move({ id: rows.id('middle'), expectedVersion: 3, parentId: null, ...input() }, as);
  expect(orgUnit).toBeNull();
  expect(userErrors).toEqual([{ code, field, message: expect.any(String), hint: expect.any(String) }]);
});
