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
    ['people', 'orgUnitById', 'orgUnitById', 'childrenByOrgUnitId', 'ancestorsByOrgUnitId', 'descendantsByOrgUnitId'],
  ],
  [
    'orgUnits',
    'orderBy: NAME_DESC',
    'parent { parent { id } children { children { name } } }',
    ['orgUnits', 'orgUnitById', 'childrenByOrgUnitId', 'childrenByOrgUnitId'],
  ],
  ['notifications', 'orderBy: CREATED_AT_ASC', 'caseId recipient { fullName orgUnit { id } }', ['notifications', 'personById']],
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
