import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { passwordKey } from '@bailiwick/database/config';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import { fromEmbedded, loginRoles } from '@bailiwick/database/setup/credentials';
import type { Credentials } from '@bailiwick/database/setup/credentials';
import type { Client } from 'pg';
import { nodeArguments } from '../../support/programs.js';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** The server that the verbs run on, and a folder for what they write. */
export interface Ground {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly folder: string;
  readonly key: string;
  close(): Promise<void>;
}

/** One database and one folder: where one kill happens. */
export interface Place {
  readonly url: string;
  readonly name: string;
  readonly folder: string;
  readonly credentials: Credentials;
}

/** @param existing a server that exists, as superuser; without it an embedded one is started, and taken away again. */
export async function openGround(existing?: { operatorUrl: string; credentials: Credentials }): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-kills-'));
  const key = String(process.pid);
  const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  if (existing) return { ...existing, folder, key, close: remove };
  // A process that is killed loses nothing that the kernel has: only a power cut needs fsync.
  const server = await startEmbeddedServer({ dataDir: join(folder, 'data'), settings: { fsync: 'off' } });
  return {
    operatorUrl: server.operatorUrl(),
    credentials: fromEmbedded(server.credentials),
    folder,
    key,
    close: async () => {
      await server.stop();
      await remove();
    },
  };
}

/** Asks the server; while it starts again after a crash, again and again. */
export async function ask<T>({ operatorUrl }: Ground, work: (client: Client) => Promise<T>): Promise<T> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      return await withSession(operatorUrl, 'kills', work);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/** Makes a database, empty or as another one is. */
export async function createDatabase(ground: Ground, suffix: string, template = 'template0'): Promise<string> {
  const name = `bailiwick_kills_${ground.key}_${suffix}`;
  const roles = Object.keys(ground.credentials.roles).join(', ');
  await ask(ground, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name} template ${template} strategy wal_log`);
    // CREATE DATABASE copies everything of a template but the privileges on the database itself.
    if (template !== 'template0') {
      await client.query(`revoke all on database ${name} from public`);
      await client.query(`grant connect on database ${name} to ${roles}`);
    }
  });
  return name;
}

export async function dropDatabase(ground: Ground, name: string): Promise<void> {
  await ask(ground, async (client) => client.query(`drop database if exists ${name} with (force)`));
}

export const placeOf = (ground: Ground, name: string, folder: string): Place => ({
  url: urlOfDatabase(ground.operatorUrl, name),
  name,
  folder,
  credentials: ground.credentials,
});

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real command line in a process group of its own. `begun` settles with its first sentence. */
export function startVerb(place: Place, args: readonly string[]) {
  const bare = Object.entries(process.env).filter(([key]) => !key.startsWith('BAILIWICK_') && key !== 'DATABASE_URL');
  const passwords = loginRoles.map((role) => [passwordKey(role), place.credentials.roles[role] ?? '']);
  const env = {
    ...Object.fromEntries([...bare, ...passwords]),
    DATABASE_URL: place.url,
    BAILIWICK_DATA_DIR: join(place.folder, 'data'),
  };
  const child = spawn(process.execPath, [...nodeArguments('drizzle/src/main.ts'), ...args], {
    env,
    cwd: projectRoot,
    detached: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const begun = new Promise<void>((resolve) => {
    child.stderr.once('data', () => resolve());
    child.once('close', () => resolve());
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  return { begun, ended, kill, isRunning: () => child.exitCode === null && child.signalCode === null };
}

/** The pids of the sessions that the verb has on its database. */
export async function sessionsOf(ground: Ground, { name }: Place): Promise<number[]> {
  return ask(ground, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = $1 and application_name like 'bailiwick %' and backend_type = 'client backend'`,
      [name],
    );
    return rows.map(({ pid }) => pid);
  });
}

/** Waits until the server has noticed that the verb is gone. */
export async function sessionsEnded(ground: Ground, place: Place): Promise<void> {
  const deadline = performance.now() + 30_000;
  while ((await sessionsOf(ground, place)).length > 0) {
    if (performance.now() > deadline) throw new Error(`Sessions on ${place.name} live on 30 s after their process was killed.`);
    await pause(20);
  }
}

/** Ends the postmaster as a crash would. Its supervisor starts it again. */
export async function killPostmaster(ground: Ground): Promise<void> {
  const folder = await ask(ground, async (client) => {
    const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
    return rows[0]?.folder ?? '';
  });
  const [pid] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
}
