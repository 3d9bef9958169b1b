import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { takeLock } from '../embedded/lock.js';
import type { Lock } from '../embedded/lock.js';
import { whyUnwritable } from '../embedded/place.js';
import { isDumpBackup, readDumpBackup } from './dumpManifest.js';
import type { DumpBackup } from './dumpManifest.js';
import { readManifest } from './manifest.js';
import type { Backup } from './manifest.js';

/** Tells a folder of backups from any other: nothing is ever removed from a folder without it. */
const markerFile = 'bailiwick-backups.json';
const nameForm = /^\d{8}T\d{9}Z$/;
const partial = '.partial';
const provenEnd = '.proven.json';

export interface Proof {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly manifestChecksum: string;
}

export interface ListedBackup {
  readonly name: string;
  readonly path: string;
  readonly backup: Backup | undefined;
  /** Set for one that pg_dump made; it has no manifest. */
  readonly dump: DumpBackup | undefined;
  /** Why its manifest can't be read. */
  readonly fault: AppError | undefined;
  readonly proof: Proof | undefined;
}

/** Why a file of a backup or an export could not be written, in words. */
export function unwritableFolder(folder: string, cause: unknown): AppError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'BACKUP_FOLDER_UNWRITABLE',
      `The disk that holds ${folder} is full. What was begun is taken away again.`,
      {
        hint: 'Free some space, remove old backups with --keep, or choose a folder on another disk with --to.',
        cause,
      },
    );
  }
  return new AppError('BACKUP_FOLDER_UNWRITABLE', `${folder} can not be written: ${whyUnwritable(cause)}.`, {
    hint: 'Give this user the right to write there, or choose another folder with --to.',
    cause,
  });
}

export const isFileError = (error: unknown): boolean =>
  (error instanceof Error && 'syscall' in error && 'path' in error) ||
  (error as NodeJS.ErrnoException).code === 'ENOSPC' ||
  (error as NodeJS.ErrnoException).code === 'EDQUOT';

/**
 * Makes a folder one that holds backups, or finds that it is one.
 * @returns its absolute path.
 * @throws BACKUP_FOLDER_INVALID for one that holds something else, BACKUP_FOLDER_UNWRITABLE.
 */
export async function openBackupFolder(folder: string): Promise<string> {
  const path = resolve(folder);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const names = await readdir(path);
    if (names.includes(markerFile)) return path;
    if (names.length > 0) {
      throw new AppError('BACKUP_FOLDER_INVALID', `${path} holds something else than backups: ${names.slice(0, 3).join(', ')}.`, {
        hint: 'Name an empty folder, one that does not exist yet, or one that holds backups already, with --to.',
      });
    }
    await writeFile(join(path, markerFile), `${JSON.stringify({ holds: 'backups of Bailiwick', format: 1 })}\n`, { flush: true });
    return path;
  } catch (error) {
    throw error instanceof AppError ? error : unwritableFolder(path, error);
  }
}

/**
 * The complete backups of a folder, the newest first. What is not complete is not among them.
 * @throws BACKUP_FOLDER_INVALID when it is not a folder of backups.
 */
