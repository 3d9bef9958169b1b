import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { withSession } from '@bailiwick/database/setup/connect';
import { Database } from '@bailiwick/kernel/database';
import { findDatabaseError, sqlState } from '@bailiwick/kernel/sqlState';
import type { DatabaseOptions, Transaction, WriteTransaction } from '@bailiwick/kernel/database';
import { newId } from '@bailiwick/kernel/ids';
import { explainDatabaseError } from '@bailiwick/kernel/postgresErrors';
import { sql } from 'drizzle-orm';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { seed } from '../../tests/support/seed.js';
import type { Seed } from '../../tests/support/seed.js';
import { until } from '../../tests/support/until.js';

let testDatabase: TestDatabase;
let rows: Seed;
let admin: string;
const opened: Database[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  rows = await seed(testDatabase)
    .person('admin', { roles: ['System Admin'] })
    .orgUnit('a')
    .orgUnit('b')
    .write();
  admin = rows.id('admin');
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

afterAll(async () => testDatabase.drop());

function open(options: Partial<DatabaseOptions> = {}): Database {
  const database = new Database({ url: testDatabase.urlOf('shared_tables_app'), applicationName: 'test kernel', ...options });
  opened.push(database);
  return database;
}

async function one<Row extends Record<string, unknown>>(tx: Transaction, query: ReturnType<typeof sql>): Promise<Row> {
  const { rows: found } = await tx.db('test:one').execute<Row>(query);
  return found[0]! as unknown as Row;
}

const countUnits = sql`select count(*)::int as count from org_units`;

async function works(database: Database): Promise<void> {
  const session = database.read(admin);
  expect((await one<{ count: number }>(session, countUnits)).count).toBeGreaterThanOrEqual(2);
  await session.close();
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It succeeded.')),
    (error: unknown) => error,
  );
}

