import { connect, withSession } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import { stateOf } from '../../tests/disaster/support.js';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { initialised, next, rows, shipped } from './migrateSupport.js';
import { changesOf, lossesOf, nth, plan, planOne } from './planSupport.js';

let database: TestDatabase;
let operator: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  operator = await connect(database.operatorUrl, 'tests');
  await operator.query(`set role case_management_owner;
    create table case_management.rooms (id int primary key, name text, size int);
    insert into case_management.rooms select n, 'room ' || n, case when n <= 4 then n end from generate_series(1, 10) n;
    create table case_management.bookings (id int primary key, room_id int not null references case_management.rooms (id) on delete cascade);
    insert into case_management.bookings select n, 1 + n % 10 from generate_series(1, 30) n;
    create type case_management.mood as enum ('calm', 'tense');
    reset role;
    grant usage on schema case_management to audit_system_owner; grant usage on type case_management.mood to audit_system_owner;
    set role audit_system_owner;
    create table audit_system.interviews (id int, mood case_management.mood);
    insert into audit_system.interviews select n, 'calm' from generate_series(1, 7) n;
    reset role;
    create schema reporting; create view reporting.all_rooms as select * from case_management.rooms`);
});

afterAll(async () => {
  await operator.end();
  await database.drop();
});

/** Whatever is planned: nothing of it stays. */
async function planned(sql: string) {
  const before = await stateOf(operator);
  const one = await planOne(database, sql);
  expect(await stateOf(operator)).toEqual(before);
  return one;
}

describe('what would be lost', () => {
  test('nothing, by a migration that only adds', async () => {
    const one = await planned(`create table case_management.floors (id int primary key);
      alter table case_management.rooms add column floor_id int references case_management.floors (id);
      insert into case_management.floors values (1), (2);`);
    expect(one).toMatchObject({ losses: [], refusedStatements: [], approval: null });
    expect(changesOf(one, 'created')).toEqual(
      expect.arrayContaining([
        'table case_management.floors',
        'column case_management.rooms.floor_id',
        'foreign key case_management.rooms.rooms_floor_id_fkey',
      ]),
    );
    expect(changesOf(one, 'dropped')).toEqual([]);
    expect(one.rows).toMatchObject([{ table: 'floors', inserted: 2, updated: 0, deleted: 0 }]);
    expect(one.locks).toEqual([
      { schema: 'case_management', table: 'rooms', mode: 'AccessExclusiveLock', blocks: 'readers and writers' },
    ]);
  });

  test('a table that dynamic SQL drops, with its rows, and what the cascade takes in other schemas', async () => {
    const one = await planned(`do $$ begin execute 'drop ta' || 'ble case_management.rooms cascade'; end $$;`);
    expect(lossesOf(one)).toEqual(
      expect.arrayContaining([
        'table case_management.rooms (10 rows)',
        'foreign key bookings_room_id_fkey on case_management.bookings',
        'view reporting.all_rooms',
      ]),
    );
    expect(one.losses[0]).toMatchObject({
      line: 1,
      sentence: expect.stringContaining(
        'DROP TABLE case_management.rooms would remove 1 table, 10 rows and 1 foreign key, and 1 view of reporting.',
      ),
    });
    expect(changesOf(one, 'dropped')).toEqual(expect.arrayContaining(['table case_management.rooms']));
  });

  test('a column of another team, whose type is dropped, with the rows that have a value in it', async () => {
    const one = await planned('drop type case_management.mood cascade;');
    expect(lossesOf(one)).toEqual(
      expect.arrayContaining(['column audit_system.interviews.mood (7 rows, 7 with a value)', 'type case_management.mood']),
    );
    expect(changesOf(one, 'dropped')).toEqual(expect.arrayContaining(['column audit_system.interviews.mood']));
  });

  test('a column, with how many rows have a value in it', async () => {
    expect(
      lossesOf(
        await planned('drop view if exists case_management.none; alter table case_management.rooms drop column size cascade;'),
      ),
    ).toEqual(expect.arrayContaining(['column case_management.rooms.size (10 rows, 4 with a value)']));
  });

  test('five of ten rows that a DELETE takes, which the guard lets pass, and those that go with them', async () => {
    const one = await planned('delete from case_management.rooms where id <= 5;');
    expect(lossesOf(one)).toEqual(['15 of the 30 rows of case_management.bookings', '5 of the 10 rows of case_management.rooms']);
    expect(one.refusedStatements).toEqual([]);
  });

  test('rows that were there before the file began, not those that are left when a table is dropped', async () => {
    expect(lossesOf(await planned('delete from case_management.bookings; drop table case_management.bookings;'))).toEqual([
      'table case_management.bookings (30 rows)',
    ]);
  });

  test('all rows of a TRUNCATE and its cascade', async () => {
    expect(lossesOf(await planned('truncate case_management.rooms cascade;')).sort()).toEqual([
      '10 of the 10 rows of case_management.rooms',
      '30 of the 30 rows of case_management.bookings',
    ]);
  });

  test('the rows of a table under a new name', async () => {
    const one = await planned(
      'alter table case_management.bookings rename to old_bookings; drop table case_management.old_bookings;',
    );
    expect(lossesOf(one)).toEqual(['table case_management.bookings (30 rows)']);
  });

  test('nothing of what the file makes itself and takes away again', async () => {
    const one = await planned(
      'create table case_management.scratch (id int); insert into case_management.scratch values (1); drop table case_management.scratch;',
    );
    expect(one.losses).toEqual([]);
    expect(one.refusedStatements).toEqual(['drop table case_management.scratch;']);
    expect(one.changes).toEqual([]);
  });

  test('values that a new type writes anew', async () => {
    const one = await planned('alter table case_management.bookings alter column id type bigint;');
    expect(lossesOf(one)).toEqual(['values in 30 of the 30 rows of case_management.bookings']);
    expect(one.changes).toContainEqual(
      expect.objectContaining({
        action: 'altered',
        kind: 'column',
        name: 'case_management.bookings.id',
        detail: 'integer not null becomes bigint not null',
      }),
    );
  });

  test('what protects the rows', async () => {
    const one = await planned('alter table case_management.parties disable row level security;');
    expect(lossesOf(one)).toEqual(['case_management.parties would lose its row security']);
  });

  test('nothing, by an UPDATE that the guard lets pass; values, by one that it refuses', async () => {
    expect((await planned(`update case_management.rooms set name = 'x';`)).losses).toEqual([]);
    await operator.query(`insert into case_management.rooms select n, 'room' from generate_series(11, 2000) n`);
    const one = await planned(`update case_management.rooms set name = 'x';`);
    expect(lossesOf(one)).toEqual(['values in 2,000 of the 2,000 rows of case_management.rooms']);
    expect(one.rows).toMatchObject([{ table: 'rooms', updated: 2000 }]);
    await operator.query('alter event trigger guard_before_command disable');
    await operator.query(
      'delete from case_management.rooms where id in (select id from case_management.rooms where id > 10 limit 1000)',
    );
    await operator.query(
      'delete from case_management.rooms where id in (select id from case_management.rooms where id > 10 limit 1000)',
    );
    await operator.query('alter event trigger guard_before_command enable always');
  });

  test('what an error that the file catches has taken back is no loss', async () => {
    const one = await planned(
      `do $$ begin begin drop table case_management.bookings; raise 'no'; exception when others then null; end; end $$;`,
    );
    expect(one).toMatchObject({ losses: [], refusedStatements: [], changes: [] });
  });
});