export async function listBackups(folder: string): Promise<ListedBackup[]> {
  const path = resolve(folder);
  const names = await readdir(path).catch(() => undefined);
  if (!names?.includes(markerFile)) {
    throw new AppError(
      'BACKUP_FOLDER_INVALID',
      `${path} ${names ? 'is not a folder of backups' : 'does not exist or can not be read'}.`,
      {
        hint: 'Name the folder that was given to npm run db -- backup with --to.',
      },
    );
  }
  const found: ListedBackup[] = [];
  for (const name of names
    .filter((one) => nameForm.test(one))
    .sort()
    .reverse()) {
    const one = join(path, name);
    const none = { name, path: one, backup: undefined, dump: undefined, fault: undefined, proof: undefined };
    try {
      if (await isDumpBackup(one)) found.push({ ...none, dump: await readDumpBackup(one) });
      else found.push({ ...none, backup: await readManifest(one), proof: await readProof(one) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      found.push({ ...none, fault: error });
    }
  }
  return found;
}

/** Clocks of a server and of whoever reads its backups may differ a little. Milliseconds. */
const clockTolerance = 3_600_000;

/** Whether a moment lies so far ahead that a clock was wrong then, or is wrong now. */
export const isFromFuture = (at: string | Date, now: Date = new Date()): boolean =>
  new Date(at).getTime() > now.getTime() + clockTolerance;

/**
 * Finds a backup.
 * @param named its name in `folder`, or its path; undefined: the newest of the folder.
 * @throws NOT_FOUND, BACKUP_FOLDER_INVALID, and what readManifest throws.
 */
export async function findBackup(folder: string, named: string | undefined): Promise<Backup> {
  if (named === undefined) {
    const listed = (await listBackups(folder)).filter(({ dump }) => dump === undefined);
    // A wrong clock may have dated one in the future: it would be the newest for ever.
    const newest = listed.find(({ backup }) => backup && !isFromFuture(backup.manifest.takenAt)) ?? listed[0];
    if (!newest)
      throw new AppError('NOT_FOUND', `${resolve(folder)} has no complete backup.`, {
        hint: 'Take one with: npm run db -- backup',
      });
    return readManifest(newest.path);
  }
  for (const path of [nameForm.test(named) ? join(resolve(folder), named) : undefined, resolve(named)]) {
    if (path && (await stat(path).catch(() => undefined))?.isDirectory()) return readManifest(path);
  }
  throw new AppError('NOT_FOUND', `There is no backup ${named}, neither in ${resolve(folder)} nor as a folder.`, {
    hint: 'npm run db -- backup --list names those that are there.',
  });
}

/** A backup that is being made: a folder that no list shows until it is finished. */
export interface Draft {
  readonly name: string;
  /** Absolute path of the folder to write into. */
  readonly path: string;
  /** Makes everything in it durable and gives it its name. Returns the backup's path. */
  finish(): Promise<string>;
  /** Takes everything away again. */
  discard(): Promise<void>;
}

/** Begins a backup. Two at the same time get two names. */
export async function beginDraft(root: string, now: Date = new Date()): Promise<Draft> {
  for (let moment = now.getTime(); ; moment++) {
    const name = new Date(moment).toISOString().replaceAll(/[-:.]/g, '');
    if (await stat(join(root, name)).catch(() => undefined)) continue;
    const lock = await lockOf(root, name);
    if (!lock) continue;
    const path = join(root, `${name}${partial}`);
    try {
      // Somebody may have finished it between our look and our lock.
      if (await stat(join(root, name)).catch(() => undefined)) {
        await lock.release();
        continue;
      }
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      await lock.release();
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw unwritableFolder(root, error);
    }
    return {
      name,
      path,
      async finish() {
        await syncFolders(path);
        await rename(path, join(root, name));
        await syncFolder(root);
        await lock.release();
        return join(root, name);
      },
      async discard() {
        await rm(path, { recursive: true, force: true }).catch(() => undefined);
        await lock.release().catch(() => undefined);
      },
    };
  }
}

/**
 * Takes away what backups left that were killed.
 * @returns their names.
 */
export async function removeLeftovers(root: string): Promise<string[]> {
  const removed: string[] = [];
  const names = await readdir(root);
  for (const file of names) {
    const name = file.endsWith(partial) ? file.slice(0, -partial.length) : undefined;
    if (!name || !nameForm.test(name)) continue;
    const lock = await lockOf(root, name);
    // It is being made in this moment.
    if (!lock) continue;
    try {
      await rm(join(root, file), { recursive: true, force: true });
      removed.push(name);
    } finally {
      await lock.release();
    }
  }
  // A kill between the last rename and the release leaves the lock of a backup that is complete.
  for (const file of names.filter((one) => one.endsWith('.lock'))) {
    await (await lockOf(root, file.slice(0, -'.lock'.length)))?.release();
  }
  return removed;
}

async function lockOf(root: string, name: string): Promise<Lock | undefined> {
  try {
    return await takeLock(join(root, `${name}.lock`), `The backup ${name}`);
  } catch (error) {
    if (error instanceof AppError && error.code === 'DATA_DIR_IN_USE') return undefined;
    throw error instanceof AppError ? error : unwritableFolder(root, error);
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows can't open a folder; there the rename itself is durable.
  const handle = await open(path).catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // A file system without it.
  } finally {
    await handle?.close();
  }
}

async function syncFolders(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolder(join(path, entry.name));
  }
  await syncFolder(path);
}

const proofFile = (path: string): string => join(dirname(path), `${basename(path)}${provenEnd}`);

/** Notes beside a backup that it was proven by a restore. */
export async function writeProof(backup: Backup, at: Date): Promise<void> {
  const proof: Proof = { at: at.toISOString(), manifestChecksum: backup.manifestChecksum };
  const path = proofFile(backup.path);
  await writeFile(`${path}.new`, `${JSON.stringify(proof)}\n`, { flush: true });
  await rename(`${path}.new`, path);
}

async function readProof(path: string): Promise<Proof | undefined> {
  try {
    return JSON.parse(await readFile(proofFile(path), 'utf8')) as Proof;
  } catch {
    return undefined;
  }
}

/** Removes a backup whole: it loses its name first, so that a kill leaves nothing half-listed. */
export async function removeBackup(root: string, name: string): Promise<void> {
  await rename(join(root, name), join(root, `${name}${partial}`));
  await rm(join(root, `${name}${partial}`), { recursive: true, force: true });
  await rm(join(root, `${name}${provenEnd}`), { force: true });
}
