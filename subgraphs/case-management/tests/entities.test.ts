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
    .orgUnit('empty')
    .person('lawyer', { roles: ['Lawyer'] })
    .person('idle', { roles: ['Lawyer'] })
    .legalCase('A v B', { orgUnit: 'hq', openedOn: '2026-01-01' })
    .legalCase('C v D', { orgUnit: 'hq', openedOn: '2026-01-02' })
    .assign('A v B', 'lawyer', { role: 'lead' })
    .assign('C v D', 'lawyer', { assignedAt: '2026-01-02T00:00:00Z', endedAt: '2026-01-03T00:00:00Z' })
    .write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on LegalCase { id title lead { id } orgUnit { id } }
    ... on OrgUnit { id legalCases { totalCount nodes { title } } }
    ... on Person { id assignedCases { totalCount nodes { title } } }
    ... on Recommendation { id linkedCases: legalCases { relation note legalCase { title } } }
  }
}`;

async function resolve(...representations: object[]) {
  return (await cases.read(entities, rows.id('lawyer'), { representations }))._entities;
}

test('a case is found by reference, and null where there is none', async () => {
  const found = await resolve(
    { __typename: 'LegalCase', id: newId() },
    { __typename: 'LegalCase', id: rows.id('A v B').toUpperCase() },
  );
  expect(found).toEqual([
    null,
    {
      __typename: 'LegalCase',
      id: rows.id('A v B'),
      title: 'A v B',
      lead: { id: rows.id('lawyer') },
      orgUnit: { id: rows.id('hq') },
    },
  ]);
});

test('an org unit gets its cases, and a person those of the work that lasts', async () => {
  const found = await resolve(
    { __typename: 'OrgUnit', id: rows.id('hq') },
    { __typename: 'OrgUnit', id: rows.id('empty') },
    { __typename: 'Person', id: rows.id('lawyer') },
    { __typename: 'Person', id: rows.id('idle') },
  );
  const none = { totalCount: 0, nodes: [] };
  expect(found.map((entity: Record<string, unknown>) => entity['legalCases'] ?? entity['assignedCases'])).toEqual([
    { totalCount: 2, nodes: [{ title: 'C v D' }, { title: 'A v B' }] },
    none,
    { totalCount: 1, nodes: [{ title: 'A v B' }] },
    none,
  ]);
});

test('a recommendation gets the cases of the links that come with it', async () => {
  const caseLinks = [
    { legalCaseId: rows.id('C v D'), relation: 'ADOPTED_AS_BASIS', note: 'page 4' },
    { legalCaseId: newId(), relation: 'INFORMATION_ONLY', note: null },
    { legalCaseId: rows.id('A v B'), relation: 'SUPPORTING_REFERENCE', note: null },
  ];
  const id = newId();
  const [found] = await resolve({ __typename: 'Recommendation', id, caseLinks });
  expect(found).toEqual({
    __typename: 'Recommendation',
    id,
    linkedCases: [
      { relation: 'ADOPTED_AS_BASIS', note: 'page 4', legalCase: { title: 'C v D' } },
      { relation: 'SUPPORTING_REFERENCE', note: null, legalCase: { title: 'A v B' } },
    ],
  });
});

test('of the links that come with a recommendation, ids are taken in upper case too, and what is no id is refused', async () => {
  const linkTo = (legalCaseId: unknown) => ({ legalCaseId, relation: 'INFORMATION_ONLY', note: null });
  const others = Array.from({ length: 20 }, () => linkTo(newId()));
  const resolved = (last: unknown) => {
    const representations = [{ __typename: 'Recommendation', id: newId(), caseLinks: [...others, linkTo(last)] }];
    return cases.ask(entities, { as: rows.id('lawyer') }, { representations });
  };
  const { data } = await resolved(rows.id('A v B').toUpperCase());
  expect(data._entities).toMatchObject([{ linkedCases: [{ legalCase: { title: 'A v B' } }] }]);
  const odd = [
    [null, 'null'],
    [42, '42'],
    ['', ''],
    ['x', 'x'],
    [{}, '[object Object]'],
  ] as const;
  for (const [id, shown] of odd) {
    const { data: without, errors } = await resolved(id);
    expect(without._entities).toMatchObject([{ linkedCases: null }]);
    expect(errors).toEqual([
      expect.objectContaining({
        message: `"${shown}" is not an id.`,
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }),
      }),
    ]);
  }
});

test('a reference whose id is no id is refused, and the others are answered', async () => {
  for (const __typename of ['LegalCase', 'OrgUnit', 'Person']) {
    const representations = [
      { __typename, id: '42' },
      { __typename: 'LegalCase', id: rows.id('A v B') },
    ];
    const { data, errors } = await cases.ask(entities, { as: rows.id('lawyer') }, { representations });
    expect(data._entities).toEqual([null, expect.objectContaining({ title: 'A v B' })]);
    expect(errors).toEqual([
      expect.objectContaining({ message: '"42" is not an id.', extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
    ]);
  }
});
