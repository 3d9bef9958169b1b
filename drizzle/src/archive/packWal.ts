import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Archive } from './place.js';
import { isSegment, packed } from './walFiles.js';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const draftEnd = '.packing';

/** A segment that was archived twice with different content; both files are kept. */
export interface WalConflict {
  readonly segment: string;
}

export interface Packed {
  readonly packed: number;
  readonly conflicts: WalConflict[];
}

/** The last packing of each folder that this process began, settled or not. */
const packings = new Map<string, Promise<unknown>>();

/**
 * Compresses the segments that have arrived in an archive, the oldest first. A segment exists under its name or its name with .gz at every
 * moment: the plain file goes when the packed one was read back and is on the disk.
 * One at a time on a folder: who calls while another packs waits, and then packs what has arrived since. Only the process that runs the server may
 * call it, which its lock on the data directory makes the only one: a draft that it finds was left by one that is dead.
 * @returns how many were packed, and those that contradict what was archived under their name before.
 */
export async function packWal({ walFolder }: Pick<Archive, 'walFolder'>): Promise<Packed> {
  const before = packings.get(walFolder) ?? Promise.resolve();
  const mine = before.then(async () => packFolder(walFolder));
  // What went wrong is for whoever called, and not for whoever comes after.
  const settled = mine.then(
    () => undefined,
    () => undefined,
  );
  packings.set(walFolder, settled);
  try {
    return await mine;
  } finally {
    if (packings.get(walFolder) === settled) packings.delete(walFolder);
  }
}

async function packFolder(walFolder: string): Promise<Packed> {
  const names = await readdir(walFolder);
  for (const name of names) if (name.endsWith(draftEnd)) await rm(join(walFolder, name), { force: true });
  const conflicts: WalConflict[] = [];
  let count = 0;
  for (const segment of names.filter(isSegment).sort()) {
    const result = await packSegment(walFolder, segment, names.includes(segment + packed));
    if (result === 'packed') count++;
    else if (result === 'contradicts') conflicts.push({ segment });
  }
  return { packed: count, conflicts };
}

/** @returns `contradicts` when it was archived before with other content, `gone` when it was removed since we looked: `backup --base` expires WAL. */
async function packSegment(
  walFolder: string,
  segment: string,
  isPackedAlready: boolean,
): Promise<'packed' | 'contradicts' | 'gone'> {
  const path = join(walFolder, segment);
  const result = path + packed;
  // The folder is postgres's, and as root we must not read or write through a link that it put there.
  const plain = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(ifThere);
  if (!plain) return 'gone';
  try {
    const content = await plain.readFile();
    if (isPackedAlready) {
      // The archiver was killed after the file had arrived, so it came again; or the cluster was put back from a copy.
      const before = await readFile(result).catch(ifThere);
      if (!before) return 'gone';
      if (!(await unpack(before)).equals(content)) return 'contradicts';
    } else {
      await writePacked(path + draftEnd, content, await plain.stat());
      const draft = await readFile(path + draftEnd).catch(ifThere);
      if (!draft) return 'gone';
      if (!(await unpack(draft)).equals(content)) throw new Error(`${segment} does not read back.`);
      if (!(await takeDraft(path, result))) return 'gone';
      await syncFolder(walFolder);
    }
    await rm(path, { force: true });
    return 'packed';
  } catch (error) {
    await rm(path + draftEnd, { force: true });
    throw error;
  } finally {
    await plain.close();
  }
}

/**
 * Gives a draft its place, unless its segment is being removed. Whoever removes one takes the plain file first and the draft next: a plain file that is still
 * there tells that the draft, or what has become of it, will be found.
 */
async function takeDraft(path: string, result: string): Promise<boolean> {
  const isThere = await lstat(path).catch(ifThere);
  const isTaken = isThere && (await rename(path + draftEnd, result).then(() => true, ifThere));
  if (!isTaken) await rm(path + draftEnd, { force: true });
  return isTaken ?? false;
}

/** Removes a segment, also one that another process is packing: of its files none stays, and none comes back. */
export async function removeSegment({ walFolder }: Pick<Archive, 'walFolder'>, segment: string): Promise<void> {
  for (const end of ['', draftEnd, packed]) await rm(join(walFolder, segment + end), { force: true });
}

function ifThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/**
 * Level 4: most of a segment that archive_timeout has closed is zeros, and the faster levels make 73 KB of 16 MB of those where this one makes 16 KB. On a
 * segment full of changes it takes as long as level 1 and gives a tenth less; level 6 takes twice as long.
 */
async function writePacked(path: string, content: Buffer, { uid, gid, atime, mtime }: Stats): Promise<void> {
  const draft = await open(path, 'wx', 0o600);
  try {
    if (process.getuid?.() === 0) await draft.chown(uid, gid);
    await draft.writeFile(await pack(content, { level: 4 }));
    // When it was archived is what tells until when the archive reaches.
    await draft.utimes(atime, mtime);
    await draft.sync();
  } finally {
    await draft.close();
  }
}

/** Makes a rename in it durable. */
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

/** Milliseconds between two looks. A segment closes once a minute at the least often, when something was written. */
const interval = 10_000;

export interface Packing {
  /** Packs what is there and ends. */
  stop(): Promise<void>;
}

/**
 * Packs what arrives for as long as the server runs. What goes wrong is told once, until it goes right again.
 * @param prepare makes the archive anew when somebody has removed it.
 */
export function keepPacked(archive: Archive, prepare: () => Promise<unknown>, onStep: (sentence: string) => void): Packing {
  let said = '';
  const once = async () => {
    let problem = '';
    try {
      const { conflicts } = await packWal(archive);
      if (conflicts[0]) problem = `WAL segment ${conflicts[0].segment} was archived twice with different content`;
    } catch (error) {
      problem = `Archived WAL can not be packed: ${(error as Error).message}`;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') await prepare();
    }
    if (problem && problem !== said) onStep(`Warning: ${problem}.`);
    said = problem;
  };
  let running = once();
  const timer = setInterval(() => {
    running = running.then(once);
  }, interval);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
      await once();
    },
  };
}
