import { fillWithSampleData, samplePeople } from '@bailiwick/database/sample/sample';
import { createTestDatabase } from '../support/database.js';
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
  database = await createTestDatabase();
  await fillWithSampleData({ operatorUrl: database.operatorUrl });
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
});
