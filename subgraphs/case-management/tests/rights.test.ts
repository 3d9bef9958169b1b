import { newId } from '@bailiwick/kernel/postgres';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = await seed(database)
    .orgUnit('hq')
    .person('admin', { roles: ['System Admin'] })
    .person('manager', { roles: ['Case Manager'] })
    .person('lead', { roles: ['Lawyer'] })
    .person('former', { roles: ['Lawyer'] })
    .person('lawyer', { roles: ['Lawyer'] })
    .person('both', { roles: ['Auditor', 'Paralegal'] })
    .person('reader', { roles: ['Read-Only'] })
    .person('auditor', { roles: ['Auditor'] })
    .person('owner', { roles: ['Action Owner'] })
    .person('assigned auditor', { roles: ['Auditor'] })
    .person('nobody')
    .person('gone', { roles: ['System Admin', 'Lawyer'], isActive: false })
    .legalCase('open', { orgUnit: 'hq', title: 'Open matter', caseNumber: 'LC-2026-900001' })
    .legalCase('secret', { orgUnit: 'hq', title: 'Secret matter', caseNumber: 'LC-2026-900002', isRestricted: true })
    .party('open', 'Plain Party')
    .party('secret', 'Hidden Party')
    .assign('secret', 'lead', { role: 'lead' })
    .assign('secret', 'former', { assignedAt: '2026-01-01T00:00:00Z', endedAt: '2026-02-01T00:00:00Z' })
    .assign('secret', 'gone')
    .assign('secret', 'assigned auditor')
    .assign('open', 'lead', { role: 'lead' })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const selection = '{ totalCount nodes { title } edges { node { title } } }';
/** Every way to a case that the subgraph has. */
const everyWay = `query ($open: ID!, $secret: ID!, $unit: ID!, $lead: ID!, $representations: [_Any!]!) {
  byId: legalCase(id: $secret) { title }
  byNumber: legalCaseByNumber(caseNumber: "LC-2026-900002") { title }
  openById: legalCase(id: $open) { title }
  list: legalCases ${selection}
  inTitle: legalCases(filter: { text: "secret" }) ${selection}
  inNumber: legalCases(filter: { text: "2026-900002" }) ${selection}
  inParty: legalCases(filter: { text: "hidden party" }) ${selection}
  ofUnit: legalCases(filter: { orgUnitId: $unit }) ${selection}
  ofPerson: legalCases(filter: { assignedPersonId: $lead }) ${selection}
  restricted: legalCases(filter: { isRestricted: true }) ${selection}
  _entities(representations: $representations) {
    ... on LegalCase { title parties { name } }
    ... on OrgUnit { legalCases ${selection} }
    ... on Person { assignedCases ${selection} }
    ... on Recommendation { linked: legalCases { note legalCase { title } } }
  }
}`;

async function look(personId: string) {
  const caseLinks = [
    { legalCaseId: rows.id('open'), relation: 'INFORMATION_ONLY', note: 'about the open one' },
    { legalCaseId: rows.id('secret'), relation: 'ADOPTED_AS_BASIS', note: 'about the secret one' },
  ];
  const representations = [
    { __typename: 'LegalCase', id: rows.id('secret') },
    { __typename: 'OrgUnit', id: rows.id('hq') },
    { __typename: 'Person', id: rows.id('lead') },
    { __typename: 'Recommendation', id: newId(), caseLinks },
  ];
  return cases.read(everyWay, personId, {
    open: rows.id('open'),
    secret: rows.id('secret'),
    unit: rows.id('hq'),
    lead: rows.id('lead'),
    representations,
  });
}

