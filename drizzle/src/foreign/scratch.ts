import { randomBytes } from 'node:crypto';
import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { readLocation } from '../embedded/place.js';
import { clearCluster } from '../embedded/postmaster.js';
import { startEmbeddedServer } from '../embedded/server.js';
import { quoteName } from '../import/sql.js';
import { urlAs, urlOfDatabase, withSession } from '../setup/connect.js';
import { fromEmbedded } from '../setup/credentials.js';
import type { Credentials } from '../setup/credentials.js';

/** Whoever runs what stands in a dump: owns the database that it fills, and has no other right on the server. */
export const loaderRole = 'dump_loader';

export interface Scratch {
  readonly credentials: Credentials;
  /** For example `18.4`. */
  readonly serverVersion: string;
  operatorUrl(database: string): string;
  loaderUrl(database: string): string;
  /** A new empty database that the loader owns. */
  createDatabase(name: string): Promise<void>;
}

/**
 * Runs `work` with a scratch server in `dataDir`, and takes the server and the folder away again, whatever happens. What a run that was killed left there,
 * a running server included, is taken away first.
 */
export async function withScratch<T>(
  dataDir: string,
  onStep: (sentence: string) => void,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  if (await removeScratch(dataDir)) onStep('Took away the scratch server of a run that was killed.');
  try {
    await mkdir(dataDir, { recursive: true });
    // The account that PostgreSQL runs as, where we are root, must be able to enter.
    await chmod(dataDir, 0o711);
    onStep('Starting a scratch server for the dump.');
    const server = await startEmbeddedServer({
      dataDir,
      archive: false,
      settings: {
        // The data lives for minutes, so nothing is lost by not waiting for the disk.
        ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
        ...{
          archive_mode: 'off',
          max_wal_size: '1GB',
          autovacuum: 'off',
          jit: 'off',
          listen_addresses: '127.0.0.1',
          maintenance_work_mem: '128MB',
        },
      },
    }).catch((error: unknown) => {
      throw unfitFolder(error);
    });
    try {
      const password = randomBytes(24).toString('hex');
      const serverVersion = await withSession(server.operatorUrl(), 'scratch', async (client) => {
        await client.query(`create role ${loaderRole} login nosuperuser nocreatedb nocreaterole password '${password}'`);
        const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
        return rows[0]?.version ?? 'unknown';
      });
      return await work({
        credentials: fromEmbedded(server.credentials),
        serverVersion,
        operatorUrl: (database) => server.operatorUrl(database),
        loaderUrl: (database) => urlAs(urlOfDatabase(server.operatorUrl(), database), loaderRole, password),
        createDatabase: async (name) => {
          await withSession(server.operatorUrl(), 'scratch', async (client) =>
            client.query(`create database ${quoteName(name)} owner ${loaderRole} template template0 encoding 'UTF8'`),
          );
        },
      });
    } finally {
      await server.stop();
    }
  } finally {
    await removeScratch(dataDir);
  }
}

/** What the server says of its data directory is about the work folder here. */
function unfitFolder(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'DATA_DIR_UNWRITABLE') return error;
  return new AppError('RESTORE_FAILED', `The scratch server has no place: ${error.message} The database was not touched.`, {
    hint: 'Free some space, or name a folder on another disk with --work: about three times the size of the SQL is needed.',
    cause: error,
  });
}

/** @returns whether there was one. */
async function removeScratch(dataDir: string): Promise<boolean> {
  const location = await readLocation(dataDir);
  if (location) {
    const place = location.cluster ?? join(dataDir, 'postgres');
    const cluster = await realpath(place).catch(() => undefined);
    if (cluster) await clearCluster(cluster, () => undefined);
    await rm(place, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
  return location !== undefined;
}
