import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { lastLines, spawnOptions } from './cluster.js';
import { until } from './deadline.js';
import { isPostgresOn, isRunning, postgresProcessesOn } from './processIdentity.js';

/** Milliseconds. Crash recovery replays WAL before the server is ready, so the start has long; a fast shutdown writes one checkpoint. */
const deadlines = { ready: 600_000, fast: 30_000, immediate: 10_000, killed: 5_000 };

/** The log is set aside at the start when it has grown past this many bytes; one older file is kept. */
const logLimit = 5 * 1024 * 1024;

/** What to do when PostgreSQL does not start on a cluster. */
export const damageHint =
  'Mend what they name and start again. Where files are damaged, move the data directory aside as it is, and bring everything back from its ' +
  'archive: docs/recovery.md, "If the whole data directory is gone".';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** Reads postmaster.pid (src/include/utils/pidfile.h). Undefined when there is none, or none that is whole. */
async function readPidFile(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Math.abs(Number(lines[0]));
  return pid > 0 ? { pid, port: Number(lines[3]), status: lines[7] ?? '' } : undefined;
}

/** The server that runs on this cluster now, whoever started it; verified, because the pid in the file may be another process's by now. */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const found = await readPidFile(cluster);
  return found && isPostgresOn(found.pid, cluster) ? found : undefined;
}

/**
 * Leaves the cluster without a server and without a stale postmaster.pid: stops the server that a killed owner left behind,
 * waits for the children of a server that was itself killed, removes the file of a process that is gone.
 * @throws DATA_DIR_IN_USE when a server runs that we may not or can not stop.
 */
export async function clearCluster(cluster: string, onStep: (sentence: string) => void): Promise<void> {
  const orphan = await runningPostmaster(cluster);
  if (orphan) {
    onStep(`Stopping PostgreSQL, pid ${orphan.pid}, which an earlier start left running on ${cluster}.`);
    await stopPid(orphan.pid, cluster);
  }
  const hasNone = () => postgresProcessesOn(cluster).length === 0;
  if (!(await until(hasNone, deadlines.immediate))) for (const pid of postgresProcessesOn(cluster)) kill(pid, 'SIGKILL', cluster);
  if (!(await until(hasNone, deadlines.killed))) throw unstoppable(cluster, postgresProcessesOn(cluster)[0]);
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

function unstoppable(cluster: string, pid: number | undefined): AppError {
  return new AppError('DATA_DIR_IN_USE', `PostgreSQL, pid ${pid}, runs on ${cluster} and can not be stopped.`, {
    hint: 'Stop it as the user who started it, or choose another folder with --data-dir.',
  });
}

function kill(pid: number, signal: NodeJS.Signals, cluster: string): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw unstoppable(cluster, pid);
  }
}

/** Fast shutdown (SIGINT), then immediate (SIGQUIT: the next start recovers from WAL), then SIGKILL; each with a deadline. */
async function stopPid(pid: number, cluster: string): Promise<void> {
  const steps = [
    ['SIGINT', deadlines.fast],
    ['SIGQUIT', deadlines.immediate],
    ['SIGKILL', deadlines.killed],
  ] as const;
  for (const [signal, deadline] of steps) {
    kill(pid, signal, cluster);
    if (await until(() => !isRunning(pid), deadline)) return;
  }
  throw unstoppable(cluster, pid);
}

/** Whether nobody listens on the loopback port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    // A port that needs privileges is not taken; PostgreSQL's own words tell about that.
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'EACCES'));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)));
  });
}

/** A loopback port that the system has free at the moment. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}

export interface StartOptions {
  cluster: string;
  port: number;
  logFile: string;
  binaries: Binaries;
  account: Account | undefined;
  onStep: (sentence: string) => void;
}

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Settles when the server process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Fast shutdown; settles when the process has ended. */
  stop(): Promise<void>;
  /** Asks for a fast shutdown without waiting: for the last moment of our own process. */
  kill(): void;
}

