import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { removeBackup } from '../backup/folder.js';
import { listBaseBackups } from './baseManifest.js';
import type { BaseBackup } from './baseManifest.js';
import { removeSegment } from './packWal.js';
import { isOurs } from './place.js';
import type { Archive } from './place.js';
import { isSegment, packed } from './walFiles.js';

export interface KeepBase {
  /** How many base backups at the least. */
  readonly last: number;
  /** Every moment of the last so many days can be recovered: the newest base backup that is older than that stays as well. */
  readonly days: number;
}

export const defaultKeepBase: KeepBase = { last: 2, days: 1 };

export interface Expired {
  readonly baseBackups: string[];
  readonly walFiles: number;
}

/**
 * Removes base backups that need not be kept, and then the WAL that is older than the start of the oldest one that is. The newest base backup is never removed, WAL
 * from the oldest one on never, and nothing from a folder that we did not make.
 * @param archive of one cluster.
 */
export async function expireArchive(
  archive: Archive,
  keep: KeepBase = defaultKeepBase,
  now: Date = new Date(),
): Promise<Expired> {
  if (!(await isOurs(archive))) {
    throw new AppError('BACKUP_FOLDER_INVALID', `${archive.folder} is not the archive of a data directory. Nothing was removed.`);
  }
  const backups = await listBaseBackups(archive.baseFolder);
  const superfluous = superfluousBase(backups, keep, now);
  for (const { name } of superfluous) await removeBackup(archive.baseFolder, name).catch(ifThere);
  const oldest = backups.filter((backup) => !superfluous.includes(backup)).at(-1);
  const walFiles = oldest ? await removeWalBefore(archive, oldest.startSegment) : 0;
  return { baseBackups: superfluous.map(({ name }) => name), walFiles };
}

/** Another process may expire at the same time. */
function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** @param backups the newest first. */
function superfluousBase(backups: readonly BaseBackup[], keep: KeepBase, now: Date): BaseBackup[] {
  const horizon = now.getTime() - keep.days * 86_400_000;
  const reachesBack = backups.findIndex(({ stoppedAt }) => Date.parse(stoppedAt) <= horizon);
  const counted = Math.max(1, keep.last, reachesBack === -1 ? backups.length : reachesBack + 1);
  return backups.slice(counted);
}

/**
 * @param segment the first that is needed. As pg_archivecleanup does, the timeline is not looked at: what lies before it on an older one is older.
 */
async function removeWalBefore({ walFolder, baseFolder }: Archive, segment: string): Promise<number> {
  // One that is being taken may begin before the oldest that is complete.
  if ((await readdir(baseFolder)).some((name) => name.endsWith('.partial') || name.endsWith('.lock'))) return 0;
  let removed = 0;
  for (const name of (await readdir(walFolder)).sort()) {
    // Segments, packed or not, and the history files of backups (`<segment>.<offset>.backup`). Those of timelines stay.
    const [begin = ''] = name.split('.');
    if (!isSegment(begin) || !/^\.gz$|^\.[0-9A-F]{8}\.backup$|^$/.test(name.slice(24))) continue;
    if (begin.slice(8) >= segment.slice(8)) continue;
    if (name === begin || name === begin + packed) await removeSegment({ walFolder }, begin);
    else await rm(join(walFolder, name), { force: true });
    removed++;
  }
  return removed;
}