describe('a plan of several files', () => {
  test('of several teams runs them in one transaction: each finds what the one before made', async () => {
    const before = await stateOf(operator);
    const [shared, cases, audit, after] = await plan(database, {
      [`${next}_shared_tables_add.sql`]: 'alter table public.org_units add column shoe_size int;',
      [`${nth(1)}_case_management_use.sql`]: `create table case_management.shoes (id int); alter table case_management.rooms rename to halls;`,
      [`${nth(2)}_audit_system_drop.sql`]: 'drop table audit_system.interviews;',
      [`${nth(3)}_case_management_after.sql`]: 'create table case_management.after (id int);',
    });
    expect(changesOf(shared!, 'created')).toEqual(['column public.org_units.shoe_size']);
    expect(changesOf(cases!, 'created')).toContain('table case_management.shoes');
    expect(cases!.changes).toContainEqual(
      expect.objectContaining({
        action: 'altered',
        kind: 'table',
        name: 'case_management.rooms',
        detail: 'renamed to case_management.halls',
      }),
    );
    expect(changesOf(cases!, 'dropped')).toEqual([]);
    expect([shared!, cases!, audit!, after!].map(lossesOf)).toEqual([[], [], ['table audit_system.interviews (7 rows)'], []]);
    expect(await stateOf(operator)).toEqual(before);
    expect(await rows(database, 'select from guard.rehearsal_tickets')).toEqual([]);
  });

  test('needs a superuser, and says so', async () => {
    const operatorUrl = database.urlOf('shared_tables_deployer');
    await expect(
      plan(
        { operatorUrl, credentials: database.credentials },
        { [`${next}_audit_system_a.sql`]: 'select 1;', [`${nth(1)}_case_management_b.sql`]: 'select 1;' },
      ),
    ).rejects.toMatchObject({ code: 'PRIVILEGE_MISSING', hint: expect.stringContaining('--owner') });
  });

  test('on a database that is new makes everything and loses nothing', async () => {
    const empty = await initialised();
    const found = await plan(empty, {});
    expect(found.map(({ name }) => `${name}.sql`)).toEqual(shipped);
    expect(found.flatMap(({ losses }) => losses)).toEqual([]);
    expect(found.flatMap((one) => changesOf(one, 'created'))).toEqual(
      expect.arrayContaining(['table public.people', 'table audit_system.findings']),
    );
    expect(await rows(empty, `select from pg_class where relnamespace = 'case_management'::regnamespace`)).toEqual([]);
  });
});

