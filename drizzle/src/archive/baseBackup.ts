import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { beginDraft, isFileError, removeLeftovers, unwritableFolder } from '../backup/folder.js';
import { until } from '../embedded/deadline.js';
import { placeOf, withSession } from '../setup/connect.js';
import { clusterFolder, describeBackup, baseFormat, writeManifest } from './baseManifest.js';
import type { BaseBackup, BaseManifest } from './baseManifest.js';
import { copyCluster, syncFolders, writeNew } from './copyCluster.js';
import type { Archive } from './place.js';
import { findSegment, parseLsn, segmentName } from './walFiles.js';

export { listBaseBackups } from './baseManifest.js';
export type { BaseBackup } from './baseManifest.js';
export { verifyBaseBackup } from './verifyBaseBackup.js';

export interface BaseBackupOptions {
  /** A superuser's, of the server that archives to `archive`. */
  readonly operatorUrl: string;
  readonly archive: Archive;
  readonly onStep?: (sentence: string) => void;
  /** Milliseconds to wait for the archiver without a segment arriving. */
  readonly patience?: number;
  /** Breaks it off; nothing of it stays. */
  readonly signal?: AbortSignal;
}

interface ServerFacts {
  readonly dataDirectory: string;
  readonly systemIdentifier: string;
  readonly serverVersion: string;
  readonly walSegmentSize: number;
  readonly archiveMode: string;
}

/**
 * Copies the running cluster, and waits until the archive has the WAL that the copy needs. Complete, or not listed; what a kill leaves is
 * removed by the next one, which says so. Writers go on meanwhile, and several may be taken at once.
 * @throws BACKUP_FAILED when the server does not archive, or the archiver does not come after; BACKUP_FOLDER_UNWRITABLE.
 */
export async function takeBaseBackup(options: BaseBackupOptions): Promise<BaseBackup> {
  const { operatorUrl, archive, onStep = () => undefined } = options;
  try {
    for (const name of await removeLeftovers(archive.baseFolder))
      onStep(`Removed the base backup ${name}, which was never finished.`);
    return await withSession(operatorUrl, 'base backup', async (client) => take(client, options));
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isFileError(error)) throw unwritableFolder(archive.baseFolder, error);
    throw failed(`${placeOf(operatorUrl).host}: ${(error as Error).message}`, error);
  }
}

function failed(why: string, cause?: unknown): AppError {
  return new AppError('BACKUP_FAILED', `The base backup could not be finished: ${why.replace(/\.$/, '')}.`, {
    hint: 'npm run db -- status shows how the archive is. Mend what is wrong and take it again.',
    cause,
  });
}