/**
 * Starts postgres and waits until it takes connections.
 * @throws SERVER_START_FAILED with the last lines of its log; PORT_TAKEN when somebody else got the port.
 */
export async function startPostmaster(options: StartOptions): Promise<RunningServer> {
  const { cluster, port, logFile } = options;
  if (((await stat(logFile).catch(() => undefined))?.size ?? 0) > logLimit) await rename(logFile, `${logFile}.1`);
  const logStart = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  const child = spawnPostgres(options);
  let failure: Error | undefined;
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', (error) => {
      failure = error;
      done();
    });
  });
  const server: RunningServer = {
    pid: child.pid ?? 0,
    port,
    ended,
    kill: () => void child.kill('SIGINT'),
    async stop() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      // From here on the process must not end before postgres has.
      child.ref();
      await Promise.all([stopPid(child.pid, cluster), ended]);
    },
  };
  const began = performance.now();
  let saidRecovering = false;
  const hasEnded = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const outcome = await until(async () => {
    if (hasEnded()) return 'ended';
    const found = await readPidFile(cluster);
    if (found?.pid === child.pid && (found?.status === 'ready' || found?.status === 'standby')) return 'ready';
    if (!saidRecovering && performance.now() - began > 3_000) {
      saidRecovering = true;
      options.onStep('PostgreSQL is still recovering from an earlier crash.');
    }
    return undefined;
  }, deadlines.ready);
  if (outcome === 'ready') return server;
  await server.stop();
  if (!(await isPortFree(port))) throw portTaken(port);
  const log = failure?.message ?? (await tail(logFile, logStart));
  if (await isDiskFull(cluster, log)) throw diskFull(cluster);
  const why = outcome === undefined ? `was not ready after ${deadlines.ready / 1000} s` : 'did not start';
  throw new AppError('SERVER_START_FAILED', `PostgreSQL ${why} on ${cluster}. The last lines of ${logFile}:\n${lastLines(log)}`, {
    hint: damageHint,
  });
}

/** A server needs this many bytes free before it can do anything. Its log may lie on the same disk, and lack the words that say so. */
const leastRoom = 1024 * 1024;

/** Whether a full disk is why the server on a cluster ended, by its log or by what is free now, for its files and its WAL. */
export async function isDiskFull(cluster: string, log: string): Promise<boolean> {
  if (/No space left on device|Disk quota exceeded/.test(log)) return true;
  for (const folder of [cluster, join(cluster, 'pg_wal')]) {
    const found = await statfs(folder).catch(() => undefined);
    if (found && found.bavail * found.bsize < leastRoom) return true;
  }
  return false;
}

export const diskFull = (cluster: string): AppError =>
  new AppError('DATA_DIR_UNWRITABLE', `PostgreSQL does not run, because the disk that holds ${cluster} is full.`, {
    hint: 'Free some space and start again; nothing is lost.',
  });

/** @param port the port that was asked for. */
export function portTaken(port: number): AppError {
  return new AppError(
    'PORT_TAKEN',
    `Port ${port} on 127.0.0.1 is taken by another process, so PostgreSQL can not listen there.`,
    {
      hint: 'Stop that process, or ask for another port.',
    },
  );
}

/** Port and address stand on the command line, above postgresql.conf and ALTER SYSTEM: we must find it, and nobody else may. */
function spawnPostgres({ binaries, cluster, port, logFile, account }: StartOptions): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const onlyLoopback = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
    const child = spawn(binaries.postgres, ['-D', cluster, '-p', String(port), ...onlyLoopback], {
      ...spawnOptions(account),
      stdio: ['ignore', log, log],
    });
    // Our process may end while the server runs; the owner stops it, or the next start does.
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** The last lines of a server's log that were written behind a place in it. */
export async function tail(path: string, from: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(from, size - 16_384);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - start)), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
