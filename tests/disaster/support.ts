import { join } from 'node:path';
import { withSession } from '@bailiwick/database/setup/connect';
import type { Client, DatabaseError } from 'pg';
import { createSampleDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { folderOfRun } from '../support/testRun.js';

/** A database full of sample data, with a column in one system whose type lives in public. */
export async function createFilledDatabase(): Promise<TestDatabase> {
  const database = await createSampleDatabase();
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query(`create type public.mood as enum ('calm', 'tense')`);
    await client.query('alter table case_management.tasks add column mood public.mood');
  });
  return database;
}

/** Row count and content checksum of every table, and what protects them; what the guard writes down itself is left out. */
export async function stateOf(client: Client): Promise<Record<string, string>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select name from guard.guarded_tables() where name not in ('guard.destructive_statements', 'guard.approvals')`,
  );
  const contents = tables.map(
    ({ name }) =>
      `select '${name}' as what, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as state from ${name} t`,
  );
  const { rows } = await client.query<{ what: string; state: string }>(
    `${contents.join(' union all ')}
     union all select 'protection', md5(guard.protected_state()::text)
     union all select 'columns', md5(string_agg(format('%s %s %s', attrelid, attname, atttypid), ',' order by attrelid, attnum))
       from pg_attribute join guard.guarded_tables() g on g.id = attrelid where not attisdropped and attnum > 0
     union all select 'constraints', md5(string_agg(oid::text, ',' order by oid)) from pg_constraint
     union all select 'functions', md5(string_agg(oid::text || prosrc, ',' order by oid)) from pg_proc
       where pronamespace = any (select oid from pg_namespace where nspname = any (guard.guarded_schemas()))
     union all select 'extensions', string_agg(extname, ',' order by extname) from pg_extension`,
  );
  return Object.fromEntries(rows.map(({ what, state }) => [what, state]));
}

/** What a statement was answered: the server's error, or undefined when it went through. */
export async function errorOf(client: Client, sql: string): Promise<DatabaseError | undefined> {
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    return error as DatabaseError;
  }
}

/** The log of the run's embedded server; undefined on a server that exists, which is asked for its own. */
export function logFileOfRun(): string | undefined {
  if (process.env.BAILIWICK_TEST_DATABASE_URL) return undefined;
  return join(folderOfRun(), 'data', 'postgres.log');
}
