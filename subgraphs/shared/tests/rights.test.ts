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
    .orgUnit('hq')
    .person('admin', { roles: ['System Admin'] })
    .person('lawyer', { roles: ['Lawyer'], orgUnit: 'hq' })
    .person('reader', { roles: ['Read-Only'] })
    .person('nobody')
    .person('gone', { roles: ['System Admin'], isActive: false })
    .notification('for the lawyer', { recipient: 'lawyer' })
    .write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

const everything = `query ($unit: ID!, $person: ID!) {
  me { fullName }
  orgUnit(id: $unit) { code }
  orgUnitByCode(code: "hq") { code }
  orgUnits { totalCount nodes { code } }
  person(id: $person) { fullName }
  people { totalCount nodes { fullName } }
  notifications { totalCount nodes { title } }
}`;

const variables = () => ({ unit: rows.id('hq'), person: rows.id('lawyer') });

test.each([
  ['no token', undefined, 'The request carries no token.'],
  ['an empty header', '', 'The request carries no token.'],
  ['a header of another kind', 'Basic YWRtaW46YWRtaW4=', 'The Authorization header is not of the form "Bearer <token>".'],
  ['a token that is none', 'Bearer nonsense', 'The token is not valid: its signature or its form is wrong.'],
])('%s is refused with UNAUTHENTICATED', async (_what, authorization, message) => {
  const { data, errors, statements } = await shared.ask(everything, { authorization }, variables());
  expect(data).toBeNull();
  expect(errors).toEqual([{ message, extensions: { code: 'UNAUTHENTICATED', hint: expect.any(String) } }]);
  expect(statements).toEqual([]);
});

test('an expired token is refused, and the answer says since when', async () => {
  const token = await shared.issuer.tokenFor(rows.id('admin'), { exp: Date.UTC(2026, 0, 2) / 1000 });
  const { errors } = await shared.ask('{ me { id } }', { authorization: `Bearer ${token}` });
  expect(errors[0]!.message).toBe('The token expired at 2026-01-02T00:00:00.000Z.');
});

test.each([
  ['unknown', () => newId()],
  ['inactive', () => rows.id('gone')],
])('a person who is %s is nobody: me is null and nothing is visible', async (_what, id) => {
  expect(await shared.read(everything, id(), variables())).toEqual({
    me: null,
    orgUnit: null,
    orgUnitByCode: null,
    orgUnits: { totalCount: 0, nodes: [] },
    person: null,
    people: { totalCount: 0, nodes: [] },
    notifications: { totalCount: 0, nodes: [] },
  });
});

test.each(['admin', 'lawyer', 'reader', 'nobody'])(
  '%s reads org units and people, and only the own notifications',
  async (who) => {
    const answer = await shared.read(everything, rows.id(who), variables());
    expect(answer).toMatchObject({ me: { fullName: who }, orgUnit: { code: 'hq' }, person: { fullName: 'lawyer' } });
    expect(answer.people.totalCount).toBe(5);
    expect(answer.notifications.totalCount).toBe(who === 'lawyer' ? 1 : 0);
  },
);

const create =
  'mutation ($code: String!) { createOrgUnit(input: { code: $code, name: "A unit" }) { orgUnit { code } userErrors { code message field hint } } }';

test.each(['lawyer', 'reader', 'nobody', 'gone'])('%s may not create an org unit, and is told whom to ask', async (who) => {
  const { createOrgUnit } = await shared.read(create, rows.id(who), { code: `by ${who}` });
  expect(createOrgUnit).toEqual({
    orgUnit: null,
    userErrors: [
      {
        code: 'FORBIDDEN',
        message: 'Your roles do not allow you to create an org unit.',
        field: null,
        hint: 'Ask somebody with the role System Admin to create it.',
      },
    ],
  });
  expect(await rows.sql('select from public.org_units where code = $1', [`by ${who}`])).toEqual([]);
});

test('a role that is taken away is gone at the next request, with the same token', async () => {
  const authorization = `Bearer ${await shared.issuer.tokenFor(rows.id('admin'))}`;
  const attempt = async (code: string) => (await shared.ask(create, { authorization }, { code })).data.createOrgUnit.userErrors;
  expect(await attempt('before')).toEqual([]);
  await rows.sql(`update public.people set roles = '{Lawyer}' where id = $1`, [rows.id('admin')]);
  expect(await attempt('after')).toEqual([expect.objectContaining({ code: 'FORBIDDEN' })]);
  await rows.sql(`update public.people set roles = '{System Admin}' where id = $1`, [rows.id('admin')]);
});
