import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { TestGraph } from '../support/graph.js';
import { seed } from '../support/seed.js';
import type { Seed } from '../support/seed.js';
import { createTestIssuer } from '../support/tokens.js';

let database: TestDatabase;
let rows: Seed;
let graph: TestGraph;
/** What the admin is answered while all three run. */
let whole: Record<string, unknown>;

const everything = `{
  me { fullName orgUnit { name engagements { nodes { title } } legalCases { nodes { title } } } }
  legalCases { nodes { title lead { fullName } assignments { role person { fullName } } orgUnit { name } recommendations { recommendationText } } }
  engagements { nodes { title lead { fullName } members { role person { fullName } } } }
  recommendations { nodes { recommendationText legalCases { legalCase { title } } } }
  people(first: 1) { nodes { fullName assignedCases { totalCount } ledEngagements { totalCount } actionPlans { totalCount } } }
}`;

const admin = 'Ada Admin';
const unit = { name: 'unit', engagements: { nodes: [{ title: 'audit' }] }, legalCases: { nodes: [{ title: 'A v B' }] } };

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('unit')
    .person(admin, { roles: ['System Admin'], orgUnit: 'unit' })
    .legalCase('A v B', { orgUnit: 'unit' })
    .assign('A v B', admin, { role: 'lead' })
    .engagement('audit', { orgUnit: 'unit', lead: admin })
    .member('audit', admin, { role: 'auditor' })
    .finding('finding', { engagement: 'audit' })
    .recommendation('Do it', { finding: 'finding' })
    .caseLink('Do it', 'A v B')
    .write();
  graph = await createTestGraph('separate', database, await createTestIssuer());
  whole = await answered();
});
afterAll(async () => {
  await graph?.stop();
  await database?.drop();
});

async function answered(): Promise<Record<string, unknown>> {
  const { data, errors } = await graph.ask(everything, rows.id(admin));
  expect(errors).toBeUndefined();
  return data as unknown as Record<string, unknown>;
}

/** What is answered while the subgraph is down. Brings it back, and sees that everything is answered again. */
async function without(subgraph: string, query = everything) {
  const bringBack = await graph.endSubgraph(subgraph);
  let answer;
  try {
    answer = await graph.ask(query, rows.id(admin));
  } finally {
    await bringBack();
  }
  const afterwards = await answered();
  if (query === everything) expect(afterwards).toEqual(whole);
  for (const error of answer.errors!) {
    expect(error.message).toBe(`The subgraph ${subgraph} can not be reached.`);
    expect(error.extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      hint: expect.stringContaining('what the other subgraphs answered is in the result') as string,
      requestId: answer.requestId,
    });
  }
  return { status: answer.status, data: answer.data as unknown };
}

const assignments = [{ role: 'LEAD', person: { fullName: admin } }];

test('without the audit subgraph, people and cases are answered, and what is missing is null', async () => {
  const { status, data } = await without('audit');
  expect(status).toBe(200);
  expect(data).toEqual({
    me: { fullName: admin, orgUnit: { ...unit, engagements: null } },
    legalCases: {
      nodes: [{ title: 'A v B', lead: { fullName: admin }, assignments, orgUnit: { name: 'unit' }, recommendations: null }],
    },
    engagements: null,
    recommendations: null,
    people: { nodes: [{ fullName: admin, assignedCases: { totalCount: 1 }, ledEngagements: null, actionPlans: null }] },
  });
});

test('without the case-management subgraph, people and audits are answered', async () => {
  const { data } = await without('case-management');
  expect(data).toMatchObject({
    me: { fullName: admin, orgUnit: { ...unit, legalCases: null } },
    legalCases: null,
    engagements: whole['engagements'],
    recommendations: { nodes: [{ recommendationText: 'Do it', legalCases: null }] },
    people: { nodes: [{ fullName: admin, assignedCases: null, ledEngagements: { totalCount: 1 } }] },
  });
});

test('without the subgraph of the shared tables, cases and audits are answered without the names of people and units', async () => {
  const { data } = await without('shared');
  expect(data).toEqual({
    me: null,
    legalCases: {
      nodes: [
        {
          title: 'A v B',
          lead: null,
          assignments: [{ role: 'LEAD', person: null }],
          orgUnit: null,
          recommendations: [{ recommendationText: 'Do it' }],
        },
      ],
    },
    engagements: { nodes: [{ title: 'audit', lead: null, members: [{ role: 'auditor', person: null }] }] },
    recommendations: whole['recommendations'],
    people: null,
  });
});

test('of two mutations, the one that was carried out is told, and the other one is named in the error', async () => {
  const { data } = await without(
    'audit',
    `mutation {
      openLegalCase(input: { title: "Opened -v- Down" }) { legalCase { title } userErrors { code } }
      createEngagement(input: { title: "Never" }) { engagement { title } userErrors { code } }
    }`,
  );
  expect(data).toEqual({
    openLegalCase: { legalCase: { title: 'Opened -v- Down' }, userErrors: [] },
    createEngagement: null,
  });
});
