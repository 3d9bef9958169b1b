import { newId } from '@bailiwick/kernel/postgres';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

const total = 100;
const names = Array.from({ length: total }, (_unused, index) => `case ${index}`);
let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = seed(database)
    .orgUnit('hq')
    .person('lawyer', { roles: ['Lawyer'] });
  for (const name of names) {
    rows
      .legalCase(name, { orgUnit: 'hq', createdBy: rows.id('lawyer') })
      .assign(name, 'lawyer', { role: 'lead' })
      .party(name, `${name} plaintiff`)
      .party(name, `${name} defendant`)
      .onCase('case_events', name, `${name} past`, { title: 'Past', startsAt: '2020-01-01T00:00:00Z' })
      .onCase('case_events', name, `${name} later`, { title: 'Later', startsAt: '2990-01-02T00:00:00Z' })
      .onCase('case_events', name, `${name} next`, { title: 'Next', startsAt: '2990-01-01T00:00:00Z' })
      .onCase('documents', name, `${name} document`, { title: 'Statement of claim' })
      .onCase('document_versions', name, `${name} v1`, {
        documentId: rows.id(`${name} document`),
        versionNumber: 1,
        fileName: 'v1.pdf',
      })
      .onCase('document_versions', name, `${name} v2`, {
        documentId: rows.id(`${name} document`),
        versionNumber: 2,
        fileName: 'v2.pdf',
        fileSize: '9007199254740993',
      })
      .onCase('tasks', name, `${name} task`, { title: 'Draft' })
      .onCase('court_orders', name, `${name} order`, { orderDate: '2026-01-01' })
      .onCase('case_costs', name, `${name} cost`, { costType: 'Filing fee', amount: '1200.50' });
  }
  await rows.write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const everything = `{
  title lead { id } orgUnit { id } createdBy { id }
  assignments { role person { id } legalCase { id } }
  parties { name legalCase { title } }
  nextEvent { title legalCase { id } } events { title }
  documents { title versions { versionNumber fileName fileSize uploadedBy { id } } latestVersion { fileName } }
  tasks { title } courtOrders { orderDate } costs { amount amountPaid }
}`;

const labelOf = (text: string) => /^\/\* (\S+) \*\//.exec(text)![1]!;

test('a page of cases with everything that hangs on them costs as many statements for a hundred as for one', async () => {
  const query = `query ($first: Int!) { legalCases(first: $first, orderBy: TITLE_ASC) { totalCount nodes ${everything} } }`;
  const one = await cases.ask(query, { as: rows.id('lawyer') }, { first: 1 });
  const all = await cases.ask(query, { as: rows.id('lawyer') }, { first: 100 });
  expect(all.errors).toEqual([]);
  expect(all.data.legalCases.nodes).toHaveLength(total);
  expect(all.statements).toHaveLength(one.statements.length);
  expect(all.statements.map(labelOf).sort()).toEqual(
    [
      'legalCases',
      'legalCases.totalCount',
      // All that hangs on the cases.
      'legalCases.rows',
      // What leads back to a case is not in that statement.
      ...['CaseAssignment', 'Party', 'CaseEvent'].map((type) => `${type}.legalCase`),
    ]
      .map((label) => `case-management:${label}`)
      .sort(),
  );
  expect(all.data.legalCases.nodes[0]).toEqual({
    title: 'case 0',
    lead: { id: rows.id('lawyer') },
    orgUnit: { id: rows.id('hq') },
    createdBy: { id: rows.id('lawyer') },
    assignments: [{ role: 'LEAD', person: { id: rows.id('lawyer') }, legalCase: { id: rows.id('case 0') } }],
    parties: [
      { name: 'case 0 defendant', legalCase: { title: 'case 0' } },
      { name: 'case 0 plaintiff', legalCase: { title: 'case 0' } },
    ],
    nextEvent: { title: 'Next', legalCase: { id: rows.id('case 0') } },
    events: [{ title: 'Past' }, { title: 'Next' }, { title: 'Later' }],
    documents: [
      {
        title: 'Statement of claim',
        versions: [
          { versionNumber: 2, fileName: 'v2.pdf', fileSize: '9007199254740993', uploadedBy: null },
          { versionNumber: 1, fileName: 'v1.pdf', fileSize: null, uploadedBy: null },
        ],
        latestVersion: { fileName: 'v2.pdf' },
      },
    ],
    tasks: [{ title: 'Draft' }],
    courtOrders: [{ orderDate: '2026-01-01' }],
    costs: [{ amount: '1200.50', amountPaid: '0.00' }],
  });
});

