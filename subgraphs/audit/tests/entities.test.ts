import { newId } from '@bailiwick/kernel/postgres';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const entities = (type: string, selection: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${selection} } } }`;

describe('what the audit subgraph answers about one thing', () => {
  const legalCase = newId();
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database)
      .orgUnit('agency')
      .orgUnit('division', { parent: 'agency' })
      .person('auditor', { roles: ['Auditor'] })
      .person('owner', { roles: ['Action Owner'] })
      .engagement('payroll', { orgUnit: 'agency', lead: 'auditor', startDate: '2026-01-05', lifecycleStage: 'draft_report' })
      .member('payroll', 'owner', { role: 'liaison' })
      .workpaper('sample test', { engagement: 'payroll', sampleRef: 'S-1' })
      .evidence('ledger.pdf', { workpaper: 'sample test', fileSize: '9007199254740993' })
      .finding('ghost workers', { engagement: 'payroll', reference: '1.1', riskRating: 'critical', isRepeat: true });
    rows
      .recommendation('remove them', { finding: 'ghost workers', owner: 'owner', ownerUnitId: rows.id('division') })
      .actionPlan('head count', { recommendation: 'remove them', owner: 'owner', progressPercent: 40, status: 'in_progress' })
      .caseLink('remove them', legalCase, { relation: 'adopted_as_basis', note: 'paragraph 4' });
    await rows.write();
    audit = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
  });

  afterAll(async () => {
    await audit.stop();
    await database.drop();
  });

  const resolve = async (type: string, ids: string[], selection: string) => {
    const representations = ids.map((id) => ({ __typename: type, id }));
    const data = await audit.read(entities(type, selection), rows.id('auditor'), { representations });
    return data._entities as unknown;
  };

  test('an engagement is resolved by its id, with everything below it', async () => {
    const selection = `
      id title code status lifecycleStage startDate endDate version createdAt lead { id } orgUnit { id } createdBy { id }
      members { role person { id } }
      workpapers { title sampleRef evidence { fileName fileSize uploadedBy { id } } }
      findings { totalCount nodes { title } }`;
    expect(await resolve('Engagement', [rows.id('payroll')], selection)).toEqual([
      {
        id: rows.id('payroll'),
        title: 'payroll',
        code: expect.stringMatching(/^EN-\d{4}-\d{6}$/),
        status: 'PLANNING',
        lifecycleStage: 'DRAFT_REPORT',
        startDate: '2026-01-05',
        endDate: null,
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        lead: { id: rows.id('auditor') },
        orgUnit: { id: rows.id('agency') },
        createdBy: null,
        members: [{ role: 'liaison', person: { id: rows.id('owner') } }],
        workpapers: [
          {
            title: 'sample test',
            sampleRef: 'S-1',
            evidence: [{ fileName: 'ledger.pdf', fileSize: '9007199254740993', uploadedBy: null }],
          },
        ],
        findings: { totalCount: 1, nodes: [{ title: 'ghost workers' }] },
      },
    ]);
  });

  test('a finding is resolved by its id, with the engagement above and the recommendations below it', async () => {
    const selection = 'reference riskRating isRepeat engagement { title } recommendations { recommendationText }';
    expect(await resolve('Finding', [rows.id('ghost workers')], selection)).toEqual([
      {
        reference: '1.1',
        riskRating: 'CRITICAL',
        isRepeat: true,
        engagement: { title: 'payroll' },
        recommendations: [{ recommendationText: 'remove them' }],
      },
    ]);
  });

  test('a recommendation is resolved by its id, with the cases it names for the case-management subgraph', async () => {
    const selection = `
      ownerPerson { id } ownerUnit { id } targetDate finding { title } caseLinks { legalCaseId relation note }
      actionPlans { actionText progressPercent status ownerPerson { id } recommendation { id } }`;
    expect(await resolve('Recommendation', [rows.id('remove them')], selection)).toEqual([
      {
        ownerPerson: { id: rows.id('owner') },
        ownerUnit: { id: rows.id('division') },
        targetDate: null,
        finding: { title: 'ghost workers' },
        caseLinks: [{ legalCaseId: legalCase, relation: 'ADOPTED_AS_BASIS', note: 'paragraph 4' }],
        actionPlans: [
          {
            actionText: 'head count',
            progressPercent: 40,
            status: 'IN_PROGRESS',
            ownerPerson: { id: rows.id('owner') },
            recommendation: { id: rows.id('remove them') },
          },
        ],
      },
    ]);
  });

  test('an org unit has the engagements of that very unit, and what was found in them', async () => {
    const ids = [rows.id('agency'), rows.id('division')];
    expect(await resolve('OrgUnit', ids, 'engagements { nodes { title } } findings { totalCount nodes { title } }')).toEqual([
      { engagements: { nodes: [{ title: 'payroll' }] }, findings: { totalCount: 1, nodes: [{ title: 'ghost workers' }] } },
      { engagements: { nodes: [] }, findings: { totalCount: 0, nodes: [] } },
    ]);
  });

  test('a person has the engagements they lead and the action plans they answer for', async () => {
    const ids = [rows.id('auditor'), rows.id('owner')];
    expect(await resolve('Person', ids, 'ledEngagements { nodes { title } } actionPlans { nodes { actionText } }')).toEqual([
      { ledEngagements: { nodes: [{ title: 'payroll' }] }, actionPlans: { nodes: [] } },
      { ledEngagements: { nodes: [] }, actionPlans: { nodes: [{ actionText: 'head count' }] } },
    ]);
  });

  test('a legal case has the recommendations that name it', async () => {
    expect(await resolve('LegalCase', [legalCase, newId()], 'recommendations { recommendationText }')).toEqual([
      { recommendations: [{ recommendationText: 'remove them' }] },
      { recommendations: [] },
    ]);
  });

  test('ids are taken in upper case too, keep their places, and an unknown one is null', async () => {
    const known = rows.id('ghost workers');
    expect(await resolve('Finding', [newId(), known.toUpperCase(), known], 'id')).toEqual([null, { id: known }, { id: known }]);
  });

  test.each(['Engagement', 'Finding', 'Recommendation', 'OrgUnit', 'Person', 'LegalCase'])(
    'a representation of %s whose id is not one is BAD_USER_INPUT',
    async (type) => {
      const { errors } = await audit.ask(
        entities(type, 'id'),
        { as: rows.id('auditor') },
        { representations: [{ __typename: type, id: "' or 1=1" }] },
      );
      expect(errors[0]).toMatchObject({
        message: '"\' or 1=1" is not an id.',
        extensions: { code: 'BAD_USER_INPUT', field: 'representations' },
      });
    },
  );

  test('a representation whose id is not one leaves its neighbours their answer', async () => {
    const { data, errors } = await audit.ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
      { as: rows.id('auditor') },
      {
        representations: [
          { __typename: 'Finding', id: 'x' },
          { __typename: 'Finding', id: rows.id('ghost workers') },
          { __typename: 'OrgUnit', id: 'x' },
          { __typename: 'OrgUnit', id: rows.id('agency') },
        ],
      },
    );
    expect(data).toEqual({ _entities: [null, { __typename: 'Finding' }, null, { __typename: 'OrgUnit' }] });
    expect(errors.map(({ path }) => path)).toEqual([
      ['_entities', 0],
      ['_entities', 2],
    ]);
  });

  test('one engagement and one finding are found by id; an unknown id is null, and what is no id is BAD_USER_INPUT', async () => {
    const query = 'query ($e: ID!, $f: ID!) { engagement(id: $e) { title } finding(id: $f) { title } }';
    const as = rows.id('auditor');
    expect(await audit.read(query, as, { e: rows.id('payroll'), f: rows.id('ghost workers') })).toEqual({
      engagement: { title: 'payroll' },
      finding: { title: 'ghost workers' },
    });
    expect(await audit.read(query, as, { e: newId(), f: newId() })).toEqual({ engagement: null, finding: null });
    const { errors } = await audit.ask(query, { as }, { e: 'x', f: newId() });
    expect(errors).toEqual([
      expect.objectContaining({
        message: '"x" is not an id.',
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'id' }),
      }),
    ]);
  });
});
