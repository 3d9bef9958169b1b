import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded, loginRoles } from '@bailiwick/database/setup/credentials';
import type { Credentials } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { amountOf, fillBench } from './data.js';

/** The filled database that every contender reads. */
export interface BenchDatabase {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Of a role that may what the three app roles may, under the same row policies: what a monolith would connect as. */
  readonly monolithUrl: string;
  readonly version: string;
  readonly cases: number;
  readonly rows: number;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  readonly cases: number;
  /** A superuser's URL of a PostgreSQL on this machine; an embedded server without it. */
  readonly url?: string | undefined;
  /** Keeps the embedded server's data here, and fills it only once. */
  readonly dataDir?: string | undefined;
  readonly onStep: (sentence: string) => void;
}

const database = 'bailiwick_bench';
export const monolith = 'bailiwick_bench_monolith';
const passwordOf = (role: string): string => `password-of-${role}-in-tests`;

/** What a server of two cores that serves nothing else would be given. WAL has room, so that no checkpoint falls into one measurement and not into another. */
const settings = {
  shared_buffers: '1GB',
  max_connections: '400',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  effective_cache_size: '4GB',
  random_page_cost: '1.1',
  autovacuum: 'off',
};

export async function openBenchDatabase(options: DatabaseOptions): Promise<BenchDatabase> {
  const { url, dataDir } = options;
  if (url !== undefined) {
    const roles = Object.fromEntries(loginRoles.map((role) => [role, passwordOf(role)]));
    return prepare(options, url, { roles }, async () => {
      await withSession(url, 'bench', (client) => client.query(`drop database if exists ${database} with (force)`));
      await withSession(url, 'bench', async (client) => {
        const { rows } = await client.query<{ rolname: string }>(
          `select rolname from pg_roles where rolname like 'bailiwick\\_bench\\_%'`,
        );
        for (const { rolname } of rows) await client.query(`drop role ${rolname}`);
      });
    });
  }
  const folder = dataDir === undefined ? await mkdtemp(join(tmpdir(), 'bailiwick-bench-')) : resolve(dataDir);
  const server = await startEmbeddedServer({ dataDir: join(folder, 'data'), settings });
  try {
    return await prepare(options, server.operatorUrl('postgres'), fromEmbedded(server.credentials), async () => {
      await server.stop();
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(
  { cases, dataDir, onStep }: DatabaseOptions,
  serverUrl: string,
  credentials: Credentials,
  stop: () => Promise<void>,
): Promise<BenchDatabase> {
  const operatorUrl = urlOfDatabase(serverUrl, database);
  const note = dataDir === undefined ? undefined : join(resolve(dataDir), 'filled.json');
  let filled = await readNote(note);
  if (filled?.cases !== cases) {
    await withSession(serverUrl, 'bench', async (client) => {
      await client.query(`drop database if exists ${database} with (force)`);
      await client.query(`create database ${database} template template0 encoding 'UTF8'`);
    });
    onStep(`Filling a database with ${cases.toLocaleString('en-US')} cases.`);
    await initialiseDatabase({ operatorUrl, credentials });
    await migrateDatabase({ operatorUrl, credentials, withoutPlan: true });
    filled = { cases, rows: await fillBench(operatorUrl, amountOf(cases), onStep) };
    if (note !== undefined) await writeFile(note, JSON.stringify(filled));
  } else {
    // What is on main now, on the rows that are there already.
    await initialiseDatabase({ operatorUrl, credentials });
    await migrateDatabase({ operatorUrl, credentials, withoutPlan: true });
  }
  const version = await withSession(operatorUrl, 'bench', async (client) => {
    await client.query(`do $$ begin
      create role ${monolith} login password '${passwordOf(monolith)}' in role shared_tables_app, case_management_app, audit_system_app;
    exception when duplicate_object then null; end $$`);
    await client.query(`grant connect on database ${database} to ${monolith}`);
    await client.query('create extension if not exists pg_prewarm').catch(() => undefined);
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    return rows[0]!.version;
  });
  const monolithUrl = new URL(operatorUrl);
  monolithUrl.username = monolith;
  monolithUrl.password = passwordOf(monolith);
  return { operatorUrl, credentials, monolithUrl: monolithUrl.href, version, ...filled, stop };
}

async function readNote(file: string | undefined): Promise<{ cases: number; rows: number } | undefined> {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { cases: number; rows: number };
  } catch {
    return undefined;
  }
}
