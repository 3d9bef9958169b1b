import { connect, withSession } from '@bailiwick/database/setup/connect';
import type { Client, DatabaseError } from 'pg';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

// Every attempt to get something out of a rehearsal: a transaction in which the guard lets everything pass must never be committed.

let database: TestDatabase;
let operator: Client;

const table = 'case_management.case_costs_2019';

beforeAll(async () => {
  database = await createTestDatabase();
  operator = await connect(database.operatorUrl, 'tests');
  await operator.query(`set role case_management_owner; create table ${table} (id int primary key);
    insert into ${table} select generate_series(1, 10); reset role`);
  await operator.query(
    'create schema elsewhere; create table elsewhere.trace (what text); grant usage on schema elsewhere to public',
  );
});

afterAll(async () => {
  await operator.end();
  await database.drop();
});

async function rowsLeft(): Promise<number> {
  const { rows } = await operator.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]?.count ?? -1;
}

/** Sends statements one by one as the deployer of case management; the SQLSTATE of each, or undefined for one that went through. */
async function attempt(
  statements: readonly string[],
  role: 'deployer' | 'operator' = 'deployer',
): Promise<(string | undefined)[]> {
  const url = role === 'operator' ? database.operatorUrl : database.urlOf('case_management_deployer');
  return withSession(url, 'tests', async (client) => {
    const states: (string | undefined)[] = [];
    for (const sql of statements) {
      states.push(
        await client.query(sql).then(
          () => undefined,
          (error: unknown) => (error as DatabaseError).code,
        ),
      );
    }
    return states;
  });
}

const begin = ['begin', 'select guard.begin_rehearsal()', 'set local role case_management_owner'];
const drop = `drop table ${table}`;

test('a rehearsal lets the guarded statement pass, sees what it did, and is gone after a rollback', async () => {
  expect(await attempt(['begin', 'set local role case_management_owner', drop])).toEqual([undefined, undefined, 'LG001']);
  expect(await attempt([...begin, drop, `select from pg_class where relname = 'x'`, 'rollback'])).toEqual(
    Array(6).fill(undefined),
  );
  expect(await rowsLeft()).toBe(10);
});

const swallowed = `do $$ begin begin set constraints all immediate; exception when others then null; end; end $$`;

test.each<[string, string[], string]>([
  ['commits', [...begin, drop, 'commit'], 'LG005'],
  ['ends', [...begin, drop, 'end'], 'LG005'],
  ['commits and chains', [...begin, drop, 'commit and chain'], 'LG005'],
  ['begins in a statement of its own and is committed with it', ['select guard.begin_rehearsal()'], 'LG005'],
  ['sets all constraints immediate', [...begin, drop, 'set constraints all immediate'], 'LG005'],
  ['sets its own constraint immediate', [...begin, drop, 'set constraints guard.rehearsals_never_commit immediate'], 'LG005'],
  ['swallows the error of SET CONSTRAINTS, and commits', [...begin, drop, swallowed, 'commit'], 'LG005'],
  [
    'swallows it behind a savepoint, and commits',
    [...begin, drop, 'savepoint s', 'set constraints all immediate', 'rollback to s', 'commit'],
    'LG005',
  ],
  ['commits within a procedure', [...begin, drop, 'do $$ begin commit; end $$'], '2D000'],
  [
    'commits within a block outside a transaction block',
    [`do $$ begin perform guard.begin_rehearsal(); commit; end $$`],
    'LG005',
  ],
  [
    'begins in a block that swallows, and drops in another',
    [`do $$ begin perform guard.begin_rehearsal(); exception when others then null; end $$`],
    'LG005',
  ],
  ['commits in two phases', [...begin, drop, `prepare transaction 'escape'`], 'LG005'],
  ['deletes the row', [...begin, 'delete from guard.rehearsals'], '42501'],
  ['deletes the row as deployer', ['begin', 'select guard.begin_rehearsal()', 'delete from guard.rehearsals'], '42501'],
  ['switches triggers off', ['begin', 'select guard.begin_rehearsal()', `set session_replication_role = replica`], '42501'],
  ['drops the trigger', [...begin, 'drop trigger rehearsals_never_commit on guard.rehearsals'], '42501'],
  ['disables the trigger', [...begin, 'alter table guard.rehearsals disable trigger all'], '42501'],
  [
    'acts for another team without a ticket',
    ['begin', 'select guard.begin_rehearsal()', `select guard.rehearse_as_audit_system('select 1')`],
    '42501',
  ],
  ['reads the tickets', [...begin, 'select * from guard.rehearsal_tickets'], '42501'],
  ['writes a ticket', ['begin', `insert into guard.rehearsal_tickets values (pg_backend_pid(), now())`], '42501'],
  ['takes an approval of another team', ['begin', `select guard.take_migration_approval('x', 'audit_system', 'x')`], '42501'],
  ['runs a program', [...begin, `copy ${table} to program 'true'`], '42501'],
  ['writes a file', [...begin, `copy ${table} to '/tmp/escape'`], '42501'],
  ['opens another session', [...begin, `select dblink_exec('', 'drop table ${table}')`], '42883'],
])('a deployer who %s is refused and changes nothing', async (_what, statements, state) => {
  const states = await attempt(statements);
  expect(states.find((one) => one !== undefined)).toBe(state);
  expect(await rowsLeft()).toBe(10);
});

test('shared_tables_deployer, who may act for every team with a ticket, may not without one', async () => {
  for (const owner of ['shared_tables', 'case_management', 'audit_system']) {
    await withSession(database.urlOf('shared_tables_deployer'), 'tests', async (client) => {
      await client.query('begin');
      await client.query('select guard.begin_rehearsal()');
      await expect(client.query(`select guard.rehearse_as_${owner}('select 1')`)).rejects.toMatchObject({ code: '42501' });
    });
  }
});

