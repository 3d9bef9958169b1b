import { setTimeout as pause } from 'node:timers/promises';
import { explainDatabaseError, findDatabaseError, newId } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import { countUnits, failureOf, givenDatabase, one } from './support/databases.js';

const given = givenDatabase();
const { open, untilBusy, untilGone, works } = given;

describe('a database in trouble', () => {
  test('no free connection in time is SERVICE_UNAVAILABLE, and the next operation works', async () => {
    const database = open({ poolSize: 1, connectionTimeout: 200 });
    const holder = database.read(given.admin);
    await one(holder, countUnits);
    const waiting = database.read(given.admin);
    expect(explainDatabaseError(await failureOf(one(waiting, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(explainDatabaseError(await failureOf(database.write(given.admin, async () => 1)))).toMatchObject({
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

  test('a server that is not there is SERVICE_UNAVAILABLE', async () => {
    const database = open({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(explainDatabaseError(await failureOf(database.ping()))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const session = database.read(given.admin);
    expect(explainDatabaseError(await failureOf(one(session, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await session.close();
  });
});
