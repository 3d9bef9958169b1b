import { createHash } from 'node:crypto';
import { chmod, lchown, mkdir, readFile, readdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { canReach } from './account.js';
import type { Account } from './account.js';

/** Where root keeps what an unprivileged account must reach and the project's own folder can't hold. */
export const ownRoot = '/var/lib/bailiwick';

/** What an embedded server writes into its data directory. One of them there tells that the folder is one. */
const ownNames = ['location.json', 'credentials.json', 'lock.json', 'postgres', 'postgres.log'];

/** What `<dataDir>/location.json` remembers between starts. */
export interface Location {
  /** The port of the last start. */
  readonly port?: number;
  /** Where the cluster lies, if not in `<dataDir>/postgres`. */
  readonly cluster?: string;
}

export async function readLocation(dataDir: string): Promise<Location | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'location.json'), 'utf8')) as Location;
  } catch {
    return undefined;
  }
}

export async function writeLocation(dataDir: string, location: Location): Promise<void> {
  const path = join(dataDir, 'location.json');
  await writeFile(`${path}.new`, `${JSON.stringify(location, null, 2)}\n`, { flush: true });
  await rename(`${path}.new`, path);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'it is a file',
  // Node says so too for a new folder on a file system that is read-only.
  ENOENT: 'its folder is not there, or is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** Why the operating system refuses to write something, in words. */
export function whyUnwritable(cause: unknown): string {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}

/** The error for a folder that does not take what is written to it, in words for each reason. */
export function unwritable(folder: string, cause: unknown): AppError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DATA_DIR_UNWRITABLE', `The disk that holds the data directory ${folder} is full.`, {
      hint: 'Free some space, or choose a folder on another disk with --data-dir.',
      cause,
    });
  }
  return new AppError('DATA_DIR_UNWRITABLE', `The data directory ${folder} can not be written: ${whyUnwritable(cause)}.`, {
    hint: 'Give this user the right to write there, or choose another folder with --data-dir.',
    cause,
  });
}

/**
 * Makes the data directory ready to be locked.
 * @returns its absolute path without symbolic links.
 * @throws DATA_DIR_UNWRITABLE, or DATA_DIR_NOT_EMPTY when it holds things that no embedded server put there.
 */
export async function openDataDir(path: string): Promise<string> {
  let dataDir = resolve(path);
  try {
    await mkdir(dataDir, { recursive: true });
    dataDir = await realpath(dataDir);
  } catch (error) {
    throw unwritable(dataDir, error);
  }
  const names = await readdir(dataDir).catch((error: unknown) => {
    throw unwritable(dataDir, error);
  });
  // Passwords of servers that exist are kept there too (setup/passwordFile.ts).
  const isOwn = (name: string) => ownNames.includes(name) || /^credentials-.+\.json$/.test(name);
  if (names.length === 0 || names.some(isOwn)) return dataDir;
  const content = names.includes('PG_VERSION')
    ? 'is itself a PostgreSQL cluster that Bailiwick did not make'
    : `is not empty (it holds ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}), and nothing in it is of Bailiwick`;
  throw new AppError('DATA_DIR_NOT_EMPTY', `The data directory ${dataDir} ${content}. Nothing was changed.`, {
    hint: 'Choose an empty or a new folder with --data-dir.',
  });
}

/**
 * A folder of our own below /var/lib/bailiwick, which root owns and everybody may enter.
 * @throws DATA_DIR_UNWRITABLE, also when the folder is somebody else's, who could exchange what we run.
 */
export async function ownFolder(name: string): Promise<string> {
  const folder = join(ownRoot, name);
  try {
    for (const path of [ownRoot, folder]) {
      await mkdir(path, { recursive: true, mode: 0o755 });
      const { uid, mode } = await stat(path);
      if (uid !== 0 || mode & 0o022) throw new Error(`${path} must belong to root and be writable by root only`);
      if ((mode & 0o711) !== 0o711) await chmod(path, 0o755);
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
  return await realpath(folder);
}

/**
 * Where the cluster of a data directory lies: `<dataDir>/postgres`, unless postgres's account can't get there because a folder
 * above it is closed to others; then a folder of its own below /var/lib/bailiwick, named by the data directory's path.
 * @returns the path of the cluster, whose parent folder exists and may be entered by the account.
 */
export async function placeCluster(dataDir: string, account: Account | undefined): Promise<string> {
  const inside = join(dataDir, 'postgres');
  const remembered = (await readLocation(dataDir))?.cluster;
  if (remembered && (await isFolder(remembered))) return remembered;
  if (!account) return inside;
  if (canReach(account, '-x', dirname(dataDir))) {
    // The folder itself is ours to open: mkdtemp and a strict umask close it.
    if (!canReach(account, '-x', dataDir)) await chmod(dataDir, ((await stat(dataDir)).mode & 0o777) | 0o011);
    return inside;
  }
  if (await isFolder(inside)) {
    // It was made when the way was open, by root for its account; the data stays where its user put it.
    throw new AppError('DATA_DIR_UNWRITABLE', `PostgreSQL runs as user ${account.name}, who can not enter ${dirname(dataDir)}.`, {
      hint: `Let others pass through that folder (chmod o+x), or move ${dataDir} and name its new place with --data-dir.`,
    });
  }
  return join(await ownFolder(ownFolderName('cluster', dataDir)), 'postgres');
}

/** Known by the data directory's path, so that it is found again when the data directory itself is gone. */
export function ownFolderName(kind: 'cluster' | 'archive', dataDir: string): string {
  return `${kind}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Gives a folder and everything in it to the account. */
export async function giveTo(account: Account | undefined, folder: string): Promise<void> {
  if (!account || (await stat(folder)).uid === account.uid) return;
  for (const name of ['.', ...(await readdir(folder, { recursive: true }))])
    await lchown(join(folder, name), account.uid, account.gid);
}
