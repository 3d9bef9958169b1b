import { request } from 'node:http';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createTestGraph } from '../support/graph.js';
import type { Shape } from '../support/graph.js';
import { liftGuard } from '../support/guard.js';
import { seed } from '../support/seed.js';
import type { Seed } from '../support/seed.js';
import { createTestIssuer } from '../support/tokens.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let rows: Seed;

beforeAll(async () => {
  database = await createTestDatabase();
  await liftGuard(database.operatorUrl);
  rows = await seed(database)
    .person('lawyer', { roles: ['Lawyer'] })
    .legalCase('A v B')
    .write();
  // Every read of a case takes a minute.
  await rows.sql(
    'create policy slow on case_management.legal_cases as restrictive for select using ((select pg_sleep(60)) is not null)',
  );
});
afterAll(async () => {
  await database.drop();
});

const sleeping = async (): Promise<number> =>
  (await rows.sql(`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`)).length;

test.each<Shape>(['one process', 'separate'])('in %s, the statements of a caller who hangs up end', async (shape) => {
  const issuer = await createTestIssuer();
  const graph = await createTestGraph(shape, database, issuer, {
    limits: { statementTimeout: 60_000, operationTimeout: 60_000 },
  });
  try {
    const call = request(`${graph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.tokenFor(rows.id('lawyer'))}` },
    });
    call.on('error', () => undefined);
    call.end(JSON.stringify({ query: '{ legalCases { nodes { title } } }' }));
    await until(async () => (await sleeping()) === 1);
    call.destroy();
    const { data } = await graph.ask('{ me { fullName } }', rows.id('lawyer'));
    expect(data).toEqual({ me: { fullName: 'lawyer' } });
    await until(async () => (await sleeping()) === 0);
  } finally {
    await graph.stop();
  }
});
