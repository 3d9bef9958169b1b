import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { takeLock } from './lock.js';
import { readLocation } from './place.js';
import { clearCluster } from './postmaster.js';

/** Folders for temporary files in which scratch servers run. */
export interface ScratchFolders {
  readonly prefix: string;
  /** Whose they are, in words. */
  readonly of: string;
  /** The data directory in such a folder. */
  readonly dataOf: (folder: string) => string;
  /** Clusters beside that of the data directory. */
  readonly othersOf: (folder: string) => string[];
}

export const proofFolders: ScratchFolders = {
  prefix: 'bailiwick-scratch-',
  of: 'a proof',
  dataOf: (folder) => folder,
  othersOf: () => [],
};

export const drillFolders: ScratchFolders = {
  prefix: 'bailiwick-drill-',
  of: 'a drill',
  dataOf: (folder) => join(folder, 'data'),
  // The drill recovers, and that has a scratch server of its own.
  othersOf: (folder) => [join(folder, 'data-recovery', 'scratch', 'cluster')],
};

/** From mkdtemp to the lock of the server it is for, in milliseconds, and generously. */
const lifeWithoutLock = 600_000;

/** Takes a folder away whose server has ended. */
export async function removeScratchFolder(folder: string, { dataOf }: ScratchFolders): Promise<void> {
  const elsewhere = (await readLocation(dataOf(folder)))?.cluster;
  if (elsewhere) await rm(elsewhere, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/**
 * A process that was killed leaves its folder, and in it a server that still runs: ends it, and takes the folder away. A server is known by the cluster that it
 * runs on; only folders of our own user are touched, and none whose process lives.
 */
export async function removeLeftServers(onStep: (sentence: string) => void): Promise<void> {
  const root = tmpdir();
  const names = await readdir(root).catch((): string[] => []);
  for (const kind of [proofFolders, drillFolders]) {
    for (const name of names.filter((one) => one.startsWith(kind.prefix))) {
      const folder = join(root, name);
      try {
        if (!(await isLeft(folder, kind))) continue;
        const cluster = (await readLocation(kind.dataOf(folder)))?.cluster ?? join(kind.dataOf(folder), 'postgres');
        for (const one of [cluster, ...kind.othersOf(folder)])
          await clearCluster(await realpath(one).catch(() => one), () => undefined);
        await removeScratchFolder(folder, kind);
        onStep(`Removed ${folder}, which ${kind.of} left that was killed, and the server that ran in it.`);
      } catch (error) {
        onStep(`Warning: ${folder}, which ${kind.of} left that was killed, could not be removed: ${(error as Error).message}`);
      }
    }
  }
}

async function isLeft(folder: string, { dataOf }: ScratchFolders): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return false;
  const lock = join(dataOf(folder), 'lock.json');
  if (!(await stat(lock).catch(() => undefined))) return Date.now() - found.mtimeMs > lifeWithoutLock;
  try {
    // Not released: the folder goes with it.
    await takeLock(lock, `The folder ${folder}`);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'DATA_DIR_IN_USE') return false;
    throw error;
  }
}
