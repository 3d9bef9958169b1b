import { newId } from '@bailiwick/kernel/postgres';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const labelsOf = (statements: string[]) => statements.map((text) => /^\/\* (\S+) \*\//.exec(text)?.[1]).sort();

describe('the statements of an operation', () => {
  const parents = 50;
  const caseIds = Array.from({ length: parents }, newId);
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database).person('auditor', { roles: ['Auditor'] });
    for (let n = 0; n < parents; n++) {
      rows
        .orgUnit(`unit ${n}`)
        .person(`lead ${n}`)
        .engagement(`engagement ${n}`, { orgUnit: `unit ${n}`, lead: `lead ${n}` })
        .member(`engagement ${n}`, `lead ${n}`)
        .workpaper(`paper ${n}`, { engagement: `engagement ${n}` })
        .evidence(`file ${n}`, { workpaper: `paper ${n}` });
      for (const finding of [`a${n}`, `b${n}`]) {
        rows
          .finding(finding, { engagement: `engagement ${n}` })
          .recommendation(`for ${finding}`, { finding, owner: `lead ${n}` })
          .actionPlan(`plan for ${finding}`, { recommendation: `for ${finding}`, owner: `lead ${n}` })
          .caseLink(`for ${finding}`, caseIds[n]!);
      }
    }
    await rows.write();
    audit = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
  });

  afterAll(async () => {
    await audit.stop();
    await database.drop();
  });

  async function statementsOf(query: string, variables: object) {
    const { statements, errors, data } = await audit.ask(query, { as: rows.id('auditor') }, variables);
    expect(errors).toEqual([]);
    return { labels: labelsOf(statements), data };
  }

  test('a page of engagements with everything nested costs as many for 50 as for one', async () => {
    const query = `query ($first: Int) { engagements(first: $first) { totalCount nodes {
      lead { id } orgUnit { id } members { person { id } } workpapers { evidence { fileName } }
      findings(first: 5) { totalCount nodes {
        engagement { code }
        recommendations { finding { title } caseLinks { legalCaseId } actionPlans { recommendation { id } ownerPerson { id } } } } }
    } } }`;
    const one = await statementsOf(query, { first: 1 });
    const all = await statementsOf(query, { first: parents });
    expect(all.data.engagements.nodes).toHaveLength(parents);
    expect(all.data.engagements.nodes[49].findings.nodes[1].recommendations[0].actionPlans).toHaveLength(1);
    expect(all.labels).toEqual(one.labels);
    expect(all.labels).toEqual([
      // What leads back to rows above is not in their statement.
      'audit:ActionPlan.recommendation',
      'audit:Engagement.findings',
      'audit:Engagement.findings.rows',
      'audit:Engagement.findings.totalCount',
      'audit:Recommendation.finding',
      'audit:engagements',
      'audit:engagements.rows',
      'audit:engagements.totalCount',
    ]);
  });

  test('what the other subgraphs ask about 50 things costs as much as about one', async () => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on OrgUnit { engagements { totalCount nodes { code } } findings { totalCount nodes { title } } }
      ... on Person { ledEngagements { totalCount nodes { code } } actionPlans { totalCount nodes { recommendation { finding { title } } } } }
      ... on LegalCase { recommendations { finding { engagement { code } } } }
      ... on Engagement { code } ... on Finding { title } ... on Recommendation { caseLinks { legalCaseId } }
    } }`;
    const about = (count: number) => ({
      representations: Array.from({ length: count }, (_, n) => [
        { __typename: 'OrgUnit', id: rows.id(`unit ${n}`) },
        { __typename: 'Person', id: rows.id(`lead ${n}`) },
        { __typename: 'LegalCase', id: caseIds[n] },
        { __typename: 'Engagement', id: rows.id(`engagement ${n}`) },
        { __typename: 'Finding', id: rows.id(`a${n}`) },
        { __typename: 'Recommendation', id: rows.id(`for a${n}`) },
      ]).flat(),
    });
    const one = await statementsOf(query, about(1));
    const all = await statementsOf(query, about(parents));
    expect(all.data._entities[6 * 49]).toMatchObject({ engagements: { totalCount: 1 }, findings: { totalCount: 2 } });
    expect(all.data._entities[6 * 49 + 1]).toMatchObject({ ledEngagements: { totalCount: 1 }, actionPlans: { totalCount: 2 } });
    expect(all.data._entities[6 * 49 + 2].recommendations).toHaveLength(2);
    expect(all.labels).toEqual(one.labels);
  });

  test('nothing is counted unless totalCount is selected, and nothing is read for what stands in the request', async () => {
    const counted = await statementsOf('{ findings { pageInfo { hasNextPage } } }', {});
    expect(counted.labels).toEqual(['audit:findings']);
    const representations = [{ __typename: 'OrgUnit', id: rows.id('unit 0') }];
    const known = await statementsOf('query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrgUnit { id } } }', {
      r: representations,
    });
    expect(known.labels).toEqual([]);
  });
});
