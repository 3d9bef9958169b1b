import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@bailiwick/kernel/postgres';
import type { DatabaseOptions, LabelledDatabase } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { until } from '../../../tests/support/until.js';

/** What the tests of one file stand on. */
export interface Given {
  readonly testDatabase: TestDatabase;
  readonly rows: Seed;
  /** The id of a person who may do everything. */
  readonly admin: string;
  /** Opens the connections of a service, and closes them after the test. */
  readonly open: (options?: Partial<DatabaseOptions>) => Database;
  /** Reads, as one does after something went wrong. */
  readonly works: (database: Database) => Promise<void>;
  /** Waits until the server runs a statement that sleeps, on the connection with this process id. */
  readonly untilBusy: (pid: number) => Promise<void>;
  /** Waits until the one connection of a service is in no transaction. */
  readonly untilIdle: (applicationName: string) => Promise<void>;
  /** Waits until a connection has ended, and the driver knows it. */
  readonly untilGone: (pid: number) => Promise<void>;
}

/** A database for a test file, with a person and two org units. Called once, outside of the tests. */
export function givenDatabase(): Given {
  const opened: Database[] = [];
  let testDatabase: TestDatabase;
  let rows: Seed;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    rows = await seed(testDatabase)
      .person('admin', { roles: ['System Admin'] })
      .orgUnit('a')
      .orgUnit('b')
      .write();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
  });

  afterAll(async () => testDatabase.drop());

  const untilBackend = (query: string, backend: number | string): Promise<void> =>
    until(async () => (await rows.sql(query, [backend]))[0]!['holds'] as boolean);

  return {
    get testDatabase() {
      return testDatabase;
    },
    get rows() {
      return rows;
    },
    get admin() {
      return rows.id('admin');
    },
    open(options = {}) {
      const database = new Database({ url: testDatabase.urlOf('shared_tables_app'), applicationName: 'test kernel', ...options });
      opened.push(database);
      return database;
    },
    async works(database) {
      const session = database.read(rows.id('admin'));
      expect((await one<{ count: number }>(session, countUnits)).count).toBeGreaterThanOrEqual(2);
      await session.close();
    },
    untilBusy: (pid) =>
      untilBackend(`select exists (select from pg_stat_activity where pid = $1 and query like '%pg_sleep%') as holds`, pid),
    untilIdle: (applicationName) =>
      untilBackend(`select bool_and(state = 'idle') as holds from pg_stat_activity where application_name = $1`, applicationName),
    async untilGone(pid) {
      await untilBackend('select not exists (select from pg_stat_activity where pid = $1) as holds', pid);
      // The driver hears of it an instant later.
      await pause(50);
    },
  };
}

/** A transaction of either kind. */
interface Labelled {
  db(label: string): LabelledDatabase;
}

/** The rows of a query, as lists of values. */
export async function rowsOf(tx: Labelled, query: ReturnType<typeof sql>): Promise<unknown[][]> {
  const { rows } = await tx.db('test:rows').execute(query);
  return rows.map((row) => Object.values(row));
}

/** The first row of a query. */
export async function one<Row extends Record<string, unknown>>(tx: Labelled, query: ReturnType<typeof sql>): Promise<Row> {
  const { rows } = await tx.db('test:one').execute<Row>(query);
  return rows[0]! as unknown as Row;
}

export const countUnits = sql`select count(*)::int as count from org_units`;

/** What a promise rejects with; rejects where it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It succeeded.')),
    (error: unknown) => error,
  );
}
