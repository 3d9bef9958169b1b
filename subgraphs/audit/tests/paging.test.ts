import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

interface Page {
  nodes: Record<string, string>[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const count = 23;
const risks = ['low', 'critical', 'medium', 'high'];
/** Each order with the field it sorts by, and what makes that field comparable. */
const dueDay = (day: string | null) => day ?? '9999';
const rank = (rating: string | null) => String(risks.length - ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'].indexOf(rating!));
const asItIs = (text: string | null) => text!;
const orders: [field: string, order: string, key: string, comparable: (value: string | null) => string][] = [
  ...['engagements', 'findings', 'recommendations', 'actionPlans'].map(
    (field) => [field, 'CREATED_AT', 'createdAt', asItIs] as [string, string, string, typeof asItIs],
  ),
  ['engagements', 'CODE', 'code', asItIs],
  ['engagements', 'TITLE', 'title', asItIs],
  ['findings', 'RISK_RATING', 'riskRating', rank],
  ['recommendations', 'TARGET_DATE', 'targetDate', dueDay],
  ['actionPlans', 'TARGET_DATE', 'targetDate', dueDay],
];

describe('paging', () => {
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database)
      .orgUnit('unit')
      .person('auditor', { roles: ['Auditor'] });
    rows.engagement('base', { orgUnit: 'unit', title: 'title 1' });
    for (let n = 0; n < count; n++) {
      // Few values, so that most rows tie; times that differ by a microsecond, which a JavaScript date would lose.
      const createdAt = `2026-03-01T10:00:00.00000${(n % 3) + 1}Z`;
      const targetDate = n % 4 === 0 ? null : `2026-0${(n % 4) + 1}-01`;
      if (n > 0) rows.engagement(`e${n}`, { orgUnit: 'unit', title: `title ${n % 3}`, createdAt });
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

  const selection = 'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

  /** Asks page after page to the end, and returns the pages in the order of the list. */
  async function walk(
    direction: 'forward' | 'backward',
    read: (page: string) => Promise<Page>,
    size: number,
  ): Promise<Page['nodes']> {
    let visited: Page['nodes'] = [];
    let page = '';
    for (let pages = 0; pages < 2 * count; pages++) {
      const { nodes, pageInfo } = await read(direction === 'forward' ? `first: ${size}${page}` : `last: ${size}${page}`);
      visited = direction === 'forward' ? [...visited, ...nodes] : [...nodes, ...visited];
      const [here, there] = [pageInfo.hasNextPage, pageInfo.hasPreviousPage];
      expect(direction === 'forward' ? there : here).toBe(pages > 0);
      if (!(direction === 'forward' ? here : there)) return visited;
      page = direction === 'forward' ? `, after: "${pageInfo.endCursor}"` : `, before: "${pageInfo.startCursor}"`;
    }
    throw new Error('The list does not end.');
  }

  describe.each(orders)('%s by %s', (field, order, key, comparable) => {
    test.each(['ASC', 'DESC'])('%s: forward and backward visit every row once, in the same order', async (direction) => {
      const read = async (page: string) => {
        const query = `{ ${field}(${page}, orderBy: ${order}_${direction}) { nodes { id ${key} } ${selection} } }`;
        return (await audit.read(query, rows.id('auditor')))[field] as Page;
      };
      const forward = await walk('forward', read, 4);
      const ids = forward.map((node) => node['id']);
      expect(new Set(ids).size).toBe(count);
      expect(ids).toHaveLength(count);
      expect((await walk('backward', read, 5)).map((node) => node['id'])).toEqual(ids);

      const keys = forward.map((node) => `${comparable(node[key] ?? null)} ${node['id']}`);
      expect(keys).toEqual(direction === 'ASC' ? [...keys].sort() : [...keys].sort().reverse());
    });
  });

  const nested: [type: string, row: string, field: string, order: string][] = [
    ['Engagement', 'base', 'findings', 'RISK_RATING_DESC'],
    ['OrgUnit', 'unit', 'engagements', 'TITLE_DESC'],
    ['OrgUnit', 'unit', 'findings', 'RISK_RATING_DESC'],
    ['Person', 'auditor', 'actionPlans', 'TARGET_DATE_DESC'],
  ];
  test.each(nested)('%s(%s).%s is paged like a list of its own', async (type, row, field, order) => {
    const r = [{ __typename: type, id: rows.id(row) }];
    const read = async (page: string) => {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} {
        ${field}(${page}, orderBy: ${order}) { nodes { id } ${selection} } } } }`;
      return (await audit.read(query, rows.id('auditor'), { r }))._entities[0][field] as Page;
    };
    const forward = await walk('forward', read, 5);
    expect(new Set(forward.map((node) => node['id'])).size).toBe(count);
    expect(await walk('backward', read, 4)).toEqual(forward);
  });

  test('the cursor of an edge is that of its node', async () => {
    const page = (await audit.read(`{ findings(first: 3) { ${selection} } }`, rows.id('auditor'))).findings as Page;
    const [, second, third] = page.edges;
    const after = await audit.read(`{ findings(first: 1, after: "${second!.cursor}") { nodes { id } } }`, rows.id('auditor'));
    expect(after.findings.nodes).toEqual([{ id: third!.node.id }]);
    expect([page.pageInfo.startCursor, page.pageInfo.endCursor]).toEqual([page.edges[0]!.cursor, third!.cursor]);
  });

  test('an empty list has no cursors, and nothing before or after', async () => {
    const page = await audit.read(`{ findings(filter: { text: "no such" }) { totalCount ${selection} } }`, rows.id('auditor'));
    expect(page.findings).toEqual({
      totalCount: 0,
      edges: [],
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

  test.each([
    ['first: 0', 'PAGE_TOO_LARGE', '"first" is 0.'],
    ['first: 101', 'PAGE_TOO_LARGE', '"first" is 101.'],
    ['last: -1', 'PAGE_TOO_LARGE', '"last" is -1.'],
    ['first: 1, last: 1', 'BAD_USER_INPUT', 'Both "first" and "last" are given.'],
    ['first: 1, before: "x"', 'BAD_USER_INPUT', '"before" is given without "last".'],
    ['last: 1, after: "x"', 'BAD_USER_INPUT', '"after" is given without "first".'],
  ])('%s is %s', async (args, code, message) => {
    const { errors, data } = await audit.ask(`{ actionPlans(${args}) { nodes { id } } }`, { as: rows.id('auditor') });
    expect(data).toBeNull();
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