async function take(client: Client, options: BaseBackupOptions): Promise<BaseBackup> {
  const { archive, onStep = () => undefined } = options;
  const facts = await factsOf(client);
  if (facts.archiveMode === 'off') throw failed('the server does not archive its WAL (archive_mode is off)');
  if (facts.systemIdentifier !== archive.systemIdentifier) {
    throw failed(`the server is cluster ${facts.systemIdentifier}, and ${archive.folder} is the archive of another one`);
  }
  const draft = await beginDraft(archive.baseFolder);
  try {
    onStep(`Copying ${facts.dataDirectory} to ${archive.baseFolder}.`);
    const to = join(draft.path, clusterFolder);
    await mkdir(to, { mode: 0o700 });
    const start = await startBackup(client, draft.name);
    const copied = await copyCluster(facts.dataDirectory, to, progressOf(onStep, options.signal));
    const { stopLsn, stoppedAt, label: labelText, tablespaceMap } = await stopBackup(client);
    const timeline = Number.parseInt(start.startSegment.slice(0, 8), 16);
    // The byte before: at a boundary pg_walfile_name names the segment before up to PostgreSQL 16 and the one behind from 17 on.
    const lastByte = parseLsn(stopLsn) - 1n;
    const stopSegment = segmentName({ timeline, segment: lastByte / BigInt(facts.walSegmentSize) }, facts.walSegmentSize);
    const label = { path: 'backup_label', ...(await writeNew(join(to, 'backup_label'), labelText)) };
    const manifest: BaseManifest = {
      format: baseFormat,
      name: draft.name,
      ...start,
      stopLsn,
      stopSegment,
      stoppedAt,
      timeline,
      systemIdentifier: facts.systemIdentifier,
      serverVersion: facts.serverVersion,
      walSegmentSize: facts.walSegmentSize,
      tablespaceMap,
      folders: copied.folders,
      files: [...copied.files, label],
    };
    await writeManifest(draft.path, manifest);
    await syncFolders(to, copied.folders);
    await waitForArchive(client, stopSegment, options);
    return describeBackup(await draft.finish(), manifest);
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

async function factsOf(client: Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `/* db:baseBackup */ select current_setting('data_directory') as "dataDirectory", current_setting('archive_mode') as "archiveMode",
       split_part(current_setting('server_version'), ' ', 1) as "serverVersion", (select system_identifier::text from pg_control_system()) as "systemIdentifier",
       (select setting::int from pg_settings where name = 'wal_segment_size') as "walSegmentSize"`,
  );
  if (!rows[0]) throw failed('the server does not say where its data lies');
  return rows[0];
}

const isoNow = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The session must stay open until the end: it is what keeps the backup going. */
async function startBackup(client: Client, label: string) {
  const { rows } = await client.query<Pick<BaseManifest, 'startLsn' | 'startSegment' | 'startedAt'>>(
    `with started as materialized (select pg_backup_start($1, true) as lsn)
     select lsn::text as "startLsn", pg_walfile_name(lsn) as "startSegment", ${isoNow} as "startedAt" from started`,
    [`bailiwick ${label}`],
  );
  if (!rows[0]) throw failed('pg_backup_start gave nothing');
  return rows[0];
}

/** We wait for the archive ourselves: the server would wait for ever. */
async function stopBackup(client: Client) {
  type Row = Pick<BaseManifest, 'stopLsn' | 'stoppedAt' | 'tablespaceMap'> & { label: string };
  const { rows } = await client.query<Row>(
    `with stopped as materialized (select * from pg_backup_stop(false))
     select lsn::text as "stopLsn", ${isoNow} as "stoppedAt", labelfile as label, coalesce(spcmapfile, '') as "tablespaceMap" from stopped`,
  );
  if (!rows[0]) throw failed('pg_backup_stop gave nothing');
  return rows[0];
}

/** Waits for as long as the archiver comes on. */
async function waitForArchive(client: Client, segment: string, options: BaseBackupOptions): Promise<void> {
  const { patience = 120_000, signal } = options;
  const { walFolder } = options.archive;
  const state = async () => {
    const { rows } = await client.query<{ archived: string; failedWal: string | null }>(
      `select archived_count as archived, case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_wal end as "failedWal"
       from pg_stat_archiver`,
    );
    return rows[0];
  };
  const arrived = async () => {
    signal?.throwIfAborted();
    return (await findSegment(walFolder, segment)) !== undefined;
  };
  for (let before = (await state())?.archived; ;) {
    if (await until(arrived, patience)) return;
    const now = await state();
    if (now?.archived !== before) {
      before = now?.archived;
      continue;
    }
    const why = now?.failedWal ? `; archiving ${now.failedWal} fails` : '';
    throw failed(`WAL segment ${segment} did not arrive in ${walFolder} within ${patience / 1000} s${why}`);
  }
}

/** A line every ten seconds; a small cluster is copied before the first. */
function progressOf(onStep: (sentence: string) => void, signal: AbortSignal | undefined): (bytes: number) => void {
  let [done, said] = [0, performance.now()];
  return (bytes) => {
    signal?.throwIfAborted();
    done += bytes;
    if (performance.now() - said < 10_000) return;
    said = performance.now();
    onStep(`Copied ${Math.round(done / 1_000_000).toLocaleString('en-US')} MB so far.`);
  };
}