describe('a plan says', () => {
  test('what can not run in a transaction, with file, line and what to do', async () => {
    for (const sql of ['create index concurrently x on case_management.rooms (name)', 'vacuum case_management.rooms']) {
      await expect(planned(`select 1;\n${sql};`)).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        message: expect.stringMatching(new RegExp(`^${next}_case_management_one\\.sql:2:1: .*(transaction block|function)`)),
        hint: expect.stringContaining('A file runs in one transaction.'),
      });
    }
  });

  test('what a deferred constraint would refuse at the end', async () => {
    await expect(
      planned(`alter table case_management.bookings add constraint later foreign key (id) references case_management.rooms (id) deferrable initially deferred not valid;
insert into case_management.bookings values (1000000, 1);`),
    ).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('violates foreign key constraint "later"'),
    });
  });

  test('what db check would refuse', async () => {
    const one = await planned('drop table case_management.bookings;');
    expect(one.findings.join()).toContain('line 1: drop-table.');
  });

  test('on which line an error is, also when several teams are planned together', async () => {
    await expect(
      plan(database, {
        [`${next}_audit_system_a.sql`]: 'select 1;',
        [`${nth(1)}_case_management_b.sql`]: 'select 1;\nalter table case_management.rooms\n  add column x nope;',
      }),
    ).rejects.toMatchObject({
      message: [
        `${nth(1)}_case_management_b.sql:3:16: type "nope" does not exist (SQLSTATE 42704).`,
        '    3 |   add column x nope;',
        '      |                ^',
        'This was a rehearsal; nothing was changed.',
      ].join('\n'),
    });
  });
});

describe('the limits of a rehearsal', () => {
  const limits = { lock: 300, statement: 1_000 };

  test('on locks name who held it', async () => {
    const blocker = await connect(database.urlOf('case_management_deployer'), 'blocker');
    try {
      await blocker.query('begin; set local role case_management_owner; lock table case_management.rooms in access share mode');
      const { rows: found } = await blocker.query<{ pid: number }>('select pg_backend_pid() as pid');
      await expect(
        planOne(database, 'select 1;\nalter table case_management.rooms add column x int;', { limits }),
      ).rejects.toMatchObject({
        code: 'REHEARSAL_TIMED_OUT',
        message: expect.stringMatching(
          new RegExp(
            `^${next}_case_management_one\\.sql:2:1: canceling statement due to lock timeout[^]*It waited 300 ms for a lock of pid ${found[0]?.pid} \\(case_management_deployer, "bailiwick blocker", (idle in transaction|active), since `,
          ),
        ),
      });
    } finally {
      await blocker.end();
    }
  });

  test('on statements end it, whatever the file sets', async () => {
    await expect(
      planOne(database, `set statement_timeout = 0; set local lock_timeout = 0;\nselect pg_sleep(60);`, { limits }),
    ).rejects.toMatchObject({
      code: 'REHEARSAL_TIMED_OUT',
      message: expect.stringMatching(/_one\.sql:2:1: .*statement timeout[^]*It ran for 1000 ms/),
    });
  });
});

test("a team plans alone, with nothing but its deployer's session", async () => {
  const { case_management_deployer } = database.credentials.roles;
  const operatorUrl = database.operatorUrl.replace(/\/\/[^@]*@/, '//nobody:nothing@');
  const file = { [`${next}_case_management_alone.sql`]: 'drop table case_management.bookings;' };
  const folderDatabase = { operatorUrl: database.operatorUrl, credentials: database.credentials };
  const [one] = await plan(folderDatabase, file, { operatorUrl, credentials: { roles: { case_management_deployer } } });
  expect(lossesOf(one!)).toEqual(['table case_management.bookings (30 rows)']);
  await withSession(database.operatorUrl, 'tests', async (client) => {
    expect((await client.query('select count(*)::int as n from case_management.bookings')).rows).toEqual([{ n: 30 }]);
  });
});
