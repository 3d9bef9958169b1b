import { newId } from '@bailiwick/kernel/postgres';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

describe('filters', () => {
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database)
      .orgUnit('agency')
      .orgUnit('division', { parent: 'agency' })
      .orgUnit('section', { parent: 'division' })
      .orgUnit('elsewhere')
      .person('auditor', { roles: ['Auditor'] })
      .person('owner', { roles: ['Action Owner'] })
      .engagement('agency audit', { orgUnit: 'agency', lead: 'auditor', code: 'A_1', status: 'fieldwork' })
      .engagement('section audit', { orgUnit: 'section', code: 'AX1', status: 'closed', lifecycleStage: 'final_report' })
      .engagement('other audit', { orgUnit: 'elsewhere', code: '100%', status: 'closed' })
      .finding('duplicate payments', { engagement: 'agency audit', reference: '1.1', riskRating: 'high', status: 'approved' })
      .finding('late payments', { engagement: 'section audit', reference: '2\\1', riskRating: 'low', isRepeat: true })
      .finding('no ledger', { engagement: 'other audit', riskRating: 'critical', isMaterialWeakness: true })
      .recommendation('first', { finding: 'duplicate payments', owner: 'owner', targetDate: '2026-06-30', priority: 'critical' });
    rows
      .recommendation('second', { finding: 'late payments', ownerUnitId: rows.id('section'), targetDate: '2026-07-01' })
      .recommendation('third', { finding: 'late payments', status: 'published' })
      .actionPlan('one', { recommendation: 'first', owner: 'owner', targetDate: '2026-06-30', status: 'completed' })
      .actionPlan('two', { recommendation: 'second', targetDate: '2026-07-01' })
      .actionPlan('three', { recommendation: 'second' });
    await rows.write();
    audit = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
  });

  afterAll(async () => {
    await audit.stop();
    await database.drop();
  });

  /** A filter with `{name}` in place of ids. */
  const withIds = (filter: string) => filter.replace(/\{(\w[\w ]*)\}/g, (_all, name: string) => `"${rows.id(name)}"`);

  test.each([
    ['engagements', 'status: [CLOSED]', ['section audit', 'other audit']],
    ['engagements', 'status: [CLOSED, FIELDWORK], lifecycleStage: [PLANNING]', ['agency audit', 'other audit']],
    ['engagements', 'status: []', []],
    ['engagements', 'status: null, text: null', ['agency audit', 'section audit', 'other audit']],
    ['engagements', 'orgUnitId: {agency}', ['agency audit', 'section audit']],
    ['engagements', 'orgUnitId: {section}', ['section audit']],
    ['engagements', 'leadPersonId: {auditor}', ['agency audit']],
    ['engagements', 'text: " "', ['agency audit', 'section audit', 'other audit']],
    ['engagements', 'text: "AUDIT"', ['agency audit', 'section audit', 'other audit']],
    ['engagements', 'text: " ax1 "', ['section audit']],
    ['engagements', 'text: "a_1"', ['agency audit']],
    ['engagements', 'text: "0%"', ['other audit']],
    ['findings', 'riskRating: [HIGH, LOW]', ['duplicate payments', 'late payments']],
    ['findings', 'status: [APPROVED]', ['duplicate payments']],
    ['findings', 'engagementId: {other audit}', ['no ledger']],
    ['findings', 'orgUnitId: {division}', ['late payments']],
    ['findings', 'orgUnitId: {agency}, riskRating: [HIGH]', ['duplicate payments']],
    ['findings', 'isMaterialWeakness: true', ['no ledger']],
    ['findings', 'isMaterialWeakness: false, isRepeat: false', ['duplicate payments']],
    ['findings', 'text: "payments"', ['duplicate payments', 'late payments']],
    ['findings', 'text: "2\\\\1"', ['late payments']],
    ['findings', 'text: "__"', []],
    ['recommendations', 'status: [PUBLISHED]', ['third']],
    ['recommendations', 'priority: [CRITICAL]', ['first']],
    ['recommendations', 'findingId: {late payments}', ['second', 'third']],
    ['recommendations', 'ownerPersonId: {owner}', ['first']],
    ['recommendations', 'ownerUnitId: {agency}', ['second']],
    ['recommendations', 'dueBy: "2026-06-30"', ['first']],
    ['recommendations', 'dueBy: "2026-07-01"', ['first', 'second']],
    ['actionPlans', 'status: [NOT_STARTED]', ['two', 'three']],
    ['actionPlans', 'recommendationId: {first}', ['one']],
    ['actionPlans', 'ownerPersonId: {owner}', ['one']],
    ['actionPlans', 'dueBy: "2026-12-31"', ['one', 'two']],
  ])('%s with %s', async (field, filter, expected) => {
    const query = `{ ${field}(filter: { ${withIds(filter)} }, orderBy: CREATED_AT_ASC) { totalCount nodes { id } } }`;
    const page = (await audit.read(query, rows.id('auditor')))[field];
    expect((page.nodes as { id: string }[]).map(({ id }) => id).sort()).toEqual(expected.map((name) => rows.id(name)).sort());
    expect(page.totalCount).toBe(expected.length);
  });

  test('a filter holds below a parent too', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrgUnit {
      findings(filter: { riskRating: [HIGH] }) { totalCount nodes { title } } none: findings(filter: { riskRating: [LOW] }) { totalCount }
      engagements(filter: { status: [CLOSED] }) { totalCount nodes { title } } } } }`;
    const r = ['agency', 'section'].map((name) => ({ __typename: 'OrgUnit', id: rows.id(name) }));
    expect((await audit.read(query, rows.id('auditor'), { r }))._entities).toEqual([
      {
        findings: { totalCount: 1, nodes: [{ title: 'duplicate payments' }] },
        none: { totalCount: 0 },
        engagements: { totalCount: 0, nodes: [] },
      },
      {
        findings: { totalCount: 0, nodes: [] },
        none: { totalCount: 1 },
        engagements: { totalCount: 1, nodes: [{ title: 'section audit' }] },
      },
    ]);
  });

  test.each([
    ['engagements', 'text: "a"', 'filter.text'],
    ['findings', `text: "${'x'.repeat(201)}"`, 'filter.text'],
    ['engagements', 'orgUnitId: "1"', 'filter.orgUnitId'],
    ['engagements', 'leadPersonId: ""', 'filter.leadPersonId'],
    ['findings', 'engagementId: "x"', 'filter.engagementId'],
    ['findings', 'orgUnitId: "x"', 'filter.orgUnitId'],
    ['recommendations', 'findingId: "x"', 'filter.findingId'],
    ['recommendations', 'ownerUnitId: "x"', 'filter.ownerUnitId'],
    ['actionPlans', 'recommendationId: "x"', 'filter.recommendationId'],
    ['actionPlans', 'ownerPersonId: "x"', 'filter.ownerPersonId'],
  ])('%s with %s is BAD_USER_INPUT', async (field, filter, at) => {
    const { errors } = await audit.ask(`{ ${field}(filter: { ${filter} }) { nodes { id } } }`, { as: rows.id('auditor') });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: at, hint: expect.any(String) } }]);
  });

  test('a character that PostgreSQL can not store is BAD_USER_INPUT, not a fault', async () => {
    const query = 'query ($text: String) { findings(filter: { text: $text }) { nodes { id } } }';
    const { errors } = await audit.ask(query, { as: rows.id('auditor') }, { text: 'a\u0000b' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test.each(['2026-02-30', '0000-01-01', 'today'])('%s is not a day', async (day) => {
    const query = `{ actionPlans(filter: { dueBy: "${day}" }) { nodes { id } } }`;
    const { errors, statements } = await audit.ask(query, { as: rows.id('auditor') });
    expect(errors[0]!.message).toContain('is not a day of the calendar');
    expect(statements).toEqual([]);
  });

  test('a unit that does not exist has nothing', async () => {
    const query = `{ findings(filter: { orgUnitId: "${newId()}" }) { totalCount } }`;
    expect(await audit.read(query, rows.id('auditor'))).toEqual({ findings: { totalCount: 0 } });
  });
});
