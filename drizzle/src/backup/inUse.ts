import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { takeLock } from '../embedded/lock.js';
import { findBackup } from './folder.js';
import { readManifest } from './manifest.js';
import type { Backup } from './manifest.js';

const inUse = '.in-use';
/** Written beside a lock or a proof and renamed or linked at once; milliseconds. */
const lifeOfDraft = 60_000;

export interface HeldBackup {
  readonly backup: Backup;
  /** Lets `--keep` remove it again. */
  readonly release: () => Promise<void>;
}

/**
 * Finds a backup, and marks that it is being read: whoever restores at night must not lose it to the job that cleans up. Where the folder can
 * not be written nothing can be removed either, so there it is read without a mark.
 * @throws what findBackup throws.
 */
export async function holdBackup(folder: string, named: string | undefined): Promise<HeldBackup> {
  const { path } = await findBackup(folder, named);
  const release = await markInUse(path);
  try {
    // It may have gone between our look and our mark.
    return { backup: await readManifest(path), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Marks that the backup in a folder is being read. Returns what takes the mark away. */
export async function markInUse(path: string): Promise<() => Promise<void>> {
  const mark = await takeLock(`${path}.${randomUUID()}${inUse}`, `The backup ${basename(path)}`).catch((error: unknown) => {
    if (error instanceof AppError || !(error as NodeJS.ErrnoException).syscall) throw error;
    return undefined;
  });
  return async () => mark?.release();
}

/** Whether somebody reads a backup at this moment. The mark of a process that was killed is taken away. */
export async function isInUse(path: string): Promise<boolean> {
  const root = dirname(path);
  for (const name of await readdir(root)) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith(inUse) && (await isHeld(join(root, name)))) return true;
  }
  return false;
}

async function isHeld(mark: string): Promise<boolean> {
  try {
    await (await takeLock(mark, 'The backup')).release();
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'DATA_DIR_IN_USE') return true;
    throw error;
  }
}

/** Takes away marks and drafts of processes that were killed. */
export async function removeStaleMarks(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name);
    if (name.endsWith(inUse)) await isHeld(path);
    if (!/\.(draft|copy|json\.new)$/.test(name)) continue;
    const { mtimeMs = Date.now() } = (await stat(path).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > lifeOfDraft) await rm(path, { force: true });
  }
}
