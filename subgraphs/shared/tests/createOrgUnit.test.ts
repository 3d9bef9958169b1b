import { newId } from '@bailiwick/kernel/postgres';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

let database: TestDatabase;
let rows: Seed;
let shared: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('HQ')
    .person('admin', { roles: ['System Admin'] })
    .person('other admin', { roles: ['Admin'] })
    .write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

const mutation = `mutation ($input: CreateOrgUnitInput!) {
  createOrgUnit(input: $input) {
    orgUnit { id code name unitType description isActive version parent { code } ancestors { code } }
    userErrors { code message field hint }
  }
}`;

async function create(input: object, as = 'admin') {
  return (await shared.read(mutation, rows.id(as), { input })).createOrgUnit;
}

async function countOf(code: string): Promise<number> {
  const [row] = await rows.sql('select count(*)::int as count from public.org_units where code = $1', [code]);
  return row!['count'] as number;
}

test('a unit is created below another and comes back whole, in the same operation', async () => {
  const { orgUnit, userErrors } = await create({
    code: ' FIN ',
    name: ' Finance ',
    description: 'Money',
    parentId: rows.id('HQ'),
  });
  expect(userErrors).toEqual([]);
  expect(orgUnit).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    code: 'FIN',
    name: 'Finance',
    unitType: 'division',
    description: 'Money',
    isActive: true,
    version: 1,
    parent: { code: 'HQ' },
    ancestors: [{ code: 'HQ' }],
  });
});

test('a second field of the same operation reads what the first one made', async () => {
  const operation = `mutation ($hq: ID!) {
    one: createOrgUnit(input: { code: "M1", name: "One", parentId: $hq }) { orgUnit { parent { children { code } } } }
    two: createOrgUnit(input: { code: "M2", name: "Two", parentId: $hq }) { orgUnit { parent { children { code } } } }
  }`;
  const { one, two } = await shared.read(operation, rows.id('admin'), { hq: rows.id('HQ') });
  const codes = (payload: typeof one) => payload.orgUnit.parent.children.map((child: { code: string }) => child.code);
  expect(codes(one)).toEqual(expect.arrayContaining(['M1']));
  expect(codes(one)).not.toContain('M2');
  expect(codes(two)).toEqual(expect.arrayContaining(['M1', 'M2']));
});

test('a taken code is a CONFLICT that names it', async () => {
  expect(await create({ code: 'HQ', name: 'Another' })).toEqual({
    orgUnit: null,
    userErrors: [
      {
        code: 'CONFLICT',
        message: 'The code "HQ" is taken by another org unit.',
        field: 'input.code',
        hint: 'Choose another code, or look the unit up with orgUnitByCode.',
      },
    ],
  });
});

test('an unknown parent is NOT_FOUND', async () => {
  const parentId = newId();
  const { orgUnit, userErrors } = await create({ code: 'X', name: 'X', parentId });
  expect(orgUnit).toBeNull();
  expect(userErrors).toEqual([
    expect.objectContaining({
      code: 'NOT_FOUND',
      message: `There is no org unit with the id ${parentId}.`,
      field: 'input.parentId',
    }),
  ]);
});

test('everything that is wrong with the input is told at once', async () => {
  const { userErrors } = await create({ code: '  ', name: '', unitType: 'x'.repeat(101), parentId: 'HQ' });
  expect(userErrors.map(({ code, field, message }: Record<string, string>) => [code, field, message])).toEqual([
    ['BAD_USER_INPUT', 'input.code', 'The code is empty.'],
    ['BAD_USER_INPUT', 'input.name', 'The name is empty.'],
    ['BAD_USER_INPUT', 'input.unitType', 'The unitType has 101 characters.'],
    ['BAD_USER_INPUT', 'input.parentId', '"HQ" is not an id.'],
  ]);
});

test('a text with a character that PostgreSQL can not hold is an error of the input', async () => {
  const { userErrors } = await create({ code: 'NUL', name: 'a\u0000b' });
  expect(userErrors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT' })]);
});

test('twenty retries at once with the same key create one unit, and all get it', async () => {
  const input = { code: 'ONCE', name: 'Once', idempotencyKey: 'key 1' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => create(input)));
  expect(new Set(answers.map((answer) => answer.orgUnit?.id)).size).toBe(1);
  expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
  expect(await countOf('ONCE')).toBe(1);
});

test('the same key with another input is refused, and the same key of another person is another key', async () => {
  const first = await create({ code: 'K1', name: 'K1', idempotencyKey: 'key 2' });
  expect(first.userErrors).toEqual([]);
  const other = await create({ code: 'K2', name: 'K2', idempotencyKey: 'key 2' });
  expect(other.userErrors).toEqual([expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED', field: 'input.idempotencyKey' })]);
  expect(await countOf('K2')).toBe(0);
  expect((await create({ code: 'K2', name: 'K2', idempotencyKey: 'key 2' }, 'other admin')).userErrors).toEqual([]);
});

test('a key of a request that failed is free for the corrected one', async () => {
  expect((await create({ code: 'HQ', name: 'Taken', idempotencyKey: 'key 3' })).userErrors).toHaveLength(1);
  expect((await create({ code: 'HQ3', name: 'Free', idempotencyKey: 'key 3' })).userErrors).toEqual([]);
});

test('a key is forgotten after thirty days, with the next one that comes', async () => {
  await create({ code: 'OLD', name: 'Old', idempotencyKey: 'old key' });
  await create({ code: 'KEPT', name: 'Kept', idempotencyKey: 'kept key' });
  const age = (days: number, key: string) =>
    rows.sql(`update public.idempotency_keys set created_at = now() - make_interval(days => $1) where key = $2`, [days, key]);
  await age(31, 'old key');
  await age(29, 'kept key');
  await create({ code: 'NEW', name: 'New', idempotencyKey: 'new key' });
  const kept = await rows.sql(
    `select key from public.idempotency_keys where key in ('old key', 'kept key', 'new key') order by key`,
  );
  expect(kept.map(({ key }) => key)).toEqual(['kept key', 'new key']);
});

test.each(['', 'k'.repeat(201)])('an idempotency key of a wrong length is refused', async (idempotencyKey) => {
  const { userErrors } = await create({ code: 'LEN', name: 'Length', idempotencyKey });
  expect(userErrors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'input.idempotencyKey' })]);
});
