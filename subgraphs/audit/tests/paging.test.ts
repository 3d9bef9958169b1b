import type { GraphQLEnumType } from 'graphql';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { pageFields, walk } from '../../../tests/support/paging.js';
import type { Page } from '../../../tests/support/paging.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const count = 23;
const risks = ['low', 'critical', 'medium', 'high'];

/** How the database itself sorts by each order, without the direction. */
const sortedBy: Record<string, string> = {
  CREATED_AT: 'created_at',
  CODE: 'code',
  TITLE: 'title',
  RISK_RATING: "array_position(array['low', 'medium', 'high', 'critical'], risk_rating)",
  TARGET_DATE: "coalesce(target_date, 'infinity')",
};

describe('paging', () => {
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database)
      .orgUnit('unit')
      .person('auditor', { roles: ['Auditor'] });
    rows.engagement('base', { orgUnit: 'unit', lead: 'auditor', title: 'title 1' });
    for (let n = 0; n < count; n++) {
      // Few values, so that most rows tie; times that differ by a microsecond, which a JavaScript date would lose.
      const createdAt = `2026-03-01T10:00:00.00000${n % 3}Z`;
      const targetDate = n % 4 === 0 ? null : `2026-0${(n % 4) + 1}-01`;
      if (n > 0) rows.engagement(`e${n}`, { orgUnit: 'unit', lead: 'auditor', title: `title ${n % 3}`, createdAt });
      rows
        .finding(`f${n}`, { engagement: 'base', riskRating: risks[n % 4], createdAt })
        .recommendation(`r${n}`, { finding: 'f0', targetDate, createdAt })
        .actionPlan(`p${n}`, { recommendation: 'r0', targetDate, createdAt, owner: 'auditor' });
    }
    await rows.write();
    audit = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
  });

  afterAll(async () => {
    await audit.stop();
    await database.drop();
  });

  async function expectedIds(table: string, order: string): Promise<unknown[]> {
    const [, key, direction] = /^(.+)_(ASC|DESC)$/.exec(order)!;
    const expected = await rows.sql(
      `select id from audit_system.${table} order by ${sortedBy[key!]} ${direction}, id ${direction}`,
    );
    expect(expected).toHaveLength(count);
    return expected.map((row) => row['id']);
  }

  describe.each([
    ['engagements', 'EngagementOrder', 'engagements'],
    ['findings', 'FindingOrder', 'findings'],
    ['recommendations', 'RecommendationOrder', 'recommendations'],
    ['actionPlans', 'ActionPlanOrder', 'action_plans'],
  ])('%s', (field, orderType, table) => {
    test.each([1, 4, 100])('every order visits every row once, forward and backward, %i a page', async (size) => {
      const orders = (audit.subgraph.schema.getType(orderType) as GraphQLEnumType).getValues().map((value) => value.name);
      expect(orders.length).toBeGreaterThanOrEqual(4);
      for (const order of orders) {
        const page = async (args: string) =>
          (await audit.read(`{ ${field}(${args}, orderBy: ${order}) { ${pageFields} } }`, rows.id('auditor')))[field] as Page;
        const expected = await expectedIds(table, order);
        await expect(walk(page, 'forward', size)).resolves.toEqual(expected);
        await expect(walk(page, 'backward', size)).resolves.toEqual(expected);
      }
    });
  });

  test.each([
    ['Engagement', 'base', 'findings', 'findings', 'RISK_RATING_DESC'],
    ['OrgUnit', 'unit', 'engagements', 'engagements', 'TITLE_DESC'],
    ['OrgUnit', 'unit', 'findings', 'findings', 'RISK_RATING_ASC'],
    ['Person', 'auditor', 'ledEngagements', 'engagements', 'CODE_ASC'],
    ['Person', 'auditor', 'actionPlans', 'action_plans', 'TARGET_DATE_DESC'],
  ])('%s(%s).%s is paged like a list of its own', async (type, row, field, table, order) => {
    const r = [{ __typename: type, id: rows.id(row) }];
    const page = async (args: string) => {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} {
        ${field}(${args}, orderBy: ${order}) { ${pageFields} } } } }`;
      return (await audit.read(query, rows.id('auditor'), { r }))._entities[0][field] as Page;
    };
    const expected = await expectedIds(table, order);
    await expect(walk(page, 'forward', 5)).resolves.toEqual(expected);
    await expect(walk(page, 'backward', 4)).resolves.toEqual(expected);
  });

  test('an empty list has no cursors, and nothing before or after', async () => {
    const page = await audit.read(`{ findings(filter: { text: "no such" }) { totalCount ${pageFields} } }`, rows.id('auditor'));
    expect(page.findings).toEqual({
      totalCount: 0,
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('20 rows come when no size is given, and 100 at the most', async () => {
    const page = await audit.read(
      '{ a: findings { nodes { id } } b: findings(first: 100) { nodes { id } } }',
      rows.id('auditor'),
    );
    expect([page.a.nodes.length, page.b.nodes.length]).toEqual([20, count]);
  });

  test('a page of no rows is empty, and says whether there are more', async () => {
    const asked = '{ edges { cursor } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }';
    const page = await audit.read(
      `{ forward: findings(first: 0) ${asked} backward: findings(last: 0) ${asked} none: findings(first: 0, filter: { text: "no such text" }) ${asked} }`,
      rows.id('auditor'),
    );
    const pageOf = (hasNextPage: boolean, hasPreviousPage: boolean, totalCount: number) => ({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage, hasPreviousPage, startCursor: null, endCursor: null },
      totalCount,
    });
    expect(page).toEqual({
      forward: pageOf(true, false, count),
      backward: pageOf(false, true, count),
      none: pageOf(false, false, 0),
    });
  });

  test.each([
    ['first: 101', 'PAGE_TOO_LARGE', '"first" is 101.'],
    ['last: -1', 'PAGE_TOO_LARGE', '"last" is -1.'],
    ['first: 1, last: 1', 'BAD_USER_INPUT', 'Both "first" and "last" are given.'],
    ['first: 1, before: "x"', 'BAD_USER_INPUT', '"before" is given without "last".'],
    ['last: 1, after: "x"', 'BAD_USER_INPUT', '"after" is given without "first".'],
  ])('%s is %s', async (args, code, message) => {
    const { errors, data } = await audit.ask(`{ actionPlans(${args}) { nodes { id } } }`, { as: rows.id('auditor') });
    expect(Object.values(data)).toEqual([null]);
    expect(errors).toMatchObject([{ message, extensions: { code, hint: expect.any(String), requestId: expect.any(String) } }]);
  });

  describe('a cursor that does not fit is BAD_CURSOR', () => {
    let cursor: string;
    beforeAll(async () => {
      const page = await audit.read('{ findings(first: 2) { pageInfo { endCursor } } }', rows.id('auditor'));
      cursor = page.findings.pageInfo.endCursor as string;
    });

    const forged = () => {
      const [payload = '', signature = ''] = cursor.split('.');
      const text = Buffer.from(payload, 'base64url').toString().replace('2026', '1999');
      return `${Buffer.from(text).toString('base64url')}.${signature}`;
    };
    test.each([
      ['forged', () => `findings(after: "${forged()}")`, /was not made by this server/],
      ['nonsense', () => 'findings(after: "nonsense")', /was not made by this server/],
      ['empty', () => 'findings(after: "")', /was not made by this server/],
      ['of another list', () => `recommendations(after: "${cursor}")`, /belongs to findings, not to recommendations/],
      ['of another order', () => `findings(after: "${cursor}", orderBy: RISK_RATING_ASC)`, /for the order CREATED_AT_DESC, not/],
      ['stale, of another filter', () => `findings(after: "${cursor}", filter: { status: [DRAFT] })`, /under another filter/],
    ])('%s', async (_what, field, message) => {
      const { errors } = await audit.ask(`{ ${field()} { nodes { id } } }`, { as: rows.id('auditor') });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(message), extensions: { code: 'BAD_CURSOR', field: 'after' } },
      ]);
    });

    test('of a server with another key', async () => {
      const other = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app', {
        cursorKey: 'another secret key',
      });
      const { errors } = await other.ask(`{ findings(after: "${cursor}") { nodes { id } } }`, { as: rows.id('auditor') });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_CURSOR' } }]);
      await other.stop();
    });
  });
});
