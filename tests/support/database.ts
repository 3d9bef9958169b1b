import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fillWithSampleData } from '@bailiwick/database/sample/sample';
import { urlOfDatabase, urlOfRole, withSession } from '@bailiwick/database/setup/connect';
import type { Credentials, LoginRole } from '@bailiwick/database/setup/credentials';
import type { DatabaseError } from 'pg';
import { currentTestRun } from './testRun.js';
import type { TestRun } from './testRun.js';

export interface TestDatabase {
  readonly name: string;
  /** URL as superuser. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** URL as one of the roles that log in, with its password. */
  urlOf(role: LoginRole): string;
  /**
   * Drops the database, whoever still uses it.
   * @throws naming the sessions that were still open a second later: a pool that the test forgot to end.
   */
  drop(): Promise<void>;
}

/** The server itself, for tests that make databases of their own on it. */
export async function serverOfRun(): Promise<Pick<TestRun, 'operatorUrl' | 'credentials'>> {
  return currentTestRun();
}

/** A migrated database without rows, for one test file alone: a clone of the run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const run = await currentTestRun();
  return create(run, run.template);
}

/** A migrated database with the sample data: a clone of one that the first caller of the run fills. */
export async function createSampleDatabase(): Promise<TestDatabase> {
  const run = await currentTestRun();
  return create(run, await sampleTemplate(run));
}

async function sampleTemplate(run: TestRun): Promise<string> {
  const name = `bailiwick_sample_${run.key}`;
  await withSession(run.operatorUrl, 'tests', async (client) => {
    // Another worker may fill it at this moment. The lock ends with the session.
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return;
    const filled = await create(run, run.template);
    await fillWithSampleData({ operatorUrl: filled.operatorUrl });
    await client.query(`alter database ${filled.name} rename to ${name}`);
  });
  return name;
}

/** A copy of another test's database, which nobody may use meanwhile. */
export async function cloneTestDatabase({ name }: TestDatabase): Promise<TestDatabase> {
  return create(await currentTestRun(), name);
}

/** A database before `db init`. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return create(await currentTestRun(), 'template0');
}

async function create(run: TestRun, template: string): Promise<TestDatabase> {
  const name = `bailiwick_test_${run.key}_${randomBytes(4).toString('hex')}`;
  await withSession(run.operatorUrl, 'tests', async (client) => {
    const deadline = performance.now() + 30_000;
    for (;;) {
      try {
        await client.query(`create database ${name} template ${template} strategy wal_log`);
        if (template !== 'template0') await copyPrivileges(run, name, async (sql) => client.query(sql));
        return;
      } catch (error) {
        // Somebody (autovacuum, another clone) looks at the template in this moment.
        if ((error as DatabaseError).code !== '55006' || performance.now() > deadline) throw error;
        await pause(50);
      }
    }
  });
  const operatorUrl = urlOfDatabase(run.operatorUrl, name);
  return {
    name,
    operatorUrl,
    credentials: run.credentials,
    urlOf: (role) => urlOfRole(operatorUrl, role, run.credentials),
    drop: async () => drop(run, name),
  };
}

/** CREATE DATABASE copies everything of a template but the privileges on the database itself. */
async function copyPrivileges(run: TestRun, name: string, query: (sql: string) => Promise<unknown>): Promise<void> {
  const roles = Object.keys(run.credentials.roles).join(', ');
  await query(`revoke all on database ${name} from public`);
  await query(`grant connect on database ${name} to ${roles}`);
}

async function drop(run: TestRun, name: string): Promise<void> {
  const leaked = await withSession(run.operatorUrl, 'tests', async (client) => {
    const deadline = performance.now() + 1_000;
    for (;;) {
      const { rows } = await client.query<{ session: string }>(
        `select format('%s as %s: %s', coalesce(nullif(application_name, ''), 'unnamed session'), usename, left(query, 100)) as session
         from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
        [name],
      );
      if (rows.length && performance.now() < deadline) {
        await pause(20);
        continue;
      }
      await client.query(`drop database if exists ${name} with (force)`);
      return rows;
    }
  });
  if (leaked.length) {
    throw new Error(
      `${leaked.length} sessions were still open when ${name} was dropped:\n${leaked.map(({ session }) => session).join('\n')}`,
    );
  }
}
