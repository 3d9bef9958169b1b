import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { listBaseBackups } from '../archive/baseBackup.js';
import type { BaseBackup } from '../archive/baseBackup.js';
import { archivesOf } from '../archive/place.js';
import type { Archive } from '../archive/place.js';
import { withSession } from '../setup/connect.js';

/** The database that is to get its rows back, as it tells of itself. */
export interface LiveServer {
  readonly systemIdentifier: string;
  readonly database: string;
  readonly now: Date;
  /** Everything up to here is on its disk. */
  readonly flushed: string;
  /** Its pg_wal, where this process can read it. */
  readonly walFolder: string | undefined;
  /** Uid of its data directory's owner, where this process can see it. */
  readonly owner: number | undefined;
  /** What a server that replays its WAL and is read meanwhile must have at least as much of. */
  readonly settings: Readonly<Record<string, string>>;
}

const atLeast = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
];

/**
 * Asks the database. It first commits a transaction that changes nothing: recovery to a time stops at a transaction, so there must be one
 * after the last that anybody wrote.
 */
export async function askLiveServer(operatorUrl: string): Promise<LiveServer> {
  return withSession(operatorUrl, 'recover', async (client) => {
    await client.query(`select pg_logical_emit_message(true, 'bailiwick', 'recover')`);
    const { rows } = await client.query<Omit<LiveServer, 'walFolder' | 'owner'> & { dataDirectory: string }>(
      `select (select system_identifier::text from pg_control_system()) as "systemIdentifier", current_database() as database,
         clock_timestamp() as now, pg_current_wal_flush_lsn()::text as flushed, current_setting('data_directory') as "dataDirectory",
         (select json_object_agg(name, setting) from pg_settings where name = any ($1)) as settings`,
      [atLeast],
    );
    const [row] = rows;
    if (!row) throw new AppError('INTERNAL', 'The server did not tell its state.');
    const { dataDirectory, ...facts } = row;
    const found = await stat(join(dataDirectory, 'pg_wal')).catch(() => undefined);
    return { ...facts, walFolder: found ? join(dataDirectory, 'pg_wal') : undefined, owner: found?.uid };
  });
}

export interface RecoverySource {
  readonly archive: Archive;
  /** The newest first. */
  readonly bases: BaseBackup[];
  /** Whether the archive is that of the cluster that runs now. */
  readonly isOwn: boolean;
  /** Of clusters whose archives lie there too. */
  readonly others: readonly string[];
}

/**
 * The archive to recover from.
 * @param cluster the system identifier of a cluster that lay in this data directory before; undefined for the one that runs.
 * @throws RECOVERY_IMPOSSIBLE when there is none.
 */
export async function findSource(dataDir: string, live: LiveServer, cluster: string | undefined): Promise<RecoverySource> {
  const archives = await archivesOf(dataDir);
  const wanted = cluster ?? live.systemIdentifier;
  const archive = archives.find((one) => one.systemIdentifier === wanted);
  if (!archive) {
    const others = archives.map((one) => one.systemIdentifier);
    throw new AppError(
      'RECOVERY_IMPOSSIBLE',
      `There is no archive of cluster ${wanted} beside ${dataDir}${others.length ? `; there is one of ${others.join(', ')}` : ''}. Nothing was changed.`,
      {
        hint: others.length
          ? `If the database that runs now was made anew, recover from the old one's archive with --cluster ${others[0]}.`
          : 'Restore a backup with npm run db -- restore; or, where another tool has brought a scratch server to the moment, name it with --from <URL>.',
      },
    );
  }
  const bases = await listBaseBackups(archive.baseFolder);
  const others = archives.filter((one) => one !== archive).map((one) => one.systemIdentifier);
  return { archive, bases, isOwn: archive.systemIdentifier === live.systemIdentifier, others };
}

/** @throws RECOVERY_IMPOSSIBLE when the archive has no base backup. */
export function requireBases({ archive, bases, others }: RecoverySource): void {
  if (bases.length > 0) return;
  throw new AppError(
    'RECOVERY_IMPOSSIBLE',
    `The archive in ${archive.folder} has no complete base backup. Nothing was changed.`,
    {
      hint: others.length
        ? `If the database that runs now was made anew, recover from the old one's archive with --cluster ${others[0]}.`
        : 'Restore a backup with npm run db -- restore, and take a base backup now: npm run db -- backup --base.',
    },
  );
}