test.each(['admin', 'manager', 'lead'])('%s sees a restricted case, on every way', async (who) => {
  const answer = await look(rows.id(who));
  expect(answer.byId).toEqual({ title: 'Secret matter' });
  expect(answer.byNumber).toEqual({ title: 'Secret matter' });
  for (const way of ['list', 'ofUnit', 'ofPerson']) expect(answer[way].totalCount).toBe(2);
  for (const way of ['inTitle', 'inNumber', 'inParty', 'restricted']) {
    expect(answer[way]).toEqual({
      totalCount: 1,
      nodes: [{ title: 'Secret matter' }],
      edges: [{ node: { title: 'Secret matter' } }],
    });
  }
  const [reference, unit, person, recommendation] = answer._entities;
  expect(reference).toEqual({ title: 'Secret matter', parties: [{ name: 'Hidden Party' }] });
  expect(unit.legalCases.totalCount).toBe(2);
  expect(person.assignedCases.totalCount).toBe(2);
  expect(recommendation.linked).toHaveLength(2);
});

test.each(['lawyer', 'former', 'both', 'reader'])(
  '%s sees the open case and no trace of the restricted one, on every way',
  async (who) => {
    const answer = await look(rows.id(who));
    expect(answer.openById).toEqual({ title: 'Open matter' });
    expect(answer.byId).toBeNull();
    expect(answer.byNumber).toBeNull();
    const onlyOpen = { totalCount: 1, nodes: [{ title: 'Open matter' }], edges: [{ node: { title: 'Open matter' } }] };
    const none = { totalCount: 0, nodes: [], edges: [] };
    for (const way of ['list', 'ofUnit', 'ofPerson']) expect(answer[way]).toEqual(onlyOpen);
    for (const way of ['inTitle', 'inNumber', 'inParty', 'restricted']) expect(answer[way]).toEqual(none);
    expect(answer._entities).toEqual([
      null,
      { legalCases: onlyOpen },
      { assignedCases: onlyOpen },
      { linked: [{ note: 'about the open one', legalCase: { title: 'Open matter' } }] },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/secret|hidden/i);
  },
);

test.each(['auditor', 'owner', 'assigned auditor', 'nobody', 'gone', 'unknown'])(
  '%s sees no case at all, and no count',
  async (who) => {
    const answer = await look(who === 'unknown' ? newId() : rows.id(who));
    const none = { totalCount: 0, nodes: [], edges: [] };
    expect(answer).toEqual({
      byId: null,
      byNumber: null,
      openById: null,
      ...Object.fromEntries(
        ['list', 'inTitle', 'inNumber', 'inParty', 'ofUnit', 'ofPerson', 'restricted'].map((way) => [way, none]),
      ),
      _entities: [null, { legalCases: none }, { assignedCases: none }, { linked: [] }],
    });
  },
);

test.each([
  ['no token', undefined],
  ['a token that is none', 'Bearer nonsense'],
])('%s is refused with UNAUTHENTICATED before anything is read', async (_what, authorization) => {
  const { data, errors, statements } = await cases.ask('{ legalCases { totalCount } }', { authorization });
  expect(data).toBeNull();
  expect(errors[0]!.extensions.code).toBe('UNAUTHENTICATED');
  expect(statements).toEqual([]);
});

test('an expired token is refused', async () => {
  const token = await cases.issuer.tokenFor(rows.id('admin'), { exp: 1 });
  const { errors } = await cases.ask('{ legalCases { totalCount } }', { authorization: `Bearer ${token}` });
  expect(errors[0]).toMatchObject({
    message: expect.stringMatching(/^The token expired at 1970-/),
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

test('a role that is taken away, work that ends and a person who leaves are gone at the next request, with the same token', async () => {
  await rows
    .person('temp', { roles: ['Lawyer'] })
    .assign('secret', 'temp')
    .write();
  const authorization = `Bearer ${await cases.issuer.tokenFor(rows.id('temp'))}`;
  const count = async () => (await cases.ask('{ legalCases { totalCount } }', { authorization })).data.legalCases.totalCount;
  const set = (change: string) => rows.sql(`update public.people set ${change} where id = $1`, [rows.id('temp')]);
  expect(await count()).toBe(2);
  await set(`roles = '{Auditor}'`);
  expect(await count()).toBe(0);
  await set(`roles = '{Lawyer}'`);
  expect(await count()).toBe(2);
  await rows.sql('update case_management.case_assignments set ended_at = now() where person_id = $1', [rows.id('temp')]);
  expect(await count()).toBe(1);
  await set('is_active = false');
  expect(await count()).toBe(0);
});
