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
  rows = seed(database)
    .person('lawyer', { roles: ['Lawyer'] })
    .person('ben', { roles: ['Lawyer'] })
    .orgUnit('level 1');
  for (let level = 2; level <= 12; level++) rows.orgUnit(`level ${level}`, { parent: `level ${level - 1}` });
  rows
    .orgUnit('aside')
    .legalCase('top', { orgUnit: 'level 1', openedOn: '2026-01-01', status: 'closed', caseType: 'fraud', priority: 'low' })
    .legalCase('middle', { orgUnit: 'level 6', openedOn: '2026-02-01', status: 'in_court', caseType: 'tort' })
    .legalCase('bottom', { orgUnit: 'level 12', openedOn: '2026-03-01', status: 'in_court', priority: 'urgent' })
    .legalCase('elsewhere', { orgUnit: 'aside', openedOn: '2026-03-01', title: String.raw`100% of a_b \ c` })
    .legalCase('of no unit', { openedOn: '2026-04-01', caseNumber: 'OLD/77-x' })
    .assign('middle', 'ben')
    .assign('bottom', 'ben', { assignedAt: '2026-03-01T00:00:00Z', endedAt: '2026-03-02T00:00:00Z' })
    .party('elsewhere', 'Kila Brothers Ltd')
    .party('of no unit', 'Kila and Sons');
  await rows.write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const query = `query ($filter: LegalCaseFilter) { legalCases(filter: $filter, orderBy: OPENED_ON_ASC) { totalCount nodes { id } } }`;

/** The names of the found cases in alphabetical order. */
async function found(filter: object): Promise<string[]> {
  const { legalCases } = await cases.read(query, rows.id('lawyer'), { filter });
  const names = ['top', 'middle', 'bottom', 'elsewhere', 'of no unit'];
  const ids: string[] = legalCases.nodes.map((node: { id: string }) => node.id);
  expect(legalCases.totalCount).toBe(ids.length);
  return names.filter((name) => ids.includes(rows.id(name))).sort();
}

test('an org unit includes everything below it, twelve levels deep', async () => {
  expect(await found({ orgUnitId: rows.id('level 1') })).toEqual(['bottom', 'middle', 'top']);
  expect(await found({ orgUnitId: rows.id('level 6') })).toEqual(['bottom', 'middle']);
  expect(await found({ orgUnitId: rows.id('level 7') })).toEqual(['bottom']);
  expect(await found({ orgUnitId: rows.id('level 12').toUpperCase() })).toEqual(['bottom']);
  expect(await found({ orgUnitId: newId() })).toEqual([]);
});

test('status, type and priority take one of several values', async () => {
  expect(await found({ status: ['IN_COURT', 'CLOSED'] })).toEqual(['bottom', 'middle', 'top']);
  expect(await found({ status: ['IN_COURT'], priority: ['URGENT'] })).toEqual(['bottom']);
  expect(await found({ caseType: ['FRAUD', 'TORT'] })).toEqual(['middle', 'top']);
  expect(await found({ priority: ['LOW'] })).toEqual(['top']);
  expect(await found({ status: [] })).toEqual([]);
});

test('the days between which a case was opened count themselves', async () => {
  expect(await found({ openedFrom: '2026-02-01', openedTo: '2026-03-01' })).toEqual(['bottom', 'elsewhere', 'middle']);
  expect(await found({ openedFrom: '2026-03-02' })).toEqual(['of no unit']);
  expect(await found({ openedTo: '2026-01-31' })).toEqual(['top']);
});

test('an assigned person is one who works on the case now', async () => {
  expect(await found({ assignedPersonId: rows.id('ben') })).toEqual(['middle']);
});

test('a text is looked for in number, title and party names, without regard to case', async () => {
  expect(await found({ text: 'old/77' })).toEqual(['of no unit']);
  expect(await found({ text: 'IDDL' })).toEqual(['middle']);
  expect(await found({ text: 'kila' })).toEqual(['elsewhere', 'of no unit']);
  expect(await found({ text: ' kila b ' })).toEqual(['elsewhere']);
});

test.each([
  ['0%', ['elsewhere']],
  ['%%', []],
  ['a_b', ['elsewhere']],
  ['o_t', []],
  [String.raw`b \ c`, ['elsewhere']],
  [String.raw`\%`, []],
])('in a search for %s the characters stand for themselves', async (text, expected) => {
  expect(await found({ text })).toEqual(expected);
});

test.each(['', '  '])('a search for "%s" is no filter', async (text) => {
  expect(await found({ text })).toHaveLength(5);
});

test.each(['x', 'x'.repeat(201)])('a search for "%s" is refused', async (text) => {
  const { errors } = await cases.ask(query, { as: rows.id('lawyer') }, { filter: { text } });
  expect(errors[0]!.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'filter.text',
    hint: 'Search for 2 to 200 characters.',
  });
});

test.each([
  ['orgUnitId', 'level 1'],
  ['assignedPersonId', "' or true --"],
])('%s names an id that is none', async (argument, value) => {
  const { errors } = await cases.ask(query, { as: rows.id('lawyer') }, { filter: { [argument]: value } });
  expect(errors[0]).toMatchObject({
    message: `"${value}" is not an id.`,
    extensions: { code: 'BAD_USER_INPUT', field: `filter.${argument}` },
  });
});

test('all conditions hold together, and null is no condition', async () => {
  const filter = { orgUnitId: rows.id('level 1'), status: ['IN_COURT'], text: 'middle', openedFrom: null, isRestricted: false };
  expect(await found(filter)).toEqual(['middle']);
  expect(await found({ orgUnitId: null, status: null, text: null, isRestricted: null })).toHaveLength(5);
});
