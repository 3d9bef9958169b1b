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
let cursor: string;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('hq')
    .person('lawyer', { roles: ['Lawyer'] })
    .legalCase('one', { orgUnit: 'hq' })
    .legalCase('two', { orgUnit: 'hq' })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
  const { legalCases } = await cases.read('{ legalCases(first: 1) { pageInfo { endCursor } } }', rows.id('lawyer'));
  cursor = legalCases.pageInfo.endCursor;
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

async function refusalOf(args: string, field = 'legalCases', server = cases) {
  const query = `{ ${field}(${args}) { nodes { id } } }`;
  const authorization = `Bearer ${await server.issuer.tokenFor(rows.id('lawyer'))}`;
  const { errors, statements } = await server.ask(query, { authorization });
  expect(statements).toEqual([]);
  expect(errors).toHaveLength(1);
  return errors[0]!;
}

const hint = 'Leave out "after" to begin at the first page, and take cursors from the answers to this very query.';

test.each([
  ['made up', () => 'bm9uc2Vuc2U', 'The cursor "bm9uc2Vuc2U" was not made by this server, or was changed since.'],
  ['empty', () => '', 'The cursor "" was not made by this server, or was changed since.'],
  [
    'changed in its signature',
    () => cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A'),
    /was not made by this server, or was changed since\.$/,
  ],
  ['changed in its content', () => `A${cursor}`, /was not made by this server, or was changed since\.$/],
  ['cut off', () => cursor.slice(0, 40), /was not made by this server, or was changed since\.$/],
])('a cursor that is %s is a BAD_CURSOR', async (_what, made, message) => {
  const error = await refusalOf(`first: 1, after: "${made()}"`);
  expect(error.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  expect(error.extensions).toMatchObject({ code: 'BAD_CURSOR', field: 'after', hint });
});

test('a cursor of another order says which', async () => {
  const error = await refusalOf(`first: 1, orderBy: TITLE_ASC, after: "${cursor}"`);
  expect(error).toMatchObject({
    message: 'The cursor was made for the order OPENED_ON_DESC, not for TITLE_ASC.',
    extensions: { code: 'BAD_CURSOR', field: 'after' },
  });
});

test('a cursor of another filter says so, and an absent filter is an empty one', async () => {
  const error = await refusalOf(`first: 1, filter: { status: [CLOSED] }, after: "${cursor}"`);
  expect(error).toMatchObject({ message: 'The cursor was made under another filter.', extensions: { code: 'BAD_CURSOR' } });
  for (const filter of ['{}', '{ status: null }', 'null']) {
    const { legalCases } = await cases.read(
      `{ legalCases(first: 1, filter: ${filter}, after: "${cursor}") { nodes { id } } }`,
      rows.id('lawyer'),
    );
    expect(legalCases.nodes).toHaveLength(1);
  }
});

test('a cursor of another connection says which', async () => {
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on OrgUnit { legalCases(first: 1, after: "${cursor}") { nodes { id } } } }
  }`;
  const representations = [{ __typename: 'OrgUnit', id: rows.id('hq') }];
  const { errors } = await cases.ask(query, { as: rows.id('lawyer') }, { representations });
  expect(errors[0]).toMatchObject({
    message: 'The cursor belongs to legalCases, not to OrgUnit.legalCases.',
    extensions: { code: 'BAD_CURSOR', field: 'after' },
  });
});

test('a cursor of a server with another key is not accepted', async () => {
  const other = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app', {
    cursorKey: 'the key of another server',
  });
  const error = await refusalOf(`first: 1, after: "${cursor}"`, 'legalCases', other);
  expect(error.extensions.code).toBe('BAD_CURSOR');
  await other.stop();
});

test('the cursor in "before" is told as that argument', async () => {
  const error = await refusalOf('last: 1, before: "x"');
  expect(error.extensions).toMatchObject({ code: 'BAD_CURSOR', field: 'before', hint: hint.replace('after', 'before') });
});

test.each([
  ['first: 101', 'PAGE_TOO_LARGE', '"first" is 101.'],
  ['last: -1', 'PAGE_TOO_LARGE', '"last" is -1.'],
  ['first: 1, last: 1', 'BAD_USER_INPUT', 'Both "first" and "last" are given.'],
])('legalCases(%s) is refused with %s', async (args, code, message) => {
  expect(await refusalOf(args)).toMatchObject({ message, extensions: { code, hint: expect.any(String) } });
});