describe('Database.read', () => {
  test('opens nothing before the first statement, and closes harmlessly then, and twice', async () => {
    const statements: string[] = [];
    const session = open({ onStatement: (text) => statements.push(text) }).read(admin);
    await session.close();
    await session.close();
    expect(statements).toEqual([]);
  });

  test('that can not begin tells why, and the next one works', async () => {
    const database = open({ statementTimeout: 300 });
    await works(database);
    await withSession(testDatabase.operatorUrl, 'tests', async (client) => {
      await client.query('begin');
      await client.query('lock table public.people in access exclusive mode');
      const session = database.read(admin);
      const both = await Promise.all([failureOf(one(session, countUnits)), failureOf(one(session, countUnits))]);
      await session.close();
      await client.query('rollback');
      // SQLSTATE query_canceled, and not in_failed_sql_transaction.
      expect(both.map(sqlState)).toEqual(['57014', '57014']);
      expect(findDatabaseError(both[0])).toMatchObject({ query: expect.stringContaining('identity.enter') });
    });
    await works(database);
  });

  test('begins one read-only transaction with the person for all statements, each with its label', async () => {
    const statements: string[] = [];
    const session = open({ onStatement: (text) => statements.push(text) }).read(admin);
    const [first, second] = await Promise.all([
      one(
        session,
        sql`select current_setting('app.person_id') as person, pg_current_xact_id_if_assigned() as written, now()::text as at`,
      ),
      one(
        session,
        sql`select current_setting('transaction_read_only') as readonly, current_setting('timezone') as zone, now()::text as at`,
      ),
    ]);
    await session.close();
    expect(first).toMatchObject({ person: admin, written: null, at: second['at'] });
    expect(second).toMatchObject({ readonly: 'on', zone: 'UTC' });
    expect(statements).toEqual([
      'begin isolation level repeatable read read only',
      expect.stringMatching(/^\/\* kernel:person \*\/ select identity.enter/),
      expect.stringMatching(/^\/\* test:one \*\/ /),
      expect.stringMatching(/^\/\* test:one \*\/ /),
      'commit',
    ]);
  });

  test('shows one moment: what others commit meanwhile is not seen', async () => {
    const database = open();
    const session = database.read(admin);
    const before = await one(session, countUnits);
    await rows.orgUnit(`committed meanwhile ${newId()}`).write();
    expect(await one(session, countUnits)).toEqual(before);
    await session.close();
  });

  test('ends by itself where nothing comes after it', async () => {
    const applicationName = 'test ends by itself';
    const database = open({ poolSize: 1, applicationName });
    for (let time = 0; time < 3; time++) {
      await works(database);
      await untilIdle(applicationName);
    }
    await works(database);
    await database.ping();
    await untilIdle(applicationName);
  });

  test('ends before the next one begins, which sees what was committed between them', async () => {
    const database = open({ poolSize: 1 });
    for (let time = 0; time < 3; time++) {
      const first = database.read(admin);
      const { count } = await one<{ count: number }>(first, countUnits);
      await rows.orgUnit(`between two reads ${newId()}`).write();
      await first.close();
      const second = database.read(admin);
      expect(await one(second, countUnits)).toEqual({ count: count + 1 });
      await second.close();
    }
  });

  test('is not what the next transaction is carried out in, however late that sends its first statement', async () => {
    const applicationName = 'test ends before a late one';
    const database = open({ poolSize: 1, applicationName });
    await works(database);
    const name = `late ${newId()}`;
    await expect(
      database.write(admin, async (tx) => {
        await untilIdle(applicationName);
        await tx.db('test:write').execute(sql`insert into org_units (id, code, name) values (${newId()}, ${name}, ${name})`);
        throw new Error('No.');
      }),
    ).rejects.toThrow('No.');
    await works(database);
    // Nor one that sends none.
    expect(await database.write(admin, async () => 'nothing')).toBe('nothing');
    await works(database);
    await expect(
      database.write(admin, async () => {
        throw new Error('Nor this.');
      }),
    ).rejects.toThrow('Nor this.');
    const session = database.read(admin);
    const written = await session.rows('select count(*)::int from org_units where name = $1', [name]);
    await session.close();
    expect(written).toEqual([[0]]);
  });

  test('tells a failure of its first statement as that one’s own, and leaves the connection usable', async () => {
    const database = open({ poolSize: 1 });
    for (let time = 0; time < 3; time++) {
      const session = database.read(admin);
      const failure = await failureOf(session.rows('/* test:first */ select 1 / $1::int', [0]));
      await session.close();
      expect(sqlState(failure)).toBe('22012');
      expect(findDatabaseError(failure)).toMatchObject({ query: expect.stringContaining('test:first') });
      await works(database);
    }
  });

  test('that has lost what begins it fails whole, and is carried out by nobody', async () => {
    const database = open({ poolSize: 1 });
    for (const name of ['bailiwick_read', 'bailiwick_person', 'bailiwick_commit']) {
      await works(database);
      await works(database);
      const session = database.read(admin);
      await session.rows(`deallocate "${name}"`, []);
      await session.close();
      const next = database.read(admin);
      const all = await Promise.all([failureOf(next.rows('select 1', [])), failureOf(next.rows('select 2', []))]);
      await next.close();
      // SQLSTATE invalid_sql_statement_name.
      expect(all.map(sqlState)).toEqual(['26000', '26000']);
      await works(database);
    }
  });

  test('that has no identity to enter says so each time, with the statement that failed', async () => {
    const database = open({ poolSize: 1 });
    const rename = async (from: string, to: string): Promise<void> =>
      withSession(testDatabase.operatorUrl, 'tests', async (client) => {
        await client.query(`alter function identity.${from}(uuid) rename to ${to}`);
      });
    await rename('enter', 'entered');
    try {
      for (let time = 0; time < 3; time++) {
        const session = database.read(admin);
        const failure = await failureOf(one(session, countUnits));
        await session.close();
        expect(sqlState(failure)).toBe('42883');
        expect(findDatabaseError(failure)).toMatchObject({ query: expect.stringContaining('identity.enter') });
      }
    } finally {
      await rename('entered', 'enter');
    }
    await works(database);
  });

  test('refuses to write', async () => {
    const session = open().read(admin);
    expect(sqlState(await failureOf(session.db('test:write').execute(sql`delete from org_units where false`)))).toBe('25006');
    await session.close();
  });

  test('keeps its connection to itself until what nobody waits for any more has been answered', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(admin);
    let isAnswered = false;
    const orphan = session.rows('/* test:orphan */ select pg_sleep(0.3)', []).then(() => (isAnswered = true));
    await session.close();
    await new Promise(setImmediate);
    expect(isAnswered).toBe(true);
    await orphan;
    await works(database);
  });

  test('a statement after the end is a mistake that is named', async () => {
    const session = open().read(admin);
    await session.close();
    expect(await failureOf(one(session, countUnits))).toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/every loader must be awaited/) }),
    });
  });

  test('the person of one operation is not that of the next on the same connection', async () => {
    const database = open({ poolSize: 1 });
    for (const person of [admin, newId(), admin]) {
      const session = database.read(person);
      const { count } = await one<{ count: number }>(session, countUnits);
      expect(count > 0).toBe(person === admin);
      await session.close();
    }
    // Nothing of it is left outside a transaction either.
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test('an error fails the statements after it with the same error, and releases the connection usable', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(admin);
    const failures = await Promise.all([
      failureOf(one(session, sql`select 1 / 0`)),
      failureOf(one(session, countUnits)),
      failureOf(one(session, countUnits)),
    ]);
    expect(failures.map(sqlState)).toEqual(['22012', '22012', '22012']);
    await session.close();
    await works(database);
  });
});

