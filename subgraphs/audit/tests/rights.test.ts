import { newId } from '@bailiwick/kernel/postgres';
import type { JWTPayload } from 'jose';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createTestIssuer } from '../../../tests/support/tokens.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const everything = `{
  engagements { totalCount nodes { title } }
  findings(orderBy: CREATED_AT_ASC) { totalCount nodes { title engagement { title } recommendations { recommendationText } } }
  recommendations(orderBy: CREATED_AT_ASC) { totalCount nodes { recommendationText finding { title } actionPlans { actionText } caseLinks { note } } }
  actionPlans(orderBy: CREATED_AT_ASC) { totalCount nodes { actionText recommendation { recommendationText } } }
}`;
const nothing = {
  engagements: { totalCount: 0, nodes: [] },
  findings: { totalCount: 0, nodes: [] },
  recommendations: { totalCount: 0, nodes: [] },
  actionPlans: { totalCount: 0, nodes: [] },
};

describe('who sees what of the audit system', () => {
  const legalCase = newId();
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database)
      .orgUnit('agency')
      .person('auditor', { roles: ['Auditor'] })
      .person('reader', { roles: ['Read-Only'] })
      .person('owner', { roles: ['Action Owner'] })
      .person('other owner', { roles: ['Action Owner'] })
      .person('lawyer', { roles: ['Lawyer'] })
      .person('both', { roles: ['Lawyer', 'Auditor'] })
      .person('leaver', { roles: ['Auditor', 'System Admin'], isActive: false })
      .engagement('audit', { orgUnit: 'agency', lead: 'auditor' })
      .finding('finding 1', { engagement: 'audit' })
      .finding('finding 2', { engagement: 'audit' })
      .finding('finding 3', { engagement: 'audit' })
      // Theirs as a whole, with a plan of somebody else's below it.
      .recommendation('rec 1', { finding: 'finding 1', owner: 'owner' })
      .actionPlan('plan 1', { recommendation: 'rec 1', owner: 'other owner' })
      // Not theirs, but a plan below it is.
      .recommendation('rec 2', { finding: 'finding 2', owner: 'other owner' })
      .actionPlan('plan 2', { recommendation: 'rec 2', owner: 'owner' })
      .actionPlan('plan 2b', { recommendation: 'rec 2', owner: 'other owner' })
      // Nothing of theirs.
      .recommendation('rec 2b', { finding: 'finding 2' })
      .recommendation('rec 3', { finding: 'finding 3', owner: 'other owner' })
      .caseLink('rec 1', legalCase, { note: 'link' });
    await rows.write();
    audit = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
  });

  afterAll(async () => {
    await audit.stop();
    await database.drop();
  });

  test.each(['auditor', 'reader', 'both'])('the %s sees everything', async (name) => {
    const data = await audit.read(everything, rows.id(name));
    expect(data.engagements.totalCount).toBe(1);
    expect(data.findings.totalCount).toBe(3);
    expect(data.recommendations.totalCount).toBe(4);
    expect(data.actionPlans.totalCount).toBe(3);
    expect(data.findings.nodes[0]).toEqual({
      title: 'finding 1',
      engagement: { title: 'audit' },
      recommendations: [{ recommendationText: 'rec 1' }],
    });
    expect(data.recommendations.nodes[0].caseLinks).toEqual([{ note: 'link' }]);
  });

  test('an action owner sees what is theirs with the findings above, and counts only that', async () => {
    expect(await audit.read(everything, rows.id('owner'))).toEqual({
      engagements: { totalCount: 0, nodes: [] },
      findings: {
        totalCount: 2,
        nodes: [
          { title: 'finding 1', engagement: null, recommendations: [{ recommendationText: 'rec 1' }] },
          { title: 'finding 2', engagement: null, recommendations: [{ recommendationText: 'rec 2' }] },
        ],
      },
      recommendations: {
        totalCount: 2,
        nodes: [
          { recommendationText: 'rec 1', finding: { title: 'finding 1' }, actionPlans: [], caseLinks: [] },
          {
            recommendationText: 'rec 2',
            finding: { title: 'finding 2' },
            actionPlans: [{ actionText: 'plan 2' }],
            caseLinks: [],
          },
        ],
      },
      actionPlans: { totalCount: 1, nodes: [{ actionText: 'plan 2', recommendation: { recommendationText: 'rec 2' } }] },
    });
  });

  test('the same holds by id, by reference, and below the org unit, the person and the case', async () => {
    const query = `query ($r: [_Any!]!, $mine: ID!, $other: ID!, $engagement: ID!) {
      mine: finding(id: $mine) { title } other: finding(id: $other) { title } engagement(id: $engagement) { title }
      _entities(representations: $r) {
        ... on Finding { title } ... on Recommendation { recommendationText } ... on Engagement { title }
        ... on OrgUnit { findings { totalCount nodes { title } } engagements { totalCount } }
        ... on Person { actionPlans { totalCount nodes { actionText } } ledEngagements { totalCount } }
        ... on LegalCase { recommendations { recommendationText } }
      } }`;
    const r = [
      { __typename: 'Finding', id: rows.id('finding 3') },
      { __typename: 'Recommendation', id: rows.id('rec 2') },
      { __typename: 'Recommendation', id: rows.id('rec 2b') },
      { __typename: 'Engagement', id: rows.id('audit') },
      { __typename: 'OrgUnit', id: rows.id('agency') },
      { __typename: 'Person', id: rows.id('other owner') },
      { __typename: 'Person', id: rows.id('owner') },
      { __typename: 'LegalCase', id: legalCase },
    ];
    const variables = { r, mine: rows.id('finding 1'), other: rows.id('finding 3'), engagement: rows.id('audit') };
    expect(await audit.read(query, rows.id('owner'), variables)).toEqual({
      mine: { title: 'finding 1' },
      other: null,
      engagement: null,
      _entities: [
        null,
        { recommendationText: 'rec 2' },
        null,
        null,
        // The unit of an engagement is not theirs to know, so neither is what was found there.
        { findings: { totalCount: 0, nodes: [] }, engagements: { totalCount: 0 } },
        { actionPlans: { totalCount: 0, nodes: [] }, ledEngagements: { totalCount: 0 } },
        { actionPlans: { totalCount: 1, nodes: [{ actionText: 'plan 2' }] }, ledEngagements: { totalCount: 0 } },
        { recommendations: [] },
      ],
    });
  });

  test.each(['lawyer', 'leaver'])('the %s sees nothing', async (name) => {
    expect(await audit.read(everything, rows.id(name))).toEqual(nothing);
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on LegalCase { recommendations { id } } } }';
    const r = [{ __typename: 'LegalCase', id: legalCase }];
    expect((await audit.read(query, rows.id(name), { r }))._entities).toEqual([{ recommendations: [] }]);
  });

  test('a token for a person who is not in the database sees nothing', async () => {
    expect(await audit.read(everything, newId())).toEqual(nothing);
  });

  test('a role that is taken away is gone at the next query', async () => {
    rows.person('temporary', { roles: ['Auditor'] });
    await rows.write();
    expect((await audit.read(everything, rows.id('temporary'))).engagements.totalCount).toBe(1);
    await rows.sql(`update people set roles = '{}' where id = $1`, [rows.id('temporary')]);
    expect(await audit.read(everything, rows.id('temporary'))).toEqual(nothing);
  });

  describe('without a valid token nothing is answered, not even introspection', () => {
    const tokenOfAuditor = async (claims: JWTPayload) => `Bearer ${await audit.issuer.tokenFor(rows.id('auditor'), claims)}`;
    const past = Math.floor(Date.now() / 1000) - 10;
    test.each<[string, () => Promise<string | undefined>, RegExp]>([
      ['no header', async () => undefined, /carries no token/],
      ['no bearer', async () => 'Basic YTpi', /not of the form "Bearer <token>"/],
      ['nonsense', async () => 'Bearer nonsense', /is not valid/],
      ['expired', () => tokenOfAuditor({ exp: past }), /expired at/],
      ['without an end', () => tokenOfAuditor({ exp: undefined }), /claim "exp"/],
      ['of another issuer', () => tokenOfAuditor({ iss: 'elsewhere' }), /claim "iss"/],
      ['for another service', () => tokenOfAuditor({ aud: 'elsewhere' }), /claim "aud"/],
      ['for nobody', () => tokenOfAuditor({ sub: 'admin' }), /not a person's id/],
      [
        'signed by another',
        async () => `Bearer ${await (await createTestIssuer()).tokenFor(rows.id('auditor'))}`,
        /signature or its form/,
      ],
    ])('%s', async (_what, header, message) => {
      const { data, errors, statements } = await audit.ask('{ __schema { queryType { name } } engagements { totalCount } }', {
        authorization: await header(),
      });
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'UNAUTHENTICATED' } }]);
      expect(statements).toEqual([]);
    });
  });
});
