import { setTimeout as pause } from 'node:timers/promises';
import { withSession } from '@bailiwick/database/setup/connect';
import { explainDatabaseError, findDatabaseError, newId } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { until } from '../../tests/support/until.js';
import { countUnits, failureOf, givenDatabase, one } from './support/databases.js';

const given = givenDatabase();
const { open, untilBusy, untilGone, works } = given;

describe('a database in trouble', () => {
  test('no free connection in time is SERVICE_UNAVAILABLE, and the next operation works', async () => {
    const database = open({ poolSize: 1, connectionTimeout: 200 });
    const holder = database.read(given.admin);
    await one(holder, countUnits);
    const waiting = database.read(newId());
    expect(explainDatabaseError(await failureOf(one(waiting, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(explainDatabaseError(await failureOf(database.write(newId(), async () => 1)))).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    await waiting.close();
    await holder.close();
    await works(database);
  });

  test('a connection that is killed in the middle of a read fails that read, and the next operation works', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(given.admin);
    const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
    const sleeping = failureOf(one(session, sql`select pg_sleep(30)`));
    await untilBusy(pid);
    await given.rows.sql('select pg_terminate_backend($1)', [pid]);
    expect(explainDatabaseError(await sleeping)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
    await works(database);
  });

  test('a connection that is killed between two reads fails the second one, and not the process', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(given.admin);
    const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
    await given.rows.sql('select pg_terminate_backend($1)', [pid]);
    await untilGone(pid);
    expect(explainDatabaseError(await failureOf(one(session, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
    await works(database);
  });

  test('a connection that is killed while nobody uses it is replaced', async () => {
    const database = open({ poolSize: 1 });
    await works(database);
    await given.rows.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test kernel' and datname = current_database()`,
    );
    await pause(50);
    await works(database);
  });

  test('a connection that is killed in the middle of a write fails it, nothing is written, and the next operation works', async () => {
    const database = open({ poolSize: 1 });
    const error = await failureOf(
      database.write(given.admin, async (tx) => {
        await tx.db('test:insert').execute(sql`insert into org_units (id, code, name) values (${newId()}, 'killed', 'killed')`);
        const { pid } = await one<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`);
        await given.rows.sql('select pg_terminate_backend($1)', [pid]);
        await untilGone(pid);
        await one(tx, countUnits);
      }),
    );
    expect(explainDatabaseError(error)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await given.rows.sql(`select from public.org_units where code = 'killed'`)).toEqual([]);
    await works(database);
  });

  test('a statement that needs too long is TIMED_OUT, and the next operation works', async () => {
    const database = open({ poolSize: 1, statementTimeout: 100 });
    const session = database.read(given.admin);
    const error = await failureOf(one(session, sql`select pg_sleep(30)`));
    expect(explainDatabaseError(error)).toMatchObject({ code: 'TIMED_OUT' });
    expect(findDatabaseError(error)?.code).toBe('57014');
    await session.close();
    await works(database);
  });

  test('one person holds half of the connections, and waits for the rest', async () => {
    const database = open({ poolSize: 2, connectionTimeout: 200 });
    const holder = database.read(given.admin);
    await one(holder, countUnits);
    const waiting = database.read(given.admin);
    expect(explainDatabaseError(await failureOf(one(waiting, countUnits)))).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    const other = database.read(newId());
    await one(other, sql`select 1 as one`);
    await Promise.all([waiting.close(), other.close()]);
    const next = works(database);
    await holder.close();
    await next;
  });

  test('readers of other tables are answered while many wait for one that is locked', async () => {
    const database = open({ poolSize: 4, connectionTimeout: 10_000 });
    await withSession(given.testDatabase.operatorUrl, 'tests', async (client) => {
      await client.query('begin');
      await client.query('lock table public.org_units in access exclusive mode');
      const isLocked = (error: unknown): void => expect(explainDatabaseError(error)).toMatchObject({ code: 'TIMED_OUT' });
      const waiting = [1, 2].map(() => database.read(newId()));
      let isWaiting = true;
      const waited = Promise.all(waiting.map((session) => failureOf(one(session, countUnits)))).finally(() => {
        isWaiting = false;
      });
      await until(async () => {
        const rows = await given.rows.sql(
          `select from pg_stat_activity where application_name = 'test kernel' and wait_event_type = 'Lock' and query_start < clock_timestamp() - interval '0.7 s'`,
        );
        return rows.length === 2;
      });
      // A newcomer does not wait for the lock as long as these two, and other tables are read.
      const newcomer = database.read(newId());
      isLocked(await failureOf(one(newcomer, countUnits)));
      const other = database.read(newId());
      await one(other, sql`select count(*)::int as count from notifications`);
      expect(isWaiting).toBe(true);
      await Promise.all([newcomer.close(), other.close()]);
      for (const error of await waited) isLocked(error);
      await Promise.all(waiting.map((session) => session.close()));
      await client.query('rollback');
    });
    await works(database);
  });

  test('a read that is aborted is CANCELLED, the server ends it, and its connection is replaced', async () => {
    const database = open({ poolSize: 1 });
    const caller = new AbortController();
    const session = database.read(given.admin, caller.signal);
    const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
    const sleeping = failureOf(one(session, sql`select pg_sleep(30)`));
    await untilBusy(pid);
    caller.abort();
    expect(explainDatabaseError(await sleeping)).toMatchObject({ code: 'CANCELLED' });
    await works(database);
    await untilGone(pid);
  });

  test('reads of one operation that need too long together are TIMED_OUT', async () => {
    const database = open({ poolSize: 4, operationTimeout: 1_000 });
    const session = database.read(given.admin);
    const error = await failureOf(one(session, sql`select pg_sleep(30)`));
    expect(explainDatabaseError(error)).toMatchObject({ code: 'TIMED_OUT', message: expect.stringContaining('1 s') });
    await works(database);
  });

  test('a connection is closed after its longest life', async () => {
    const database = open({ poolSize: 1, longestLife: 1 });
    const pidOf = async (): Promise<number> => {
      const session = database.read(given.admin);
      const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
      await session.close();
      return pid;
    };
    const first = await pidOf();
    await until(async () => (await pidOf()) !== first);
  });

  test('a full disk is DISK_FULL', () => {
    const failure = Object.assign(new pg.DatabaseError('could not extend file', 1, 'error'), { code: '53100' });
    expect(explainDatabaseError(failure)).toMatchObject({ code: 'DISK_FULL', status: 503 });
  });

  test('a server that is not there is SERVICE_UNAVAILABLE', async () => {
    const database = open({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(explainDatabaseError(await failureOf(database.ping()))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const session = database.read(given.admin);
    expect(explainDatabaseError(await failureOf(one(session, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
  });
});
