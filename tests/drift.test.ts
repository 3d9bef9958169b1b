import { withSession } from '@bailiwick/database/setup/connect';
import * as auditTables from '@bailiwick/subgraph-audit/tables';
import * as caseTables from '@bailiwick/subgraph-case-management/tables';
import * as sharedTables from '@bailiwick/subgraph-shared/tables';
import { createTestDatabase } from './support/database.js';
import type { TestDatabase } from './support/database.js';
import { driftOf } from './support/drift.js';
import { liftGuard } from './support/guard.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => database.drop());

test.each([
  ['shared', 'public', sharedTables],
  ['case-management', 'case_management', caseTables],
  ['audit', 'audit_system', auditTables],
])('the Drizzle tables of the %s subgraph are the migrated schema %s, both ways', async (_subgraph, schema, tables) => {
  expect(await driftOf(tables, schema, database.operatorUrl)).toEqual([]);
});

test('every kind of drift is found', async () => {
  await liftGuard(database.operatorUrl);
  await withSession(database.operatorUrl, 'tests', (client) =>
    client.query(`
      alter table public.org_units add column colour text, alter column description set not null, alter column unit_type drop default,
        alter column version type bigint, drop column is_active;
      alter table public.notifications drop constraint notifications_priority_known,
        add constraint notifications_priority_known check (priority in ('low', 'high'));
      alter table public.idempotency_keys drop constraint idempotency_keys_pkey, add primary key (key);
      create table public.extra (id uuid primary key);
      drop table public.people cascade`),
  );
  const { people, ...known } = sharedTables;
  const found = await driftOf({ ...known, documents: caseTables.documents }, 'public', database.operatorUrl);
  expect(people).toBeDefined();
  for (const line of [
    'documents is declared in the schema case_management, not in public',
    'documents.title is declared, but not in the database',
    'org_units.colour is in the database, but not declared',
    'org_units.is_active is declared, but not in the database',
    'org_units.description: isNotNull is declared as false, in the database it is true',
    'org_units.unit_type: hasDefault is declared as true, in the database it is false',
    'org_units.version: type is declared as integer, in the database it is bigint',
    'notifications.priority: values is declared as high low medium urgent, in the database it is high low',
    'idempotency_keys.person_id: isPrimary is declared as true, in the database it is false',
    'extra.id is in the database, but not declared',
  ])
    expect(found).toContain(line);
  expect(await driftOf(sharedTables, 'public', database.operatorUrl)).toContain(
    'people.full_name is declared, but not in the database',
  );
});