describe('Database.write', () => {
  const insert = (tx: Transaction, code: string) =>
    tx.db('test:insert').execute(sql`insert into org_units (id, code, name) values (${newId()}, ${code}, ${code})`);
  const exists = async (code: string) => (await rows.sql('select from public.org_units where code = $1', [code])).length === 1;

  test('commits and returns what the work returned', async () => {
    const result = await open().write(admin, async (tx) => {
      await insert(tx, 'committed');
      return 42;
    });
    expect(result).toBe(42);
    expect(await exists('committed')).toBe(true);
  });

  test('an error of the work or of a statement rolls everything back, and releases the connection usable', async () => {
    const database = open({ poolSize: 1 });
    for (const fail of [async () => Promise.reject(new Error('a mistake')), async (tx: Transaction) => insert(tx, 'a')]) {
      const error = await failureOf(
        database.write(admin, async (tx) => {
          await insert(tx, 'rolled back');
          await fail(tx);
        }),
      );
      expect(error instanceof Error && (error.message === 'a mistake' || sqlState(error) === '23505')).toBe(true);
      expect(await exists('rolled back')).toBe(false);
      await works(database);
    }
  });

  test('work that sends nothing begins nothing, and leaves the connection usable', async () => {
    const database = open({ poolSize: 1, statementTimeout: 300 });
    await works(database);
    await withSession(testDatabase.operatorUrl, 'tests', async (client) => {
      await client.query('begin');
      await client.query('lock table public.people in access exclusive mode');
      expect(await database.write(admin, async () => 'nothing')).toBe('nothing');
      const refused = database.write(admin, async () => {
        throw new Error('Refused before anything was sent.');
      });
      await expect(refused).rejects.toThrow('Refused before anything was sent.');
      await client.query('rollback');
    });
    await database.ping();
    await works(database);
  });

  test('work that passes over a failed statement does not count as committed', async () => {
    const error = await failureOf(
      open().write(admin, async (tx) => {
        await insert(tx, 'lost');
        await insert(tx, 'a').catch(() => undefined);
        return 'all is well';
      }),
    );
    expect(sqlState(error)).toBe('23505');
    expect(await exists('lost')).toBe(false);
  });

  describe('what is sent without being waited for', () => {
    const sent = (code: string) => ({
      sql: 'insert into org_units (id, code, name) values ($1, $2, $2) returning code',
      params: [newId(), code],
    });

    test('is committed with the work, in the order in which it was sent, and answers', async () => {
      let answer: Promise<unknown[][]> | undefined;
      await open().write(admin, async (tx) => {
        answer = tx.send('test:send', sent('sent'));
        void tx.send('test:send', { sql: `update org_units set name = code || ' first' where code = $1`, params: ['sent'] });
        void tx.send('test:send', { sql: `update org_units set name = name || ', second' where code = $1`, params: ['sent'] });
      });
      expect(await answer).toEqual([['sent']]);
      expect(await rows.sql(`select name from public.org_units where code = 'sent'`)).toEqual([{ name: 'sent first, second' }]);
    });

    test('rolls everything back where it fails, with what the first failure was, and leaves the connection usable', async () => {
      const database = open({ poolSize: 1 });
      const explained = new Error('explained');
      const explain = (failure: unknown) => (sqlState(failure) === '23505' ? explained : failure);
      const error = await failureOf(
        database.write(admin, async (tx) => {
          void tx.send('test:send', sent('sent and lost'));
          void tx.send('test:send', sent('a'), explain);
          void tx.send('test:send', sent('sent behind it'));
          return 'all is well';
        }),
      );
      expect(error).toBe(explained);
      expect([await exists('sent and lost'), await exists('sent behind it')]).toEqual([false, false]);
      await works(database);
    });

    test('is told with its own failure also where the work has waited for a statement behind it', async () => {
      const explained = new Error('explained');
      const error = await failureOf(
        open().write(admin, async (tx) => {
          void tx.send('test:send', sent('a'), () => explained);
          await insert(tx, 'waited for');
        }),
      );
      expect(error).toBe(explained);
      expect(await exists('waited for')).toBe(false);
    });

    test('is refused before it is sent where a value is no plain one, and rolls everything back', async () => {
      const database = open({ poolSize: 1 });
      for (const odd of [{ a: 1 }, undefined, 1n, NaN, [[Symbol('odd')]]]) {
        const error = await failureOf(
          database.write(admin, async (tx) => {
            void tx.send('test:send', sent('before an odd one'));
            void tx.send('test:send', { sql: 'select $1::text', params: [odd] });
          }),
        );
        expect(error).toMatchObject({ message: expect.stringMatching(/^Value \$1 of a statement of test:send is not plain/) });
        expect(await exists('before an odd one')).toBe(false);
      }
      await works(database);
    });

    test('fails with what COMMIT is refused for, and leaves the connection usable', async () => {
      await rows.sql(`create function public.test_refuses() returns trigger language plpgsql as $$
        begin if new.code = 'refused at the end' then raise exception 'not this one' using errcode = '23514'; end if; return null; end $$`);
      await rows.sql(`create constraint trigger test_refuses after insert on public.org_units deferrable initially deferred
        for each row execute function public.test_refuses()`);
      const database = open({ poolSize: 1 });
      const pidOf = async () => {
        const session = database.read(admin);
        const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
        await session.close();
        return pid;
      };
      const before = await pidOf();
      const error = await failureOf(
        database.write(admin, async (tx) => void (await tx.send('test:send', sent('refused at the end')))),
      );
      expect(sqlState(error)).toBe('23514');
      expect(await exists('refused at the end')).toBe(false);
      expect(await pidOf()).toBe(before);
    });

    test('does not come before an error of the work itself, and is rolled back with it', async () => {
      const error = await failureOf(
        open().write(admin, async (tx) => {
          void tx.send('test:send', sent('sent in vain'));
          void tx.send('test:send', sent('a'));
          throw new Error('a mistake');
        }),
      );
      expect(error).toMatchObject({ message: 'a mistake' });
      expect(await exists('sent in vain')).toBe(false);
    });
  });

  test('a statement after the end is a mistake that is named, and reaches nobody else', async () => {
    const database = open({ poolSize: 1 });
    let leaked: WriteTransaction | undefined;
    await database.write(admin, async (tx) => void (leaked = tx));
    expect(await failureOf(insert(leaked!, 'too late'))).toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/after its transaction had ended/) }),
    });
    expect(() => leaked!.send('test:late', { sql: 'select 1', params: [] })).toThrow(/after its transaction had ended/);
    expect(await exists('too late')).toBe(false);
    await works(database);
  });

  test('a deadlock is tried again, and both writes arrive', async () => {
    const database = open();
    const bothHoldOne = barrier(2);
    const attempts = { one: 0, two: 0 };
    const touch = (tx: Transaction, code: string) =>
      tx.db('test:touch').execute(sql`update org_units set description = coalesce(description, '') || '+' where code = ${code}`);
    const write = (name: 'one' | 'two', first: string, second: string) =>
      database.write(admin, async (tx) => {
        attempts[name]++;
        await touch(tx, first);
        if (attempts[name] === 1) await bothHoldOne();
        await touch(tx, second);
      });
    await Promise.all([write('one', 'a', 'b'), write('two', 'b', 'a')]);
    expect(attempts.one + attempts.two).toBeGreaterThan(2);
    const touched = await rows.sql(`select description from public.org_units where code in ('a', 'b')`);
    expect(touched).toEqual([{ description: '++' }, { description: '++' }]);
  });

  test('what can not be resolved by trying is tried three times and told as a CONFLICT', async () => {
    let attempts = 0;
    const error = await failureOf(
      open().write(admin, async (tx) => {
        attempts++;
        await tx
          .db('test:fail')
          .execute(sql`do $$ begin raise exception 'again' using errcode = 'serialization_failure'; end $$`);
      }),
    );
    expect(attempts).toBe(3);
    expect(explainDatabaseError(error)).toMatchObject({ code: 'CONFLICT', hint: expect.stringMatching(/nothing was changed/) });
  });
});

