import { approveStatement } from '@bailiwick/database/guard/approve';
import { collectAttempts } from '@bailiwick/database/guard/serverLog';
import { guardStatus } from '@bailiwick/database/guard/status';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { connect } from '@bailiwick/database/setup/connect';
import { explainDatabaseError } from '@bailiwick/kernel/postgres';
import type { Client } from 'pg';
import type { TestDatabase } from '../support/database.js';
import { createFilledDatabase, errorOf, logFileOfRun, stateOf } from './support.js';

let database: TestDatabase;
let operator: Client;

beforeAll(async () => {
  database = await createFilledDatabase();
  operator = await connect(database.operatorUrl, 'tests');
});

afterAll(async () => {
  await operator.end();
  await database.drop();
});

async function count(what: string): Promise<number> {
  const { rows } = await operator.query<{ count: number }>(`select count(*)::int as count from ${what}`);
  return rows[0]?.count ?? -1;
}

describe('the answer', () => {
  test('to the founding statement has the right numbers, and names what the cascade would take of the others', async () => {
    const rows = (await count('public.people')) + (await count('public.org_units')) + (await count('public.notifications'));
    const keys = await count(
      `pg_constraint where contype = 'f' and connamespace <> 'public'::regnamespace and confrelid in ('public.people'::regclass, 'public.org_units'::regclass)`,
    );
    const error = await errorOf(operator, 'DROP SCHEMA public CASCADE');
    expect(error?.message).toBe(
      `DROP_REFUSED: DROP SCHEMA public would remove 4 tables, ${rows} rows and 1 type, and 1 column of ${(await count('case_management.tasks')).toLocaleString('en-US')} rows and ${keys} foreign keys of case_management and audit_system. Nothing was changed.`,
    );
    expect(error?.detail).toContain(`table public.people (${await count('public.people')} rows)`);
    expect(error?.hint).toContain(`--confirm ${database.name}`);
  });

  test('to a TRUNCATE counts every table that the cascade would empty', async () => {
    const tables = ['findings', 'recommendations', 'action_plans', 'recommendation_case_links'];
    let rows = 0;
    for (const table of tables) rows += await count(`audit_system.${table}`);
    const error = await errorOf(operator, 'truncate audit_system.findings cascade');
    expect(error?.message).toContain(`would remove ${rows.toLocaleString('en-US')} rows of 4 tables.`);
  });

  test('to a mass DELETE says how many of how many', async () => {
    const all = (await count('case_management.case_events')).toLocaleString('en-US');
    const error = await errorOf(operator, 'delete from case_management.case_events');
    expect(error?.message).toContain(`would remove ${all} of the ${all} rows of case_management.case_events.`);
    // In the graph that is no fault of ours.
    expect(explainDatabaseError(error)?.code).toBe('FORBIDDEN');
  });
});

describe('what goes on working', () => {
  test('small changes, temporary tables, indexes, and tables elsewhere', async () => {
    for (const sql of [
      'delete from public.notifications where id in (select id from public.notifications limit 1)',
      `update case_management.tasks set completion_notes = 'x' where id in (select id from case_management.tasks limit 400)`,
      'create temp table scratch (id int); truncate scratch; alter table scratch add column x int; drop table scratch',
      'create index tasks_extra on case_management.tasks (title); drop index case_management.tasks_extra',
      'create schema elsewhere; create table elsewhere.t (id int); insert into elsewhere.t values (1); drop schema elsewhere cascade',
      'truncate case_management.idempotency_keys',
      'alter table case_management.tasks add column extra text',
    ])
      expect([sql, await errorOf(operator, sql)]).toEqual([sql, undefined]);
  });

  test('init, a second time', async () => {
    const before = await stateOf(operator);
    await initialiseDatabase({ operatorUrl: database.operatorUrl, credentials: { roles: {} } });
    expect(await stateOf(operator)).toEqual(before);
  });
});

test('a table that a deployer makes is guarded from its first moment', async () => {
  const deployer = await connect(database.urlOf('case_management_deployer'), 'tests');
  await deployer.query('set role case_management_owner');
  await deployer.query('create table case_management.later as select n as id from generate_series(1, 5000) n');
  expect((await errorOf(deployer, 'delete from case_management.later'))?.code).toBe('LG003');
  expect((await errorOf(deployer, 'truncate case_management.later'))?.code).toBe('LG002');
  expect((await errorOf(deployer, 'drop table case_management.later'))?.code).toBe('LG001');
  await deployer.end();
});

test('a statement is not taken for one about a temporary table because of a name in it', async () => {
  const session = await connect(database.operatorUrl, 'tests');
  try {
    await session.query(`create temp table legal_cases (id int); create temp table scratch as select 1 as id;
      create function pg_temp.weaken() returns int language plpgsql as $$ begin
        alter table case_management.tasks disable row level security; return 1; end $$;
      set search_path = case_management, pg_temp`);
    const weakening = 'alter table legal_cases disable row level security';
    expect(await errorOf(session, weakening)).toMatchObject({ code: 'LG004' });
    const inAFunction = 'alter table scratch add column x int default pg_temp.weaken()';
    expect(await errorOf(session, inAFunction)).toMatchObject({ code: 'LG004' });
    expect(await errorOf(session, 'drop table scratch')).toBeUndefined();
  } finally {
    await session.end();
  }
});

