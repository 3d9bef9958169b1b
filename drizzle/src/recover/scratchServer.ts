import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, chown, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Account } from '../embedded/account.js';
import { spawnOptions } from '../embedded/cluster.js';
import { clearCluster, freePort } from '../embedded/postmaster.js';

export interface ScratchOptions {
  /** Holds the cluster in `cluster`, and gets the server's settings, log and socket. Every account may enter it. */
  readonly folder: string;
  /** The program postgres. */
  readonly postgres: string;
  readonly account: Account | undefined;
  /** Above those of the cluster. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the server stands still at its target and can be read, or goes on from there as a server of its own. */
  readonly until: 'paused' | 'promoted';
  /** How far the replay is, as the server tells it: an LSN. */
  readonly onReplay?: (lsn: string) => void;
}

export interface ScratchServer {
  /** As superuser. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** The server ended before it got there. `log` is what it wrote since it was started. */
export class ScratchServerEnded extends Error {
  readonly log: string;

  constructor(log: string) {
    super('The scratch server ended before it had reached its target.');
    this.name = 'ScratchServerEnded';
    this.log = log;
  }
}

export const clusterOf = (folder: string): string => join(folder, 'cluster');

/**
 * For a server that lives for minutes on a copy: it waits for no disk, archives nothing, runs nothing of anybody's, and keeps every WAL file.
 * Its own configuration file, because a server that exists may keep its one elsewhere.
 */
const fixedSettings: Readonly<Record<string, string>> = {
  archive_mode: 'off',
  archive_command: '',
  archive_library: '',
  archive_cleanup_command: '',
  recovery_end_command: '',
  primary_conninfo: '',
  synchronous_standby_names: '',
  shared_preload_libraries: '',
  fsync: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  checkpoint_timeout: '1d',
  max_wal_size: '100GB',
  wal_keep_size: '1000GB',
  wal_recycle: 'off',
  shared_buffers: '128MB',
  listen_addresses: '',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'warning',
  log_startup_progress_interval: '1s',
  log_timezone: 'UTC',
  timezone: 'UTC',
  lc_messages: 'C',
  ssl: 'off',
  cluster_name: 'bailiwick scratch',
};

/**
 * Starts a server on a copied cluster and waits until it has reached its recovery target. Nobody but its account and root can reach it: it listens on
 * a socket in a folder that is closed to others, so that it needs no password, whatever those of the copied roles are.
 * @throws ScratchServerEnded with its log.
 */
export async function startScratchServer(options: ScratchOptions): Promise<ScratchServer> {
  const { folder, postgres, account, until } = options;
  const cluster = clusterOf(folder);
  const isWindows = process.platform === 'win32';
  const port = isWindows ? await freePort() : 5432;
  const socket = join(folder, 'socket');
  await mkdir(socket, { mode: 0o700, recursive: true });
  await chmod(cluster, 0o700);
  const place: Record<string, string> = isWindows
    ? { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
    : { unix_socket_directories: socket, unix_socket_permissions: '0700' };
  const hba = join(folder, 'hba.conf');
  const config = join(folder, 'scratch.conf');
  const settings = {
    ...fixedSettings,
    hot_standby: until === 'paused' ? 'on' : 'off',
    port: String(port),
    ...place,
    hba_file: hba,
    ident_file: hba,
    ...options.settings,
  };
  await writeFile(hba, isWindows ? 'host all all 127.0.0.1/32 trust\n' : 'local all all trust\n', { mode: 0o644 });
  await writeFile(
    config,
    Object.entries(settings).map(([name, value]) => `${name} = '${quoted(value)}'\n`),
    { mode: 0o644 },
  );
  if (account) for (const path of [socket, cluster]) await chown(path, account.uid, account.gid);
  // What the copied cluster sets with ALTER SYSTEM would stand above the file.
  await rm(join(cluster, 'postgresql.auto.conf'), { force: true });
  const logFile = join(folder, 'scratch.log');
  const logStart = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(postgres, ['-D', cluster, '-c', `config_file=${config}`], {
    ...spawnOptions(account),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let hasEnded = false;
  let failure = '';
  child.once('exit', () => (hasEnded = true));
  child.once('error', (error) => {
    hasEnded = true;
    failure = error.message;
  });
  child.unref();
  const killAtExit = () => void child.kill('SIGINT');
  process.once('exit', killAtExit);
  const stop = async () => {
    process.off('exit', killAtExit);
    if (!hasEnded) child.ref();
    await clearCluster(cluster, () => undefined);
  };
  const url = (database: string): string =>
    isWindows
      ? `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`
      : `postgresql:///${encodeURIComponent(database)}?host=${encodeURIComponent(socket)}&port=${port}&user=postgres`;
  try {
    for (let told = ''; ;) {
      if (hasEnded) throw new ScratchServerEnded(failure || (await readFrom(logFile, logStart)));
      if (await hasArrived(url('postgres'), until)) return { url, stop };
      const replayed =
        (await readFrom(logFile, logStart))
          .match(/current LSN: [0-9A-F]+\/[0-9A-F]+/g)
          ?.at(-1)
          ?.slice(13) ?? '';
      if (replayed !== told) options.onReplay?.((told = replayed));
      await pause(50);
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

const quoted = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', ' ');

async function hasArrived(url: string, until: ScratchOptions['until']): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'bailiwick recover', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ arrived: boolean }>(
      until === 'paused'
        ? `select case when pg_is_in_recovery() then pg_get_wal_replay_pause_state() = 'paused' else true end as arrived`
        : 'select not pg_is_in_recovery() as arrived',
    );
    return rows[0]?.arrived ?? false;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(start, size - 256 * 1024);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - from)), 0, Math.max(0, size - from), from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
