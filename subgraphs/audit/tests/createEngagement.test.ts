import { newId } from '@bailiwick/kernel/postgres';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const mutation = `mutation ($input: CreateEngagementInput!) { createEngagement(input: $input) {
  engagement {
    id code title scope objectives status lifecycleStage startDate endDate version
    lead { id } orgUnit { id } createdBy { id } members { role person { id } } findings { totalCount }
  }
  userErrors { code message field hint }
} }`;

describe('createEngagement', () => {
  let database: TestDatabase;
  let rows: Seed;
  let audit: TestSubgraph;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = seed(database)
      .orgUnit('agency')
      .person('auditor', { roles: ['Auditor'] })
      .person('colleague', { roles: ['Auditor'] })
      .person('third')
      .person('reader', { roles: ['Read-Only'] })
      .person('owner', { roles: ['Action Owner'] })
      .person('lawyer', { roles: ['Lawyer'] })
      .person('leaver', { roles: ['Auditor'], isActive: false });
    await rows.write();
    audit = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
  });

  beforeEach(() => rows.sql('delete from audit_system.engagement_members; delete from audit_system.engagements'));

  afterAll(async () => {
    await audit.stop();
    await database.drop();
  });

  const create = async (input: object, as = 'auditor') =>
    (await audit.read(mutation, rows.id(as), { input })).createEngagement as {
      engagement: { id: string; code: string; members: object[] } | null;
      userErrors: { code: string; message: string; field: string | null; hint: string | null }[];
    };

  async function counts(): Promise<Record<string, unknown>> {
    const [counted] = await rows.sql(
      `select (select count(*)::int from audit_system.engagements) as engagements,
        (select count(*)::int from audit_system.engagement_members) as members,
        (select count(*)::int from audit_system.idempotency_keys where key like 'refused%') as keys`,
    );
    return counted!;
  }
  const nothing = { engagements: 0, members: 0, keys: 0 };

  test('creates it with its members, and answers with what the database made of it', async () => {
    const { engagement, userErrors } = await create({
      title: '  Payroll 2026 ',
      scope: 'All divisions',
      objectives: 'Find what is paid twice',
      leadPersonId: rows.id('auditor').toUpperCase(),
      orgUnitId: rows.id('agency'),
      startDate: '2026-02-01',
      endDate: '2026-02-01',
      // The lead and a repeated member add nothing.
      memberPersonIds: [rows.id('colleague'), rows.id('auditor'), rows.id('third'), rows.id('colleague').toUpperCase()],
    });
    expect(userErrors).toEqual([]);
    expect(engagement).toEqual({
      id: expect.any(String),
      code: expect.stringMatching(/^EN-\d{4}-\d{6}$/),
      title: 'Payroll 2026',
      scope: 'All divisions',
      objectives: 'Find what is paid twice',
      status: 'PLANNING',
      lifecycleStage: 'PLANNING',
      startDate: '2026-02-01',
      endDate: '2026-02-01',
      version: 1,
      lead: { id: rows.id('auditor') },
      orgUnit: { id: rows.id('agency') },
      createdBy: { id: rows.id('auditor') },
      members: [
        { role: 'member', person: { id: rows.id('colleague') } },
        { role: 'member', person: { id: rows.id('third') } },
      ],
      findings: { totalCount: 0 },
    });
  });

  test('a title is enough', async () => {
    const { engagement, userErrors } = await create({ title: 'Payroll', leadPersonId: null, memberPersonIds: null });
    expect(userErrors).toEqual([]);
    expect(engagement).toMatchObject({ lead: null, orgUnit: null, members: [], createdBy: { id: rows.id('auditor') } });
  });

  test.each(['reader', 'owner', 'lawyer', 'leaver'])('the %s may not, whatever the input', async (name) => {
    for (const idempotencyKey of [undefined, `refused ${name}`]) {
      const { engagement, userErrors } = await create({ title: ' ', idempotencyKey }, name);
      expect(engagement).toBeNull();
      expect(userErrors).toEqual([
        { code: 'FORBIDDEN', message: expect.stringContaining('do not allow'), field: null, hint: expect.any(String) },
      ]);
    }
    expect(await counts()).toEqual(nothing);
  });

  test('everything that is wrong with the input is told together', async () => {
    const { engagement, userErrors } = await create({
      title: '   ',
      startDate: '2026-05-02',
      endDate: '2026-05-01',
      leadPersonId: 'me',
      orgUnitId: '',
      memberPersonIds: [rows.id('third'), 'you'],
      idempotencyKey: 'refused',
    });
    expect(engagement).toBeNull();
    expect(userErrors.map(({ code, field, message }) => [code, field, message])).toEqual([
      ['BAD_USER_INPUT', 'input.title', 'The title is empty.'],
      ['BAD_USER_INPUT', 'input.endDate', 'The engagement would end on 2026-05-01, before it starts on 2026-05-02.'],
      ['BAD_USER_INPUT', 'input.leadPersonId', '"me" is not an id.'],
      ['BAD_USER_INPUT', 'input.orgUnitId', '"" is not an id.'],
      ['BAD_USER_INPUT', 'input.memberPersonIds.1', '"you" is not an id.'],
    ]);
    expect(userErrors.every((error) => error.hint)).toBe(true);
    expect(await counts()).toEqual(nothing);
  });

  test.each([
    ['a title that no index can hold', () => ({ title: 'x'.repeat(3000) }), 'input.title', 'The title has 3000 characters.'],
    [
      'too many members',
      () => ({ title: 'x', memberPersonIds: Array.from({ length: 101 }, newId) }),
      'input.memberPersonIds',
      '101 members are given.',
    ],
    [
      'a key that is too long',
      () => ({ title: 'x', idempotencyKey: 'k'.repeat(201) }),
      'input.idempotencyKey',
      'The idempotency key has 201 characters.',
    ],
  ])('%s is refused', async (_what, input, field, message) => {
    const { engagement, userErrors } = await create(input());
    expect(engagement).toBeNull();
    expect(userErrors).toEqual([{ code: 'BAD_USER_INPUT', field, message, hint: expect.any(String) }]);
  });

  const unknown = newId();
  test.each([
    ['lead', () => ({ leadPersonId: unknown }), 'input.leadPersonId', 'person'],
    ['unit', () => ({ orgUnitId: unknown }), 'input.orgUnitId', 'org unit'],
    [
      'member',
      () => ({ memberPersonIds: [rows.id('third'), unknown, newId(), rows.id('colleague')] }),
      'input.memberPersonIds.1',
      'person',
    ],
  ])('an unknown %s is named, and nothing is left half done', async (_what, input, field, noun) => {
    const { engagement, userErrors } = await create({ title: 'Payroll', ...input(), idempotencyKey: 'refused too' });
    expect(engagement).toBeNull();
    expect(userErrors).toEqual([
      {
        code: 'NOT_FOUND',
        message: `There is no ${noun} with the id ${unknown}.`,
        field,
        hint: `Look the ${noun} up first, and use its id.`,
      },
    ]);
    expect(await counts()).toEqual(nothing);
  });

  test('a text with a character that PostgreSQL can not store is refused, not a fault', async () => {
    const { engagement, userErrors } = await create({ title: 'Pay\u0000roll' });
    expect(engagement).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  test('the key of a refused request is free for the mended one', async () => {
    const idempotencyKey = 'mended';
    expect((await create({ title: '', idempotencyKey })).userErrors).toHaveLength(1);
    expect((await create({ title: 'Payroll', idempotencyKey })).userErrors).toEqual([]);
  });

  test('twenty retries at the same moment make one engagement', async () => {
    const input = { title: 'Payroll', memberPersonIds: [rows.id('third')], idempotencyKey: 'twenty' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(input)));
    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
    expect(new Set(answers.map((answer) => answer.engagement!.id)).size).toBe(1);
    expect(answers.every((answer) => answer.engagement!.members.length === 1)).toBe(true);
    expect(await counts()).toMatchObject({ engagements: 1, members: 1 });
  });

  test('the same key with another input is IDEMPOTENCY_KEY_REUSED; another person may use it', async () => {
    const idempotencyKey = 'once';
    const first = await create({ title: 'Payroll', idempotencyKey });
    const again = await create({ title: 'Procurement', idempotencyKey });
    expect(again).toMatchObject({
      engagement: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'input.idempotencyKey' }],
    });
    const other = await create({ title: 'Procurement', idempotencyKey }, 'colleague');
    expect(other.userErrors).toEqual([]);
    expect(other.engagement!.id).not.toBe(first.engagement!.id);
    expect(await counts()).toMatchObject({ engagements: 2 });
  });

  test('fifty at the same moment get fifty codes', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => create({ title: `Engagement ${n}` })));
    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
    expect(new Set(answers.map((answer) => answer.engagement!.code)).size).toBe(50);
  });

  test('several in one operation are written one after the other, and each is answered', async () => {
    const query = `mutation { a: createEngagement(input: { title: "A" }) { engagement { code } }
      b: createEngagement(input: { title: "" }) { userErrors { field } } c: createEngagement(input: { title: "C" }) { engagement { code } } }`;
    const { a, b, c } = await audit.read(query, rows.id('auditor'));
    expect(b.userErrors).toEqual([{ field: 'input.title' }]);
    expect(a.engagement.code < c.engagement.code).toBe(true);
  });
});