test.each([
  ['LegalCase', 'title parties { name }', 1],
  ['OrgUnit', 'legalCases(first: 5) { totalCount nodes { title } }', 2],
  ['Person', 'assignedCases(first: 5) { totalCount nodes { title } }', 2],
  ['Recommendation', 'legalCases { legalCase { title lead { id } } }', 1],
])('a hundred references to %s cost as many statements as one', async (__typename, selection, statements) => {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${__typename} { ${selection} } } }`;
  const reference = (name: string) => ({
    __typename,
    id: __typename === 'LegalCase' ? rows.id(name) : newId(),
    caseLinks: [{ legalCaseId: rows.id(name), relation: 'INFORMATION_ONLY', note: null }],
  });
  for (const count of [1, total]) {
    const representations = names.slice(0, count).map(reference);
    const answer = await cases.ask(query, { as: rows.id('lawyer') }, { representations });
    expect(answer.errors).toEqual([]);
    expect(answer.data._entities).toHaveLength(count);
    expect(answer.statements).toHaveLength(statements);
  }
});

test('the same list with other arguments is another statement, and never mixes with it', async () => {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on OrgUnit {
    two: legalCases(first: 2, orderBy: TITLE_ASC) { nodes { title } } last: legalCases(last: 1, orderBy: TITLE_ASC) { nodes { title } } } } }`;
  const representations = [{ __typename: 'OrgUnit', id: rows.id('hq') }];
  const { data, statements } = await cases.ask(query, { as: rows.id('lawyer') }, { representations });
  expect(data._entities).toEqual([
    { two: { nodes: [{ title: 'case 0' }, { title: 'case 1' }] }, last: { nodes: [{ title: 'case 99' }] } },
  ]);
  expect(statements).toHaveLength(2);
});

describe('an operation that only counts reads no rows', () => {
  test.each([
    ['', '{ legalCases(first: 1) { totalCount } }', 'legalCases.totalCount'],
    [
      ' of many parents',
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on OrgUnit { legalCases(first: 1) { totalCount } } } }',
      'OrgUnit.legalCases.totalCount',
    ],
  ])('%s', async (_what, query, label) => {
    const representations = [{ __typename: 'OrgUnit', id: rows.id('hq') }];
    const { data, errors, statements } = await cases.ask(query, { as: rows.id('lawyer') }, { representations });
    expect(errors).toEqual([]);
    expect(statements.map(labelOf)).toEqual([`case-management:${label}`]);
    expect(JSON.stringify(data)).toContain(`"totalCount":${total}`);
  });

  test('and still refuses arguments that are wrong', async () => {
    const { errors } = await cases.ask('{ legalCases(first: 1, after: "nonsense") { totalCount } }', { as: rows.id('lawyer') });
    expect(errors[0]!.extensions.code).toBe('BAD_CURSOR');
  });
});

describe("a page's leads are read with its cases", () => {
  const ask = async (query: string, variables: object = {}) => {
    const { data, errors, statements } = await cases.ask(query, { as: rows.id('lawyer') }, variables);
    expect(errors).toEqual([]);
    return { data, labels: statements.map(labelOf) };
  };
  const led = { lead: { id: '' } };
  const withLead = ['case 0', 'case 1'];
  beforeAll(async () => {
    led.lead.id = rows.id('lawyer');
    await rows
      .person('second', { roles: ['Lawyer'] })
      .legalCase('led by nobody', { title: 'z nobody', orgUnit: 'hq' })
      .assign('led by nobody', 'second', { role: 'member' })
      .legalCase('led no more', { title: 'z no more', orgUnit: 'hq' })
      .assign('led no more', 'second', { role: 'lead', endedAt: '2990-01-01T00:00:00Z' })
      .assign(withLead[0]!, 'second', { role: 'member' })
      .write();
  });

  test('by the ids of the page, null where there is none or was one once', async () => {
    const { data, labels } = await ask(`{
      first: legalCases(first: 2, orderBy: TITLE_ASC) { edges { cursor node { lead { id } } } }
      last: legalCases(last: 2, orderBy: TITLE_ASC) { nodes { lead { id } } }
    }`);
    expect(data.first.edges.map(({ node }: { node: object }) => node)).toEqual([led, led]);
    expect(data.last.nodes).toEqual([{ lead: null }, { lead: null }]);
    expect(labels.toSorted()).toEqual(
      ['legalCases', 'legalCases', 'legalCases.rows', 'legalCases.rows'].map((label) => `case-management:${label}`),
    );
  });

  test('of many parents, in the same two statements', async () => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on OrgUnit { legalCases(first: 2, orderBy: TITLE_ASC) { nodes { lead { id } } } } } }`;
    const { data, labels } = await ask(query, { representations: [{ __typename: 'OrgUnit', id: rows.id('hq') }] });
    expect(data._entities).toEqual([{ legalCases: { nodes: [led, led] } }]);
    expect(labels).toEqual(['case-management:OrgUnit.legalCases', 'case-management:OrgUnit.legalCases.rows']);
  });

  test('beside all assignments', async () => {
    const { data, labels } = await ask(
      '{ legalCases(first: 1, orderBy: TITLE_ASC) { nodes { lead { id } assignments { role } } } }',
    );
    expect(data.legalCases.nodes).toEqual([{ ...led, assignments: [{ role: 'LEAD' }, { role: 'MEMBER' }] }]);
    expect(labels).toEqual(['case-management:legalCases', 'case-management:legalCases.rows']);
  });
});
