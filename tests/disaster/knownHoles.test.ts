import { approveStatement } from '@bailiwick/database/guard/approve';
import { guardStatus } from '@bailiwick/database/guard/status';
import { connect, urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import type { TestDatabase } from '../support/database.js';
import { createFilledDatabase, errorOf } from './support.js';

/** What docs/guard.md names as holes. A test that fails here is good news: then the page has to change. */
let database: TestDatabase;
let operator: Client;

beforeEach(async () => {
  database = await createFilledDatabase();
  operator = await connect(database.operatorUrl, 'tests');
});

afterEach(async () => {
  await operator.end();
  await database.drop();
});

const missing = async () => (await guardStatus(database.operatorUrl)).missing.join('\n');

test('DROP SCHEMA public CASCADE, approved, is run for real, and the other systems stand', async () => {
  const founding = 'DROP SCHEMA public CASCADE';
  await approveStatement(operator, founding, 'to see what it does');
  expect(await errorOf(operator, founding)).toBeUndefined();
  const { rows } = await operator.query(
    `select to_regclass('public.people') as people, (select count(*) > 0 from audit_system.findings) as findings`,
  );
  expect(rows).toEqual([{ people: null, findings: true }]);
  expect(await errorOf(operator, 'DROP SCHEMA case_management CASCADE')).toMatchObject({ code: 'LG001' });
});

test('DROP DATABASE fires no event trigger', async () => {
  await operator.end();
  await withSession(urlOfDatabase(database.operatorUrl, 'postgres'), 'tests', async (client) => {
    expect(await errorOf(client, `drop database ${database.name}`)).toBeUndefined();
  });
});

test('a superuser may SET event_triggers = off from PostgreSQL 17 on', async () => {
  const error = await errorOf(operator, 'set event_triggers = off');
  const { rows } = await operator.query<{ version: number }>(`select current_setting('server_version_num')::int as version`);
  if ((rows[0]?.version ?? 0) < 170_000) {
    expect(error?.code).toBe('42704');
    return;
  }
  expect(await errorOf(operator, 'drop table case_management.case_events')).toBeUndefined();
  // The triggers of the tables are not event triggers.
  expect((await errorOf(operator, 'truncate case_management.case_costs'))?.code).toBe('LG002');
});

test('a superuser may disable or drop an event trigger, and status says so', async () => {
  await operator.query(
    `alter event trigger guard_drop disable; alter extension plpgsql drop event trigger guard_rewrite; drop event trigger guard_rewrite`,
  );
  expect(await missing()).toMatch(/guard_drop: it is disabled\.\n[^]*guard_rewrite: it is not there\./);
  expect(await errorOf(operator, 'drop table case_management.case_events')).toBeUndefined();
});

test('REASSIGN OWNED fires no event trigger, and status says whose the tables are', async () => {
  expect(await errorOf(operator, 'reassign owned by case_management_owner to audit_system_owner')).toBeUndefined();
  expect(await missing()).toContain('case_management.tasks belongs to audit_system_owner');
});

test('a loop of small deletes stays below the limit of one statement', async () => {
  await operator.query(`do $$ declare e uuid; begin
    for e in select id from case_management.case_events loop delete from case_management.case_events where id = e; end loop;
  end $$`);
  const { rows } = await operator.query('select count(*)::int as left from case_management.case_events');
  expect(rows).toEqual([{ left: 0 }]);
});

test('a table with no more rows than the limit can be emptied by DELETE, until its limit is lowered', async () => {
  await operator.query(`insert into guard.mass_change_limits values ('public', 'notifications', 10, 0.1)`);
  expect((await errorOf(operator, 'delete from public.notifications'))?.code).toBe('LG003');
  await operator.query(`delete from guard.mass_change_limits where table_name = 'notifications'`);
  expect(await errorOf(operator, 'delete from public.notifications')).toBeUndefined();
});

test('a superuser who deletes a few rows and SETs track_counts off within the same second may then delete all of that table', async () => {
  const some = 'delete from case_management.case_events where id in (select id from case_management.case_events limit 3)';
  await operator.query('begin');
  expect(
    await errorOf(operator, `${some}; set local track_counts = off; delete from case_management.case_events`),
  ).toBeUndefined();
  await operator.query('rollback');
  // What was counted reaches the server's statistics when a transaction ends a second later, or is made to; from then on nothing is counted.
  await operator.query(`begin; ${some}; select pg_stat_force_next_flush(); commit; set track_counts = off`);
  expect((await errorOf(operator, 'delete from case_management.case_events'))?.code).toBe('LG003');
});
