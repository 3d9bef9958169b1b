import { samplePeople } from '@bailiwick/database/sample/sample';
import { createSampleDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { TestGraph } from '../support/graph.js';
import { createTestIssuer } from '../support/tokens.js';

const admin = samplePeople.find(({ role }) => role === 'System Admin')!.personId;

const caseList = `query Cases($first: Int!) {
  legalCases(first: $first) {
    totalCount
    nodes {
      caseNumber
      lead { fullName orgUnit { name parent { name } } }
      orgUnit { name }
      parties { name }
      nextEvent { title startsAt }
      recommendations { recommendationText finding { title engagement { code lead { fullName } } } legalCases { legalCase { caseNumber } } }
    }
  }
}`;

let database: TestDatabase;
let graph: TestGraph;

beforeAll(async () => {
  database = await createSampleDatabase();
  graph = await createTestGraph('one process', database, await createTestIssuer());
});
afterAll(async () => {
  await graph?.stop();
  await database?.drop();
});

/** The statements of one answer, by label: what stands between the first comment signs. */
async function labelsOf(first: number): Promise<string[]> {
  graph.statements.length = 0;
  const { data, errors } = await graph.ask(caseList, admin, { first });
  expect(errors).toBeUndefined();
  expect((data as unknown as { legalCases: { nodes: unknown[] } }).legalCases.nodes).toHaveLength(first);
  return graph.statements.map((text) => /^\/\* (.+?) \*\//.exec(text)?.[1] ?? text).sort();
}

describe('the number of statements', () => {
  test('is the same for a page of 100 cases as for one of 10, everything nested included', async () => {
    const ten = await labelsOf(10);
    const hundred = await labelsOf(100);
    expect(hundred).toEqual(ten);
    expect(hundred.filter((label) => label.includes(':') && !label.startsWith('kernel:')).length).toBeLessThanOrEqual(16);
  });

  test('is one for an answer that needs one row', async () => {
    graph.statements.length = 0;
    await graph.ask('{ me { fullName } }', admin);
    expect(graph.statements.filter((text) => text.startsWith('/* ') && !text.startsWith('/* kernel:'))).toHaveLength(1);
  });

  test('does not include a count that nobody asked for', async () => {
    graph.statements.length = 0;
    await graph.ask('{ legalCases(first: 5) { nodes { id } } }', admin);
    expect(graph.statements.filter((text) => text.includes('totalCount'))).toEqual([]);
  });

  test('every statement that reads or writes rows carries a label', async () => {
    await labelsOf(10);
    const unlabelled = graph.statements.filter((text) => !text.startsWith('/* ') && !/^(begin|commit|rollback)/.test(text));
    expect(unlabelled).toEqual([]);
  });

  test('does not grow with the places that name entities of one subgraph', async () => {
    graph.statements.length = 0;
    const { errors } = await graph.ask(
      '{ legalCases(first: 3) { nodes { orgUnit { name } createdBy { fullName } assignments { person { fullName } } } } }',
      admin,
    );
    expect(errors).toBeUndefined();
    expect(graph.statements.filter((text) => text.startsWith('begin'))).toHaveLength(2);
    expect(graph.statements.filter((text) => text.startsWith('/* shared:personById'))).toHaveLength(1);
  });

  test('does not include pages where only counts are selected, whatever other places select', async () => {
    graph.statements.length = 0;
    const { errors } = await graph.ask(
      `{ legalCases(first: 3) { nodes {
        orgUnit { findings { totalCount } }
        lead { ledEngagements { nodes { findings { totalCount } } } actionPlans { nodes { id } } } } } }`,
      admin,
    );
    expect(errors).toBeUndefined();
    const labels = graph.statements.map((text) => /^\/\* (audit:.+?) \*\//.exec(text)?.[1]);
    expect(labels).toContain('audit:OrgUnit.findings.totalCount');
    expect(labels).toContain('audit:Engagement.findings.totalCount');
    expect(labels).not.toContain('audit:OrgUnit.findings');
    expect(labels).not.toContain('audit:Engagement.findings');
  });

  test('has one count where one place lists what another counts', async () => {
    graph.statements.length = 0;
    const query =
      '{ orgUnits(first: 3) { nodes { counted: legalCases { totalCount } legalCases { nodes { id } totalCount } } } }';
    const { errors } = await graph.ask(query, admin);
    expect(errors).toBeUndefined();
    const labels = graph.statements.map((text) => /^\/\* (case-management:.+?) \*\//.exec(text)?.[1]).filter(Boolean);
    expect(labels.sort()).toEqual(['case-management:OrgUnit.legalCases', 'case-management:OrgUnit.legalCases.totalCount']);
  });
});

test('a statement that fails in one place of an answer fails in no other', async () => {
  const { data, errors } = await graph.ask(
    `query ($text: String) { legalCases(first: 5) { nodes {
      orgUnit { engagements(filter: { text: $text }) { nodes { id } } }
      recommendations { finding { title } } } } }`,
    admin,
    { text: 'ab\u0000' },
  );
  const { nodes } = (data as unknown as { legalCases: { nodes: { recommendations: unknown[] | null }[] } }).legalCases;
  expect(nodes.flatMap(({ recommendations }) => recommendations ?? [null])).not.toContain(null);
  expect(nodes.some(({ recommendations }) => recommendations!.length > 0)).toBe(true);
  expect(errors!.length).toBeGreaterThan(0);
  for (const { path } of errors!) expect(path).toContain('engagements');
});