test('a ticket counts for its backend alone, within a rehearsal alone, and leaves nobody his role', async () => {
  const [one, other] = await Promise.all([1, 2].map(async () => connect(database.urlOf('shared_tables_deployer'), 'tests')));
  try {
    const { rows } = await one!.query<{ pid: number }>('select pg_backend_pid() as pid');
    await operator.query(
      'insert into guard.rehearsal_tickets (backend_pid, backend_start) select pid, backend_start from pg_stat_activity where pid = $1',
      [rows[0]?.pid],
    );
    await expect(one!.query(`select guard.rehearse_as_audit_system('select 1')`)).rejects.toMatchObject({ code: '42501' });
    await other!.query('begin; select guard.begin_rehearsal()');
    await expect(other!.query(`select guard.rehearse_as_audit_system('select 1')`)).rejects.toMatchObject({ code: '42501' });
    await one!.query('begin; select guard.begin_rehearsal()');
    await one!.query(`select guard.rehearse_as_audit_system('select count(*) from audit_system.findings')`);
    for (const [sql, state] of [
      // What runs as one team's owner can neither leave that role nor reach for another team's.
      ['reset role', '42501'],
      ['set role case_management_owner', '42501'],
      ['reset session authorization', '42501'],
      ['select count(*) from case_management.legal_cases', '42501'],
      [`select guard.rehearse_as_case_management('select 1')`, '42501'],
      ['commit', '0A000'],
      ['select 1; commit', '0A000'],
    ] as const) {
      await one!.query('savepoint s');
      await expect(one!.query('select guard.rehearse_as_audit_system($1)', [sql])).rejects.toMatchObject({ code: state });
      await one!.query('rollback to s');
    }
    await expect(one!.query('commit')).rejects.toMatchObject({ code: 'LG005' });
  } finally {
    await Promise.all([one!.end(), other!.end()]);
    await operator.query('delete from guard.rehearsal_tickets');
  }
});

test('a trigger of a file that waits for the end of the transaction runs as its owner too', async () => {
  const session = await connect(database.urlOf('shared_tables_deployer'), 'tests');
  try {
    const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
    await operator.query(
      'insert into guard.rehearsal_tickets (backend_pid, backend_start) select pid, backend_start from pg_stat_activity where pid = $1',
      [rows[0]?.pid],
    );
    await session.query('begin; select guard.begin_rehearsal()');
    for (const sql of [
      'create table case_management.trap (id int)',
      `create function case_management.spring() returns trigger language plpgsql as $f$ begin
         perform guard.rehearse_as_audit_system('select 1'); return null; end $f$`,
      `create constraint trigger trap after insert on case_management.trap deferrable initially deferred for each row execute function case_management.spring()`,
      'insert into case_management.trap values (1)',
    ])
      await session.query('select guard.rehearse_as_case_management($1)', [sql]);
    await expect(
      session.query('select guard.rehearse_as_case_management($1)', ['set constraints case_management.trap immediate']),
    ).rejects.toMatchObject({ code: '42501' });
  } finally {
    await session.end();
    await operator.query('delete from guard.rehearsal_tickets');
  }
});

test('what was done before the rehearsal began is taken back with it', async () => {
  expect(
    (
      await attempt([
        'begin',
        'savepoint s',
        ...begin.slice(1),
        drop,
        'rollback to s',
        'set local role case_management_owner',
        drop,
      ])
    ).at(-1),
  ).toBe('LG001');
  expect(
    await attempt([
      'begin',
      'set local role case_management_owner',
      `insert into ${table} values (11)`,
      'reset role',
      'select guard.begin_rehearsal()',
      'commit',
    ]),
  ).toEqual([...Array<undefined>(5).fill(undefined), 'LG005']);
  expect(await rowsLeft()).toBe(10);
});

test('a session beside a rehearsal is guarded as ever', async () => {
  const rehearsing = await connect(database.urlOf('case_management_deployer'), 'tests');
  for (const sql of begin) await rehearsing.query(sql);
  expect((await attempt(['begin', 'set local role case_management_owner', drop])).at(-1)).toBe('LG001');
  expect((await attempt([`delete from guard.rehearsals`, drop], 'operator')).at(-1)).toBe('LG001');
  await rehearsing.end();
});

test('an app can not begin one', async () => {
  await withSession(database.urlOf('case_management_app'), 'tests', async (client) => {
    await expect(client.query('select guard.begin_rehearsal()')).rejects.toMatchObject({ code: '42501' });
  });
});

test('even a superuser gets nothing out of one by deleting its row, and the guard itself stays refused', async () => {
  const states = await attempt(
    ['begin', 'select guard.begin_rehearsal()', drop, 'delete from guard.rehearsals', 'commit'],
    'operator',
  );
  expect(states.at(-1)).toBe('LG005');
  for (const sql of [
    'truncate guard.rehearsals',
    'drop table guard.rehearsals cascade',
    'alter table guard.rehearsals disable trigger all',
  ]) {
    expect(
      (await attempt(['begin', 'select guard.begin_rehearsal()', sql, 'commit'], 'operator')).find((one) => one !== undefined),
    ).toBe('55006');
  }
  expect((await attempt(['begin', 'select guard.begin_rehearsal()', 'drop schema guard cascade'], 'operator')).at(-1)).toMatch(
    /LG001|55006/,
  );
  expect(await rowsLeft()).toBe(10);
});
