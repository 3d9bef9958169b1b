import { newId } from '@bailiwick/kernel/postgres';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('hq')
    .person('lawyer', { roles: ['Lawyer'] })
    .person('reader', { roles: ['Read-Only'] })
    .legalCase('a', { description: 'As it was', region: 'North' })
    .legalCase('raced')
    .legalCase('retried')
    .legalCase('secret', { isRestricted: true })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const mutation = `mutation ($input: UpdateLegalCaseInput!) {
  updateLegalCase(input: $input) {
    legalCase { id title description region priority returnableOn version orgUnit { id } }
    userErrors { code message field hint }
  }
}`;

async function update(input: object, as = 'lawyer') {
  return (await cases.read(mutation, rows.id(as), { input })).updateLegalCase;
}

test('what is given changes, null empties, and what is left out stays', async () => {
  const { legalCase, userErrors } = await update({
    id: rows.id('a'),
    expectedVersion: 1,
    title: ' A v B ',
    description: null,
    priority: 'URGENT',
    returnableOn: '2027-02-28',
    orgUnitId: rows.id('hq'),
  });
  expect(userErrors).toEqual([]);
  expect(legalCase).toEqual({
    id: rows.id('a'),
    title: 'A v B',
    description: null,
    region: 'North',
    priority: 'URGENT',
    returnableOn: '2027-02-28',
    version: 2,
    orgUnit: { id: rows.id('hq') },
  });
});

test('a version that no longer fits is VERSION_CONFLICT with both versions, and changes nothing', async () => {
  const { legalCase, userErrors } = await update({ id: rows.id('a'), expectedVersion: 1, title: 'Too late' });
  expect(legalCase).toBeNull();
  expect(userErrors).toEqual([
    {
      code: 'VERSION_CONFLICT',
      message: 'The legal case is at version 2, and you have read version 1.',
      field: 'input.expectedVersion',
      hint: 'Read the legal case again, and send your change with the version that it has now.',
    },
  ]);
  expect(await rows.sql('select title from case_management.legal_cases where id = $1', [rows.id('a')])).toEqual([
    { title: 'A v B' },
  ]);
});

test('of two who change the same version at once, one succeeds and the other is told', async () => {
  const answers = await Promise.all(['one', 'two'].map((title) => update({ id: rows.id('raced'), expectedVersion: 1, title })));
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code);
  expect(codes.toSorted()).toEqual(['VERSION_CONFLICT', undefined]);
});

test('a retry with the same key changes nothing again, and is answered as the first', async () => {
  const input = { id: rows.id('retried'), expectedVersion: 1, title: 'Once', idempotencyKey: newId() };
  const first = await update(input);
  expect(first.legalCase.version).toBe(2);
  expect(await update(input)).toEqual(first);
});

test.each([
  ['a case that nobody knows', () => ({ id: newId() }), 'NOT_FOUND', 'input.id', 'lawyer'],
  ['a case that the caller may not see', () => ({ id: rows.id('secret') }), 'NOT_FOUND', 'input.id', 'lawyer'],
  ['somebody who only reads', () => ({ id: rows.id('a') }), 'FORBIDDEN', null, 'reader'],
  ['an unknown unit', () => ({ id: rows.id('a'), orgUnitId: newId() }), 'NOT_FOUND', 'input.orgUnitId', 'lawyer'],
  ['a title that is emptied', () => ({ id: rows.id('a'), title: null }), 'BAD_USER_INPUT', 'input.title', 'lawyer'],
  ['what is no id', () => ({ id: 'x' }), 'BAD_USER_INPUT', 'input.id', 'lawyer'],
])('%s is refused', async (_what, input, code, field, as) => {
  const { legalCase, userErrors } = await update({ title: 'Never', expectedVersion: 2, ...input() }, as);
  expect(legalCase).toBeNull();
  expect(userErrors).toEqual([{ code, field, message: expect.any(String), hint: expect.any(String) }]);
  expect(await rows.sql(`select from case_management.legal_cases where title = 'Never'`)).toEqual([]);
});

test('everything that is wrong is told together, and no change at all is refused', async () => {
  const { userErrors } = await update({ id: rows.id('a'), expectedVersion: 2, title: '  ', priority: null, orgUnitId: 'hq' });
  expect(userErrors.map(({ field }: { field: string }) => field)).toEqual(['input.priority', 'input.title', 'input.orgUnitId']);
  const nothing = await update({ id: rows.id('a'), expectedVersion: 2 });
  expect(nothing.userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', message: 'No change is given.' }]);
});
