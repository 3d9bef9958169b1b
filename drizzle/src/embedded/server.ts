import { realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import pg from 'pg';
import { keepPacked } from '../archive/packWal.js';
import { archiveSettings, prepareArchive } from '../archive/place.js';
import type { Archive } from '../archive/place.js';
import { serverAccount } from './account.js';
import { prepareBinaries } from './binaries.js';
import { closeToOthers, initialiseCluster, isCluster, lastLines, resetPasswords } from './cluster.js';
import { completeCredentials, readCredentials } from './credentials.js';
import type { Credentials } from './credentials.js';
import { takeLock } from './lock.js';
import { giveTo, isFolder, openDataDir, placeCluster, readLocation, unwritable, writeLocation } from './place.js';
import type { Location } from './place.js';
import {
  clearCluster,
  damageHint,
  diskFull,
  freePort,
  isDiskFull,
  isPortFree,
  portTaken,
  runningPostmaster,
  startPostmaster,
  tail,
} from './postmaster.js';
import type { RunningServer, StartOptions } from './postmaster.js';
import { writeSettings } from './settings.js';
import { supervise } from './supervisor.js';

export type { Credentials } from './credentials.js';

export interface EmbeddedServerOptions {
  /** Holds the cluster, the passwords, the log and the lock; made if it is not there. Nothing else may be in it at the first start. */
  readonly dataDir: string;
  /** On 127.0.0.1. Default: that of the last start where it is free, else any free one. */
  readonly port?: number;
  /** Told what is being done, one sentence a step. */
  readonly onStep?: (sentence: string) => void;
  /** Settings of postgresql.conf for this start. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether WAL is archived, beside the data directory. Not for servers that live for minutes. */
  readonly archive?: boolean;
}

export interface EmbeddedServer {
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly credentials: Credentials;
  /** Whether this start made the cluster. */
  readonly firstStart: boolean;
  /** Where its WAL is archived, if it is. */
  readonly archive: Archive | undefined;
  /** The superuser's connection URL for a database, by default `postgres`. */
  operatorUrl(database?: string): string;
  /** Fast shutdown: settles when the server process has ended and the data directory is free. May be called again. */
  stop(): Promise<void>;
}

export interface ServerAddress {
  readonly port: number;
  readonly credentials: Credentials;
  operatorUrl(database?: string): string;
}

/**
 * Starts the embedded PostgreSQL on a data directory, made and initialised on the first start. Recovers by itself from whatever a kill left behind.
 * It runs in a session of its own, so the terminal's Ctrl-C does not reach it: the caller stops it.
 * @throws DATA_DIR_IN_USE, DATA_DIR_OTHER_VERSION, DATA_DIR_NOT_EMPTY, DATA_DIR_UNWRITABLE, PORT_TAKEN, SERVER_START_FAILED
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const dataDir = await openDataDir(options.dataDir);
  const lock = await takeLock(join(dataDir, 'lock.json'), `The data directory ${dataDir}`).catch((error: unknown) => {
    throw error instanceof AppError ? error : unwritable(dataDir, error);
  });
  try {
    const { server, prepare, ...rest } = await startLocked(dataDir, options);
    const killAtExit = () => void server.kill();
    process.once('exit', killAtExit);
    const packing = rest.archive && keepPacked(rest.archive, prepare, options.onStep ?? (() => undefined));
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      await server.stop();
      process.off('exit', killAtExit);
      // The server archives its last segment while it shuts down.
      await packing?.stop();
      await lock.release();
    };
    return { dataDir, ...rest, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await lock.release();
    // An error of a file operation names its path; any other is a fault.
    throw error instanceof AppError || !(error as NodeJS.ErrnoException).path ? error : unwritable(dataDir, error);
  }
}

async function startLocked(dataDir: string, options: EmbeddedServerOptions) {
  const { port, onStep = () => undefined, settings = {} } = options;
  const owner = await stat((await readLocation(dataDir))?.cluster ?? join(dataDir, 'postgres')).catch(() => undefined);
  const account = serverAccount(owner?.uid);
  const binaries = await prepareBinaries(account, join(dataDir, 'binaries'), onStep);
  const place = await placeCluster(dataDir, account);
  // PostgreSQL's processes are known by their working directory, which has no symbolic links.
  const cluster = await realpath(place).catch(() => place);
  const location = await readLocation(dataDir);
  await clearCluster(cluster, onStep);
  const isElsewhere = place !== join(dataDir, 'postgres');
  await refuseLostCluster(dataDir, cluster, location);
  // Passwords in the data directory tell that it was not removed: then only the note about the cluster's place is lost, and the cluster is its own.
  const isNew = location === undefined && (await readCredentials(dataDir)) === undefined;
  if (isElsewhere && (location ? location.cluster !== cluster : isNew) && (await isFolder(cluster))) {
    const aside = `${cluster}.set-aside-${new Date().toISOString().replaceAll(':', '')}`;
    await rename(cluster, aside);
    onStep(`The data of an earlier ${dataDir} that was removed is set aside in ${aside}.`);
  }
  const firstStart = !(await isCluster(cluster, binaries));
  const credentials = await completeCredentials(dataDir, await readCredentials(dataDir));
  const remember = (last: number | undefined) => writeLocation(dataDir, { port: last, ...(isElsewhere ? { cluster } : {}) });
  if (firstStart) {
    await remember(location?.port);
    const why = isElsewhere && account ? `, because user ${account.name}, who runs it, can not enter ${dataDir}` : '';
    onStep(`Initialising a PostgreSQL ${binaries.version} cluster in ${cluster}${why}.`);
    await initialiseCluster({ cluster, binaries, account, credentials, isDurable: settings.fsync !== 'off' });
  }
  await giveTo(account, cluster);
  await closeToOthers(cluster);
  const prepare = async () => prepareArchive(dataDir, cluster, account, onStep);
  const archive = options.archive ? await prepare() : undefined;
  await writeSettings(cluster, { ...(archive && archiveSettings(archive)), ...settings });
  const start = { cluster, binaries, account, onStep, logFile: join(dataDir, 'postgres.log') };
  const running = await startOnPort(start, port, location?.port);
  const { port: used } = running;
  try {
    const server = await withPasswords(running, start, credentials);
    if (used !== location?.port) await remember(used);
    const restart = async () => {
      await clearCluster(cluster, onStep);
      return await startPostmaster({ ...start, port: used });
    };
    return {
      server: supervise(server, restart, onStep),
      port: used,
      credentials,
      firstStart,
      archive,
      prepare,
      operatorUrl: urlMaker(used, credentials),
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** A port is remembered when a server has run. If its data is gone, an empty database in its place would look as if all were well. */
async function refuseLostCluster(dataDir: string, cluster: string, location: Location | undefined): Promise<void> {
  if (location?.port === undefined || (await isFolder(cluster))) return;
  throw new AppError(
    'SERVER_START_FAILED',
    `The data of the server in ${dataDir} is not there any more: ${location.cluster ?? cluster} is missing. Nothing was changed.`,
    {
      hint: `Bring it back (mount its disk, or copy it there). To begin with an empty database instead, remove ${dataDir} and restore a backup.`,
    },
  );
}

async function startOnPort(start: Omit<StartOptions, 'port'>, asked: number | undefined, remembered: number | undefined) {
  if (asked) {
    if (!Number.isInteger(asked) || asked < 1 || asked > 65_535) {
      throw new AppError('BAD_USER_INPUT', `${asked} is not a port.`, { hint: 'Ports are whole numbers from 1 to 65535.' });
    }
    if (!(await isPortFree(asked))) throw portTaken(asked);
    return await startPostmaster({ ...start, port: asked });
  }
  for (let attempt = 1; ; attempt++) {
    const isKept = attempt === 1 && remembered && (await isPortFree(remembered));
    if (attempt === 1 && remembered && !isKept)
      start.onStep(`Port ${remembered} of the last start is taken now; another one is chosen.`);
    try {
      return await startPostmaster({ ...start, port: isKept ? remembered : await freePort() });
    } catch (error) {
      // Somebody got the port between our look and PostgreSQL's.
      if (attempt < 3 && error instanceof AppError && error.code === 'PORT_TAKEN') continue;
      throw error;
    }
  }
}

/** Checks that the passwords we keep are those of the cluster. If its credentials file was lost or exchanged, they are set anew. */
async function withPasswords(
  server: RunningServer,
  start: Omit<StartOptions, 'port'>,
  credentials: Credentials,
): Promise<RunningServer> {
  const client = new pg.Client({ connectionString: urlMaker(server.port, credentials)() });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return server;
  } catch (error) {
    await server.stop();
    if ((error as { code?: string }).code !== '28P01') {
      const log = await tail(start.logFile, 0);
      if (await isDiskFull(start.cluster, lastLines(log))) throw diskFull(start.cluster);
      throw new AppError(
        'SERVER_START_FAILED',
        `PostgreSQL started, but refuses its operator: ${(error as Error).message}. The last lines of ${start.logFile}:\n${lastLines(log)}`,
        { hint: damageHint, cause: error },
      );
    }
    start.onStep(`Setting new passwords, because those of ${start.cluster} were lost.`);
    await resetPasswords(start.cluster, start.binaries, start.account, credentials);
    return await startPostmaster({ ...start, port: server.port });
  } finally {
    await client.end().catch(() => undefined);
  }
}

function urlMaker(port: number, credentials: Credentials) {
  return (database = 'postgres') =>
    `postgresql://postgres:${credentials.postgres}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/**
 * The server that runs on a data directory now, in whichever process it was started: for the command line while `npm start` runs.
 * @returns undefined when none runs or it is not ready yet.
 * @throws DATA_DIR_UNWRITABLE when this user may not read the passwords.
 */
export async function connectToRunningServer(dataDir: string): Promise<ServerAddress | undefined> {
  const folder = await realpath(dataDir).catch(() => undefined);
  if (!folder) return undefined;
  const cluster = await realpath((await readLocation(folder))?.cluster ?? join(folder, 'postgres')).catch(() => undefined);
  const running = cluster && (await runningPostmaster(cluster));
  if (!running || running.status !== 'ready') return undefined;
  const credentials = await readCredentials(folder);
  if (!credentials) return undefined;
  const complete = await completeCredentials(folder, credentials);
  return { port: running.port, credentials: complete, operatorUrl: urlMaker(running.port, complete) };
}
