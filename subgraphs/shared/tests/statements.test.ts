import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import type { TestSubgraph } from '../../../tests/support/subgraph.js';

const total = 100;
let database: TestDatabase;
let rows: Seed;
let shared: TestSubgraph;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = seed(database).orgUnit('hq').person('ann');
  for (let index = 0; index < total; index++) {
    rows
      .orgUnit(`unit ${index}`, { parent: 'hq' })
      .person(`person ${index}`, { orgUnit: `unit ${index}` })
      .notification(`note ${index}`, { recipient: 'ann' });
  }
  await rows.write();
  shared = await startTestSubgraph(createSharedSubgraph, database, 'shared_tables_app');
});

afterAll(async () => {
  await shared.stop();
  await database.drop();
});

const labelOf = (text: string) => /^\/\* (\S+) \*\//.exec(text)![1]!;

test.each([
  [
    'people',
    'orderBy: FULL_NAME_DESC',
    'orgUnit { parent { code } children { id } ancestors { code } descendants(maxDepth: 2) { code } }',
    ['people', 'people.rows', 'OrgUnit.parent', 'childrenByOrgUnitId', 'ancestorsByOrgUnitId', 'descendantsByOrgUnitId'],
  ],
  [
    'orgUnits',
    'orderBy: NAME_DESC',
    'parent { parent { id } children { children { name } } }',
    ['orgUnits', 'OrgUnit.parent', 'OrgUnit.parent', 'childrenByOrgUnitId', 'childrenByOrgUnitId'],
  ],
  [
    'notifications',
    'orderBy: CREATED_AT_ASC',
    'caseId recipient { fullName orgUnit { id } }',
    ['notifications', 'notifications.rows'],
  ],
])(
  'a page of %s with all that is nested costs as many statements for a hundred as for one',
  async (field, order, nested, labels) => {
    const query = `query ($first: Int!) { ${field}(first: $first, ${order}) { nodes { id ${nested} } } }`;
    for (const first of [1, total]) {
      const { data, errors, statements } = await shared.ask(query, { as: rows.id('ann') }, { first });
      expect(errors).toEqual([]);
      expect(data[field].nodes).toHaveLength(first);
      expect(statements.map(labelOf).sort()).toEqual(labels.map((label) => `shared:${label}`).sort());
    }
  },
);

describe("a person's unit comes along with the person", () => {
  const ask = async (query: string) => {
    const { data, errors, statements } = await shared.ask(query, { as: rows.id('ann') });
    expect(errors).toEqual([]);
    return { data, labels: statements.map(labelOf) };
  };

  test('where it is selected, in one statement', async () => {
    const id = rows.id('person 7');
    const { data, labels } = await ask(`{ person(id: "${id}") { fullName orgUnit { id parent { code } } } }`);
    expect(data.person.orgUnit.id).toBe(rows.id('unit 7'));
    expect(data.person.orgUnit.parent.code).toBeTruthy();
    expect(labels).toEqual(['shared:personById', 'shared:OrgUnit.parent']);
  });

  test('who has none has none, and it is not looked for', async () => {
    const { data, labels } = await ask('{ me { id orgUnit { code } } }');
    expect(data.me).toEqual({ id: rows.id('ann'), orgUnit: null });
    expect(labels).toEqual(['shared:personById']);
  });

  test('many people, with what each of their units is', async () => {
    const representations = [3, 1, 2].map((n) => ({ __typename: 'Person', id: rows.id(`person ${n}`) }));
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { orgUnit { id } } } }';
    const { data, statements } = await shared.ask(query, { as: rows.id('ann') }, { representations });
    expect(data._entities).toEqual([3, 1, 2].map((n) => ({ orgUnit: { id: rows.id(`unit ${n}`) } })));
    expect(statements.map(labelOf)).toEqual(['shared:personById']);
  });
});