describe('an approval', () => {
  const wipe = 'delete from case_management.case_costs';

  test('lets exactly one statement through, once', async () => {
    await approveStatement(operator, `  ${wipe};\n`, 'a test');
    expect((await errorOf(operator, `${wipe} where true`))?.code).toBe('LG003');
    await operator.query('begin');
    expect(await errorOf(operator, wipe)).toBeUndefined();
    expect(await count('case_management.case_costs')).toBe(0);
    await operator.query('rollback');
    expect(await errorOf(operator, 'truncate case_management.case_costs')).toMatchObject({ code: 'LG002' });
    // What was rolled back has not used it up.
    await operator.query('begin');
    expect(await errorOf(operator, wipe)).toBeUndefined();
    await operator.query('commit');
    expect(await count('case_management.case_costs')).toBe(0);
    const { rows } = await operator.query(
      `select outcome, code, d.statement, because, used_by = session_user as mine from guard.destructive_statements d join guard.approvals a on a.id = approval_id`,
    );
    expect(rows).toEqual([{ outcome: 'approved', code: 'MASS_CHANGE_REFUSED', statement: wipe, because: 'a test', mine: true }]);
  });

  test('is refused the second time, and after its time', async () => {
    const update = `update case_management.parties set phone = 'x'`;
    await approveStatement(operator, update, 'a test');
    expect(await errorOf(operator, update)).toBeUndefined();
    expect((await errorOf(operator, update))?.code).toBe('LG003');
    await approveStatement(operator, update, 'a test', 0.0005);
    await operator.query('select pg_sleep(0.05)');
    expect((await errorOf(operator, update))?.code).toBe('LG003');
  });

  test('goes to one of two sessions that come at once', async () => {
    const update = `update case_management.parties set phone = 'y'`;
    await approveStatement(operator, update, 'a test');
    const others = await Promise.all([1, 2].map(async () => connect(database.operatorUrl, 'tests')));
    const codes = await Promise.all(others.map(async (client) => (await errorOf(client, update))?.code ?? 'done'));
    expect(codes.sort()).toEqual(['LG003', 'done']);
    await Promise.all(others.map(async (client) => client.end()));
  });

  test('from a time to come is not good: the clock was set back since it was given', async () => {
    const update = `update case_management.parties set phone = 'tomorrow'`;
    const { id } = await approveStatement(operator, update, 'a test');
    const move = async (by: string) =>
      operator.query(
        `update guard.approvals set approved_at = approved_at + $2::interval, expires_at = expires_at + $2::interval where id = $1`,
        [id, by],
      );
    for (const by of ['1 day', '-23 hours -57 minutes']) {
      await move(by);
      expect((await errorOf(operator, update))?.code).toBe('LG003');
      expect((await operator.query('select used_at from guard.approvals where id = $1', [id])).rows).toEqual([{ used_at: null }]);
    }
    // Clocks are corrected by seconds all the time.
    await move('-2 minutes -30 seconds');
    expect(await errorOf(operator, update)).toBeUndefined();
    expect((await errorOf(operator, update))?.code).toBe('LG003');
  });

  test('is not for an app or a deployer to write, whatever they SET', async () => {
    for (const role of ['case_management_app', 'case_management_deployer'] as const) {
      const client = await connect(database.urlOf(role), 'tests');
      await expect(approveStatement(client, wipe, 'please')).rejects.toMatchObject({ code: 'PRIVILEGE_MISSING' });
      expect((await errorOf(client, 'set role guard_operator'))?.code).toBe('42501');
      await client.end();
    }
  });

  test('may be written by guard_operator, and never for more than an hour', async () => {
    await operator.query('set role guard_operator');
    const { expiresAt } = await approveStatement(operator, 'drop table nothing', 'a test', 6000);
    expect((await errorOf(operator, `update guard.approvals set used_at = null`))?.code).toBe('42501');
    await operator.query('reset role');
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(3_600_000);
  });
});

describe('the record', () => {
  test('of a refused statement outlives its transaction', async () => {
    const app = await connect(database.urlOf('audit_system_deployer'), 'careless');
    await app.query('set role audit_system_owner');
    await app.query('begin');
    expect((await errorOf(app, 'drop table audit_system.evidence'))?.code).toBe('LG001');
    await app.query('rollback');
    expect((await errorOf(app, 'drop schema public cascade'))?.code).toBe('42501');
    // A line that somebody else makes the server write is no record.
    await app.query(`do $$ begin raise log 'bailiwick-guard % {"outcome": "approved"}', repeat('0', 64); end $$`);
    await app.end();
    expect(await collectAttempts(operator, logFileOfRun())).toMatchObject({ hasLog: true });
    const { rows } = await operator.query(
      `select statement, outcome, role_name, acting_as, application_name, code from guard.destructive_statements
       where application_name = 'bailiwick careless' order by happened_at`,
    );
    const who = { role_name: 'audit_system_deployer', acting_as: 'audit_system_owner', application_name: 'bailiwick careless' };
    expect(rows).toEqual([
      { ...who, statement: 'drop table audit_system.evidence', outcome: 'refused', code: 'DROP_REFUSED' },
      { ...who, statement: 'drop schema public cascade', outcome: 'attempted', code: null },
    ]);
    expect(await collectAttempts(operator, logFileOfRun())).toMatchObject({ added: 0 });
    const { missing, attempts } = await guardStatus(database.operatorUrl, logFileOfRun());
    expect(missing).toEqual([]);
    expect(attempts?.refusedInLastDay).toBeGreaterThan(0);
  });
});
