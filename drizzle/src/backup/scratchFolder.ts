import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, causesOf } from '@bailiwick/kernel/errors';
import { readLocation, unwritable } from '../embedded/place.js';
import { proofFolders, removeLeftServers, removeScratchFolder } from '../embedded/scratchLeftovers.js';

/** Below this much a server can't write its next WAL file, in bytes. */
const noRoom = 32 * 1024 * 1024;
const hint = 'Free some space there, or name a folder on another disk in TMPDIR; a proof needs about as much as the database.';

/**
 * Gives `work` a new folder for temporary files to run a scratch server in, and takes it away again.
 * @throws DATA_DIR_UNWRITABLE when there is no room for it, naming the folder and TMPDIR, and what `work` throws.
 */
export async function inScratchFolder<T>(onStep: (sentence: string) => void, work: (folder: string) => Promise<T>): Promise<T> {
  const root = tmpdir();
  await removeLeftServers(onStep);
  const folder = await mkdtemp(join(root, proofFolders.prefix)).catch((error: unknown) => {
    throw withoutRoom(root, error);
  });
  try {
    // The account that PostgreSQL runs as, where we are root, must be able to enter.
    await chmod(folder, 0o755);
    return await work(folder);
  } catch (error) {
    if (error instanceof AppError && error.code === 'DATA_DIR_UNWRITABLE') throw withoutRoom(root, error.cause ?? error);
    throw (await isFull(error, folder)) ? withoutRoom(root, Object.assign(new Error(String(error)), { code: 'ENOSPC' })) : error;
  } finally {
    await removeScratchFolder(folder, proofFolders);
  }
}

/** 53100 is PostgreSQL's word for a full disk. A server that could not write its WAL only breaks, and what it had is still there. */
async function isFull(error: unknown, folder: string): Promise<boolean> {
  if (causesOf(error).some(({ code }: NodeJS.ErrnoException) => code === '53100' || code === 'ENOSPC')) return true;
  const place = (await readLocation(folder))?.cluster ?? folder;
  const { bavail = Infinity, bsize = 1 } = (await statfs(place).catch(() => undefined)) ?? {};
  return bavail * bsize < noRoom;
}

function withoutRoom(root: string, cause: unknown): AppError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const message =
    code === 'ENOSPC' || code === 'EDQUOT' || cause instanceof AppError
      ? `The disk that holds ${root} has not enough room for a scratch server.`
      : unwritable(root, cause).message.replace('The data directory', 'The folder for temporary files');
  return new AppError('DATA_DIR_UNWRITABLE', `${message} Nothing was proven, and nothing was changed.`, { hint, cause });
}
