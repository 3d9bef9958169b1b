import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

// What is read of the rows follows from what an operation selects, and answers the same however it is written.

let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .person('lawyer', { roles: ['Lawyer'] })
    .legalCase('a', { title: 'A v B' })
    .assign('a', 'lawyer', { role: 'lead' })
    .party('a', 'A', { role: 'plaintiff', phone: '1' })
    .onCase('case_costs', 'a', 'large', { costType: 'Claim', amount: '1234567890123456.78', amountPaid: '0.10' })
    .onCase('case_costs', 'a', 'negative', { costType: 'Refund', amount: '99999999999999.99', incurredOn: '2990-01-01' })
    .onCase('documents', 'a', 'claim', { title: 'Claim', createdAt: '2026-01-01T00:00:00.100001Z' })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const read = async (query: string, variables: object = {}) => cases.read(query, rows.id('lawyer'), variables);

test('money stays exact to the last digit, nested too', async () => {
  const { legalCases } = await read('{ legalCases { nodes { costs { amount amountPaid } } } }');
  expect(legalCases.nodes[0].costs).toEqual([
    { amount: '1234567890123456.78', amountPaid: '0.10' },
    { amount: '99999999999999.99', amountPaid: '0.00' },
  ]);
});

test('a nested time keeps its microseconds', async () => {
  const { legalCases } = await read('{ legalCases { nodes { documents { createdAt } } } }');
  expect(legalCases.nodes[0].documents).toEqual([{ createdAt: '2026-01-01T00:00:00.100001Z' }]);
});

test('fields in fragments, fragments in fragments and fields under other names are all read', async () => {
  const { one, legalCases } = await read(
    `query ($id: ID!) {
      one: legalCase(id: $id) { ...Named people: parties { called: name } parties { phone } ... on LegalCase { ...Led } }
      legalCases { edges { node { number: caseNumber } } nodes { ...Named } }
    }
    fragment Named on LegalCase { name: title ...Led }
    fragment Led on LegalCase { lead { id } }`,
    { id: rows.id('a') },
  );
  const named = { name: 'A v B', lead: { id: rows.id('lawyer') } };
  expect(one).toEqual({ ...named, people: [{ called: 'A' }], parties: [{ phone: '1' }] });
  expect(legalCases.nodes).toEqual([named]);
  expect(legalCases.edges).toEqual([{ node: { number: expect.stringMatching(/^LC-/) } }]);
});

test('what a variable leaves out is not read, and is read the next time', async () => {
  const query = `query ($id: ID!, $all: Boolean!, $none: Boolean!) {
    legalCase(id: $id) { title parties @include(if: $all) { name } documents @skip(if: $none) { title } } }`;
  const ask = (all: boolean) => cases.ask(query, { as: rows.id('lawyer') }, { id: rows.id('a'), all, none: !all });
  for (const all of [false, true, false]) {
    const { data, statements } = await ask(all);
    expect(data.legalCase).toEqual(
      all ? { title: 'A v B', parties: [{ name: 'A' }], documents: [{ title: 'Claim' }] } : { title: 'A v B' },
    );
    expect(statements).toHaveLength(1);
    expect(statements[0]!.includes('"parties"')).toBe(all);
    expect(statements[0]!.includes('"documents"')).toBe(all);
  }
});

test('a way that leads round in a circle is read one statement a turn, and holds the right rows', async () => {
  const { data, errors, statements } = await cases.ask(
    '{ legalCases { nodes { parties { name legalCase { title parties { name legalCase { caseNumber parties { name } } } } } } } }',
    { as: rows.id('lawyer') },
  );
  expect(errors).toEqual([]);
  const [party] = data.legalCases.nodes[0].parties;
  expect(party.legalCase).toMatchObject({ title: 'A v B', parties: [{ name: 'A', legalCase: { parties: [{ name: 'A' }] } }] });
  expect(statements.length).toBeLessThanOrEqual(7);
});

test('a list of values is one parameter, and one that is too long is refused', async () => {
  const query = 'query ($status: [LegalCaseStatus!]) { legalCases(filter: { status: $status }) { totalCount } }';
  const ask = (length: number) =>
    cases.ask(query, { as: rows.id('lawyer') }, { status: Array.from({ length }, () => 'UNDER_REVIEW') });
  const [few, many] = [await ask(1), await ask(1_000)];
  expect(few.data).toEqual(many.data);
  expect(few.statements).toEqual(many.statements);
  const { errors } = await ask(70_000);
  expect(errors).toMatchObject([
    { message: 'The list has 70,000 values.', extensions: { code: 'BAD_USER_INPUT', field: 'filter.status' } },
  ]);
});
