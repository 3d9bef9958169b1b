import { once } from 'node:events';
import { withSession } from '@bailiwick/database/setup/connect';
import type { Transaction } from '@bailiwick/kernel/postgres';
import { explainDatabaseError, newId, sqlState } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import { failureOf, givenDatabase, one } from './support/databases.js';

const given = givenDatabase();
const { open, works } = given;

describe('Database.write', () => {
  const insert = (tx: Transaction, code: string) =>
    tx.db('test:insert').execute(sql`insert into org_units (id, code, name) values (${newId()}, ${code}, ${code})`);
  const exists = async (code: string) =>
    (await given.rows.sql('select from public.org_units where code = $1', [code])).length === 1;

  test('commits and returns what the work returned', async () => {
    const result = await open().write(given.admin, async (tx) => {
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
        database.write(given.admin, async (tx) => {
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
    await withSession(given.testDatabase.operatorUrl, 'tests', async (client) => {
      await client.query('begin');
      await client.query('lock table public.people in access exclusive mode');
      expect(await database.write(given.admin, async () => 'nothing')).toBe('nothing');
      const refused = database.write(given.admin, async () => {
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
      open().write(given.admin, async (tx) => {
        await insert(tx, 'lost');
        await insert(tx, 'a').catch(() => undefined);
        return 'all is well';
      }),
    );
    expect(sqlState(error)).toBe('23505');
    expect(await exists('lost')).toBe(false);
  });

  test('fails with what COMMIT is refused for, and leaves the connection usable', async () => {
    await given.rows.sql(`create function public.test_refuses() returns trigger language plpgsql as $$
      begin if new.code = 'refused at the end' then raise exception 'not this one' using errcode = '23514'; end if; return null; end $$`);
    await given.rows.sql(`create constraint trigger test_refuses after insert on public.org_units deferrable initially deferred
      for each row execute function public.test_refuses()`);
    const database = open({ poolSize: 1 });
    const pidOf = async () => {
      const session = database.read(given.admin);
      const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
      await session.close();
      return pid;
    };
    const before = await pidOf();
    const error = await failureOf(database.write(given.admin, (tx) => insert(tx, 'refused at the end')));
    expect(sqlState(error)).toBe('23514');
    expect(await exists('refused at the end')).toBe(false);
    expect(await pidOf()).toBe(before);
  });

  test('a statement after the end is a mistake that is named, and reaches nobody else', async () => {
    const database = open({ poolSize: 1 });
    let leaked: Transaction | undefined;
    await database.write(given.admin, async (tx) => void (leaked = tx));
    expect(await failureOf(insert(leaked!, 'too late'))).toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/after its transaction had ended/) }),
    });
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
      database.write(given.admin, async (tx) => {
        attempts[name]++;
        await touch(tx, first);
        if (attempts[name] === 1) await bothHoldOne();
        await touch(tx, second);
      });
    await Promise.all([write('one', 'a', 'b'), write('two', 'b', 'a')]);
    expect(attempts.one + attempts.two).toBeGreaterThan(2);
    const touched = await given.rows.sql(`select description from public.org_units where code in ('a', 'b')`);
    expect(touched).toEqual([{ description: '++' }, { description: '++' }]);
  });

  test('what can not be resolved by trying is tried three times and told as a CONFLICT', async () => {
    let attempts = 0;
    const error = await failureOf(
      open().write(given.admin, async (tx) => {
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

/** Lets everybody pass once `parties` of them have come. */
function barrier(parties: number): () => Promise<void> {
  const gate = new EventTarget();
  let arrived = 0;
  return async () => {
    if (++arrived < parties) await once(gate as never, 'open');
    else gate.dispatchEvent(new Event('open'));
  };
}
