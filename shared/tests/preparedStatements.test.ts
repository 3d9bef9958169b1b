import { sqlState } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import { failureOf, givenDatabase, rowsOf } from './support/databases.js';

const given = givenDatabase();
const { open } = given;

describe('statements that come again', () => {
  test('are prepared, and prepared anew after a migration changed a type under them', async () => {
    await given.rows.sql('create table public.stale (amount integer)');
    await given.rows.sql('grant select on public.stale to shared_tables_app');
    const database = open({ poolSize: 1 });
    const read = async (): Promise<unknown[][]> => {
      const session = database.read(given.admin);
      try {
        return await rowsOf(session, sql`select amount from public.stale`);
      } finally {
        await session.close();
      }
    };
    for (let time = 0; time < 3; time++) expect(await read()).toEqual([]);
    await given.rows.sql('alter table public.stale alter column amount type bigint');
    // The first to meet the change fails with its transaction; everybody after it is answered, over the same pool of one.
    expect(sqlState(await failureOf(read()))).toBe('0A000');
    for (let time = 0; time < 3; time++) expect(await read()).toEqual([]);
  });

  test('a failure of another statement is told as that failure, and costs neither the connection nor what is prepared', async () => {
    const database = open({ poolSize: 1 });
    const pidOf = async (): Promise<unknown> => {
      const session = database.read(given.admin);
      const [[pid]] = (await rowsOf(session, sql`select pg_backend_pid()`)) as [[number]];
      await session.close();
      return pid;
    };
    const pid = await pidOf();
    for (let time = 0; time < 3; time++) {
      const session = database.read(given.admin);
      // All on their way before the first has failed; the same text comes for the second time within the failed transaction.
      const all = ['select 1 / 0', `select ${time}::text`, `select ${time}::text`, `select ${time}::text`].map((text) =>
        failureOf(rowsOf(session, sql.raw(text))),
      );
      expect((await Promise.all(all)).map(sqlState)).toEqual(['22012', '22012', '22012', '22012']);
      await session.close();
    }
    expect(await pidOf()).toBe(pid);
  });

  test('are kept prepared up to a number, and the least recently used ones are given up', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(given.admin);
    for (let number = 0; number < 220; number++)
      for (let time = 0; time < 2; time++)
        expect(await rowsOf(session, sql`select ${sql.raw(String(number))} as number, ${time}::int as time`)).toEqual([
          [number, time],
        ]);
    const [[prepared]] = (await rowsOf(session, sql`select count(*)::int from pg_prepared_statements`)) as [[number]];
    await session.close();
    expect(prepared).toBeGreaterThan(100);
    // Beside them, what begins a transaction and names its person.
    expect(prepared).toBeLessThanOrEqual(200);
  });
});
