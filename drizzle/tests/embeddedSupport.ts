import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { nodeArguments } from '../../tests/support/programs.js';
import { currentTestRun } from '../../tests/support/testRun.js';
import { startEmbeddedServer } from '../src/embedded/server.js';
import type { EmbeddedServer, EmbeddedServerOptions } from '../src/embedded/server.js';

/** Durability is not what these tests are about, except where they say so. */
export const fast = { fsync: 'off', shared_buffers: '16MB' };

const cleanups: (() => unknown)[] = [];

/** Undoes, last first, what the tests of this file have begun. For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (let undo = cleanups.pop(); undo; undo = cleanups.pop()) await undo();
}

export function afterwards(undo: () => unknown): void {
  cleanups.push(undo);
}

/** A new empty folder that every account may enter, removed at the end. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-embedded-'));
  await chmod(folder, 0o755);
  afterwards(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return folder;
}

/** A data directory whose cluster is made already, so that a start needs no initdb. */
export async function newDataDir(): Promise<string> {
  const dataDir = join(await newFolder(), 'data');
  const { emptyDataDir } = await currentTestRun();
  if (emptyDataDir) await cp(emptyDataDir, dataDir, { recursive: true });
  return dataDir;
}

/** Starts in this process; stopped at the end. */
export async function start(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ ...options, settings: { ...fast, ...options.settings } });
  afterwards(() => server.stop());
  return server;
}

/** The rows of one statement, over a connection of its own. */
export async function query<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The pid of the server on a cluster, from its own file. */
export async function postmasterPid(cluster: string): Promise<number> {
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

export interface Message {
  readonly step?: string;
  readonly ready?: { url: string; port: number; firstStart: boolean };
  readonly error?: { code: string; message: string; hint?: string };
}

export interface OwnerProcess {
  readonly child: ChildProcess;
  readonly messages: Message[];
  /** The next message that fits; fails when the process ends before. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** Settles with exit code or signal. */
  readonly ended: Promise<number | string | null>;
}

export const project = fileURLToPath(new URL('../..', import.meta.url));

/** Starts an embedded server in a process of its own, which can be killed. It leads a process group, as a shell's job does. */
export function startOwner(dataDir: string, options: SpawnOptions & { program?: string[] } = {}): OwnerProcess {
  const child = spawn(
    process.execPath,
    [...(options.program ?? nodeArguments('drizzle/tests/embeddedOwner.ts')), dataDir, JSON.stringify(fast)],
    { detached: true, cwd: project, ...options, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  afterwards(() => child.kill('SIGKILL'));
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => look());
  const ended = new Promise<number | string | null>((done) => child.once('close', (code, signal) => done(signal ?? code)));
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
    wake();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    messages.push(JSON.parse(line) as Message);
    wake();
  });
  const next = (fits: (message: Message) => boolean) =>
    new Promise<Message>((done, fail) => {
      const look = () => {
        const found = messages.find(fits);
        if (!found && !hasEnded) return;
        waiting.delete(look);
        if (found) done(found);
        else fail(new Error(`The process ended without the message that is waited for. It said: ${JSON.stringify(messages)}`));
      };
      waiting.add(look);
      look();
    });
  return { child, messages, next, ended };
}
