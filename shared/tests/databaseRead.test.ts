import { withSession } from '@bailiwick/database/setup/connect';
import { findDatabaseError, newId, sqlState } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import { countUnits, failureOf, givenDatabase, one, rowsOf } from './support/databases.js';

const given = givenDatabase();
const { open, untilBusy, untilIdle, works } = given;

describe('Database.read', () => {
  test('opens nothing before the first statement, and closes harmlessly then, and twice', async () => {
    const statements: string[] = [];
    const session = open({ onStatement: (text) => statements.push(text) }).read(given.admin);
    await session.close();
    await session.close();
    expect(statements).toEqual([]);
  });

  test('that can not begin tells why, and the next one works', async () => {
    const database = open({ statementTimeout: 300 });
    await works(database);
    await withSession(given.testDatabase.operatorUrl, 'tests', async (client) => {
      await client.query('begin');
      await client.query('lock table public.people in access exclusive mode');
      const session = database.read(given.admin);
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
    const session = open({ onStatement: (text) => statements.push(text) }).read(given.admin);
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
    expect(first).toMatchObject({ person: given.admin, written: null, at: second['at'] });
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
    const session = database.read(given.admin);
    const before = await one(session, countUnits);
    await given.rows.orgUnit(`committed meanwhile ${newId()}`).write();
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
      const first = database.read(given.admin);
      const { count } = await one<{ count: number }>(first, countUnits);
      await given.rows.orgUnit(`between two reads ${newId()}`).write();
      await first.close();
      const second = database.read(given.admin);
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
      database.write(given.admin, async (tx) => {
        await untilIdle(applicationName);
        await tx.db('test:write').execute(sql`insert into org_units (id, code, name) values (${newId()}, ${name}, ${name})`);
        throw new Error('No.');
      }),
    ).rejects.toThrow('No.');
    await works(database);
    // Nor one that sends none.
    expect(await database.write(given.admin, async () => 'nothing')).toBe('nothing');
    await works(database);
    await expect(
      database.write(given.admin, async () => {
        throw new Error('Nor this.');
      }),
    ).rejects.toThrow('Nor this.');
    const session = database.read(given.admin);
    const written = await rowsOf(session, sql`select count(*)::int from org_units where name = ${name}`);
    await session.close();
    expect(written).toEqual([[0]]);
  });

  test('tells a failure of its first statement as that one’s own, and leaves the connection usable', async () => {
    const database = open({ poolSize: 1 });
    for (let time = 0; time < 3; time++) {
      const session = database.read(given.admin);
      const failure = await failureOf(rowsOf(session, sql`select 1 / ${0}::int`));
      await session.close();
      expect(sqlState(failure)).toBe('22012');
      expect(findDatabaseError(failure)).toMatchObject({ query: expect.stringContaining('test:rows') });
      await works(database);
    }
  });

  test('that has lost what begins it fails whole, and is carried out by nobody', async () => {
    const database = open({ poolSize: 1 });
    await works(database);
    const session = database.read(given.admin);
    await rowsOf(session, sql`deallocate all`);
    await session.close();
    const next = database.read(given.admin);
    const all = await Promise.all([failureOf(rowsOf(next, sql`select 1`)), failureOf(rowsOf(next, sql`select 2`))]);
    await next.close();
    // SQLSTATE invalid_sql_statement_name.
    expect(all.map(sqlState)).toEqual(['26000', '26000']);
    await works(database);
  });

  test('that has no identity to enter says so each time, with the statement that failed', async () => {
    const database = open({ poolSize: 1 });
    const rename = async (from: string, to: string): Promise<void> =>
      withSession(given.testDatabase.operatorUrl, 'tests', async (client) => {
        await client.query(`alter function identity.${from}(uuid) rename to ${to}`);
      });
    await rename('enter', 'entered');
    try {
      for (let time = 0; time < 3; time++) {
        const session = database.read(given.admin);
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
    const session = open().read(given.admin);
    expect(sqlState(await failureOf(session.db('test:write').execute(sql`delete from org_units where false`)))).toBe('25006');
    await session.close();
  });

  test('keeps its connection to itself until what nobody waits for any more has been answered', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(given.admin);
    const { pid } = await one<{ pid: number }>(session, sql`select pg_backend_pid() as pid`);
    let isAnswered = false;
    const orphan = rowsOf(session, sql`select pg_sleep(0.3)`).then(() => (isAnswered = true));
    await untilBusy(pid);
    await session.close();
    await new Promise(setImmediate);
    expect(isAnswered).toBe(true);
    await orphan;
    await works(database);
  });

  test('a statement after the end is a mistake that is named', async () => {
    const session = open().read(given.admin);
    await session.close();
    expect(await failureOf(one(session, countUnits))).toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/await every loader/) }),
    });
  });

  test('the person of one operation is not that of the next on the same connection', async () => {
    const database = open({ poolSize: 1 });
    for (const person of [given.admin, newId(), given.admin]) {
      const session = database.read(person);
      const { count } = await one<{ count: number }>(session, countUnits);
      expect(count > 0).toBe(person === given.admin);
      await session.close();
    }
    // Nothing of it is left outside a transaction either.
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test('an error fails the statements after it with the same error, and releases the connection usable', async () => {
    const database = open({ poolSize: 1 });
    const session = database.read(given.admin);
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
