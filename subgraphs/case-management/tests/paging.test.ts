import type { GraphQLEnumType } from 'graphql';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { pageFields, walk } from '../../../tests/support/paging.js';
import type { Page } from '../../../tests/support/paging.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

const total = 23;
let database: TestDatabase;
let rows: Seed;
let cases: TestSubgraph;
let orders: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  rows = seed(database)
    .person('lawyer', { roles: ['Lawyer'] })
    .orgUnit('hq');
  for (let index = 0; index < total; index++) {
    rows
      .legalCase(`case ${index}`, {
        orgUnit: 'hq',
        title: index % 3 ? 'The same title' : `Title ${index}`,
        openedOn: `2026-01-0${1 + (index % 4)}`,
        // Half of them in the very same microsecond, the others one microsecond apart.
        updatedAt: `2026-01-01 00:00:00.${String(index % 2 ? 0 : index).padStart(6, '0')}+00`,
      })
      .assign(`case ${index}`, 'lawyer');
  }
  await rows.write();
  cases = await startTestSubgraph(createCaseManagementSubgraph, database, 'case_management_app');
  orders = (cases.subgraph.schema.getType('LegalCaseOrder') as GraphQLEnumType).getValues().map((value) => value.name);
});

afterAll(async () => {
  await cases.stop();
  await database.drop();
});

const columns: Record<string, string> = {
  OPENED_ON: 'opened_on',
  UPDATED_AT: 'updated_at',
  CASE_NUMBER: 'case_number',
  TITLE: 'title',
};

async function expectedIds(order: string): Promise<unknown[]> {
  const [, column, direction] = /^(.+)_(ASC|DESC)$/.exec(order)!;
  const found = await rows.sql(
    `select id from case_management.legal_cases order by ${columns[column!]} ${direction}, id ${direction}`,
  );
  return found.map((row) => row['id']);
}

async function expectWalks(page: (args: string) => Promise<Page>, order: string, size: number) {
  const ids = await expectedIds(order);
  expect(ids).toHaveLength(total);
  await expect(walk(page, 'forward', size)).resolves.toEqual(ids);
  await expect(walk(page, 'backward', size)).resolves.toEqual(ids);
}

test.each([4, 100])('legalCases shows every case exactly once in every order, forward and backward, %i a page', async (size) => {
  expect(orders).toHaveLength(8);
  for (const order of orders) {
    const page = async (args: string): Promise<Page> =>
      (await cases.read(`{ legalCases(${args}, orderBy: ${order}) { ${pageFields} } }`, rows.id('lawyer'))).legalCases;
    await expectWalks(page, order, size);
  }
});

test.each([
  ['OrgUnit', 'hq', 'legalCases'],
  ['Person', 'lawyer', 'assignedCases'],
])('%s "%s" pages its %s the same way', async (__typename, name, field) => {
  for (const order of orders) {
    const page = async (args: string): Promise<Page> => {
      const query = `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on ${__typename} { ${field}(${args}, orderBy: ${order}) { ${pageFields} } } }
      }`;
      const representations = [{ __typename, id: rows.id(name) }];
      return (await cases.read(query, rows.id('lawyer'), { representations }))._entities[0][field];
    };
    await expectWalks(page, order, 7);
  }
});

test('a case that is opened between two pages moves no other case from one to the other', async () => {
  const page = async (args: string): Promise<Page> =>
    (await cases.read(`{ legalCases(${args}, orderBy: TITLE_ASC) { ${pageFields} } }`, rows.id('lawyer'))).legalCases;
  const before = await expectedIds('TITLE_ASC');
  const first = await page('first: 5');
  await rows.legalCase('in between', { title: 'A title that comes first' }).write();
  const second = await page(`first: 5, after: "${first.pageInfo.endCursor}"`);
  expect([...first.nodes, ...second.nodes].map((node) => node.id)).toEqual(before.slice(0, 10));
  await rows.sql('delete from case_management.legal_cases where id = $1', [rows.id('in between')]);
});

test('a cursor of a case that is gone still marks its place', async () => {
  await rows.legalCase('gone', { title: 'Title 15a' }).write();
  const page = async (args: string): Promise<Page> =>
    (await cases.read(`{ legalCases(${args}, orderBy: TITLE_ASC) { ${pageFields} } }`, rows.id('lawyer'))).legalCases;
  const all = await page('first: 100');
  const place = all.edges.findIndex((edge) => edge.node.id === rows.id('gone'));
  await rows.sql('delete from case_management.legal_cases where id = $1', [rows.id('gone')]);
  const after = await page(`first: 100, after: "${all.edges[place]!.cursor}"`);
  expect(after.nodes).toEqual(all.nodes.slice(place + 1));
});