describe('a database in trouble', () => {
  test('no free connection in time is SERVICE_UNAVAILABLE, and the next operation works', async () => {
    const database = open({ poolSize: 1, connectionTimeout: 200 });
    const holder = database.read(admin);
    await one(holder, countUnits);
    const waiting = database.read(admin);
    expect(explainDatabaseError(await failureOf(one(waiting, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(explainDatabaseError(await failureOf(database.write(admin, async () => 1)))).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    await waiting.close();
    await holder.close();
    await works(database);
  });

  test('a connection that is killed in the middle of a read fails that read, and the next operation works', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(admin);
    const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
    const sleeping = failureOf(one(session, sql`select pg_sleep(30)`));
    await untilBusy(pid);
    await rows.sql('select pg_terminate_backend($1)', [pid]);
    expect(explainDatabaseError(await sleeping)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
    await works(database);
  });

  test('a connection that is killed between two reads fails the second one, and not the process', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(admin);
    const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
    await rows.sql('select pg_terminate_backend($1)', [pid]);
    await untilGone(pid);
    expect(explainDatabaseError(await failureOf(one(session, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
    await works(database);
  });

  test('a connection that is killed while nobody uses it is replaced', async () => {
    const database = open({ poolSize: 1 });
    await works(database);
    await rows.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test kernel' and datname = current_database()`,
    );
    await pause(50);
    await works(database);
  });

  test('a connection that is killed in the middle of a write fails it, nothing is written, and the next operation works', async () => {
    const database = open({ poolSize: 1 });
    const error = await failureOf(
      database.write(admin, async (tx) => {
        await tx.db('test:insert').execute(sql`insert into org_units (id, code, name) values (${newId()}, 'killed', 'killed')`);
        const { pid } = await one<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`);
        await rows.sql('select pg_terminate_backend($1)', [pid]);
        await untilGone(pid);
        await one(tx, countUnits);
      }),
    );
    expect(explainDatabaseError(error)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await rows.sql(`select from public.org_units where code = 'killed'`)).toEqual([]);
    await works(database);
  });

  test('a statement that needs too long is TIMED_OUT, and the next operation works', async () => {
    const database = open({ poolSize: 1, statementTimeout: 100 });
    const session = database.read(admin);
    const error = await failureOf(one(session, sql`select pg_sleep(30)`));
    expect(explainDatabaseError(error)).toMatchObject({ code: 'TIMED_OUT' });
    expect(findDatabaseError(error)?.code).toBe('57014');
    await session.close();
    await works(database);
  });

  test('a server that is not there is SERVICE_UNAVAILABLE', async () => {
    const database = open({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(explainDatabaseError(await failureOf(database.ping()))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const session = database.read(admin);
    expect(explainDatabaseError(await failureOf(one(session, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
  });
});

/** Lets everybody pass once `parties` of them have come. */
describe('statements that come again', () => {
  test('are prepared, and prepared anew after a migration changed a type under them', async () => {
    await rows.sql('create table public.stale (amount integer)');
    await rows.sql('grant select on public.stale to shared_tables_app');
    const database = open({ poolSize: 1 });
    const read = async (): Promise<unknown[][]> => {
      const session = database.read(admin);
      try {
        return await session.rows('/* test:stale */ select amount from public.stale', []);
      } finally {
        await session.close();
      }
    };
    for (let time = 0; time < 3; time++) expect(await read()).toEqual([]);
    await rows.sql('alter table public.stale alter column amount type bigint');
    // The first to meet the change fails with its transaction; everybody after it is answered, over the same pool of one.
    expect(sqlState(await failureOf(read()))).toBe('0A000');
    for (let time = 0; time < 3; time++) expect(await read()).toEqual([]);
  });

  test('a failure of another statement is told as that failure, and costs neither the connection nor what is prepared', async () => {
    const database = open({ poolSize: 1 });
    const pidOf = async (): Promise<unknown> => {
      const session = database.read(admin);
      const [[pid]] = (await session.rows('/* test:pid */ select pg_backend_pid()', [])) as [[number]];
      await session.close();
      return pid;
    };
    const pid = await pidOf();
    for (let time = 0; time < 3; time++) {
      const session = database.read(admin);
      // All on their way before the first has failed; the same text comes for the second time within the failed transaction.
      const all = ['select 1 / 0', `select ${time}::text`, `select ${time}::text`, `select ${time}::text`].map((text) =>
        failureOf(session.rows(text, [])),
      );
      expect((await Promise.all(all)).map(sqlState)).toEqual(['22012', '22012', '22012', '22012']);
      await session.close();
    }
    expect(await pidOf()).toBe(pid);
  });

  test('are kept prepared up to a number, and answered beyond it', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(admin);
    for (let number = 0; number < 220; number++)
      for (let time = 0; time < 2; time++)
        expect(await session.rows(`select ${number}, $1::int`, [time])).toEqual([[number, time]]);
    const [[prepared]] = (await session.rows('select count(*)::int from pg_prepared_statements', [])) as [[number]];
    await session.close();
    expect(prepared).toBeGreaterThan(100);
    // Beside them, what begins a transaction and names its person.
    expect(prepared).toBeLessThanOrEqual(202);
  });
});

function barrier(parties: number): () => Promise<void> {
  const gate = new EventTarget();
  let arrived = 0;
  return async () => {
    if (++arrived < parties) await once(gate as never, 'open');
    else gate.dispatchEvent(new Event('open'));
  };
}

const untilBackend = (query: string, backend: number | string): Promise<void> =>
  until(async () => (await rows.sql(query, [backend]))[0]!['holds'] as boolean);

const untilBusy = (pid: number) =>
  untilBackend(`select exists (select from pg_stat_activity where pid = $1 and query like '%pg_sleep%') as holds`, pid);
/** Of the one connection of a database: it is in no transaction. */
const untilIdle = (applicationName: string) =>
  untilBackend(`select bool_and(state = 'idle') as holds from pg_stat_activity where application_name = $1`, applicationName);
const untilGone = async (pid: number) => {
  await untilBackend('select not exists (select from pg_stat_activity where pid = $1) as holds', pid);
  // The driver hears of it an instant later.
  await pause(50);
};
