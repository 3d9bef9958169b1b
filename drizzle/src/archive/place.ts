import { chmod, mkdir, readFile, readdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { canReach } from '../embedded/account.js';
import type { Account } from '../embedded/account.js';
import { giveTo, ownFolder, ownFolderName, ownRoot } from '../embedded/place.js';
import { systemIdentifierOf } from './controlFile.js';

/** Tells a folder of archives from any other: nothing is ever removed from a folder without it. */
const markerFile = 'bailiwick-archive.json';

const archiveName = /^\d+(-\d+)?$/;

/** What one cluster has archived. */
export interface Archive {
  readonly folder: string;
  /** Archived WAL; the server's account writes here. Older segments are compressed: `<segment>.gz`. */
  readonly walFolder: string;
  /** Base backups, see baseBackup.ts. Only we write here. */
  readonly baseFolder: string;
  /** Of the cluster, as pg_control_system() gives it. */
  readonly systemIdentifier: string;
}

interface Marker {
  readonly holds: string;
  readonly format: 1;
  /** The folder in it that the cluster of now archives to, named by its system identifier. */
  readonly current: string;
}

function archiveIn(root: string, name: string): Archive {
  const folder = join(root, name);
  return {
    folder,
    walFolder: join(folder, 'wal'),
    baseFolder: join(folder, 'base'),
    systemIdentifier: name.split('-')[0] ?? '',
  };
}

async function readMarker(root: string): Promise<Marker | undefined> {
  try {
    const marker = JSON.parse(await readFile(join(root, markerFile), 'utf8')) as Marker;
    return archiveName.test(marker.current) ? marker : undefined;
  } catch {
    return undefined;
  }
}

/** The data directory without symbolic links, also when it is gone. */
async function canonical(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  return (
    (await realpath(path).catch(() => undefined)) ??
    join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path))
  );
}

/** Where the archive of a data directory can lie. The second is for root alone, whose server could not reach the first. */
async function rootsOf(dataDir: string): Promise<{ beside: string; elsewhere: string }> {
  const path = await canonical(dataDir);
  return { beside: `${path}-archive`, elsewhere: join(ownRoot, ownFolderName('archive', path)) };
}

/**
 * The archive of the cluster that was started last on a data directory. Beside the data directory and not in it: who removes the one keeps
 * the other, and the archive is found by the data directory's path alone.
 * @returns undefined when nothing was archived for it yet.
 */
export async function archiveOf(dataDir: string): Promise<Archive | undefined> {
  const { beside, elsewhere } = await rootsOf(dataDir);
  for (const root of [elsewhere, beside]) {
    const marker = await readMarker(root);
    if (marker) return archiveIn(root, marker.current);
  }
  return undefined;
}

/** All archives of a data directory, those of clusters that lay there before included; the current one first. */
export async function archivesOf(dataDir: string): Promise<Archive[]> {
  const current = await archiveOf(dataDir);
  if (!current) return [];
  const root = dirname(current.folder);
  const names = (await readdir(root)).filter((name) => archiveName.test(name));
  return [current, ...names.map((name) => archiveIn(root, name)).filter(({ folder }) => folder !== current.folder)];
}

/** Whether we made the folder. */
export async function isOurs(archive: Archive): Promise<boolean> {
  return (await readMarker(dirname(archive.folder))) !== undefined;
}

/**
 * Makes the archive of a cluster ready to be written, before its server starts. What keeps it from being made does not keep the database from
 * starting: it is told, the server's archiver fails then, and `db status` says so.
 */
export async function prepareArchive(
  dataDir: string,
  cluster: string,
  account: Account | undefined,
  onStep: (sentence: string) => void,
): Promise<Archive> {
  const name = await systemIdentifierOf(cluster);
  const { beside, elsewhere } = await rootsOf(dataDir);
  const isElsewhere = account && ((await readMarker(elsewhere)) || !canReach(account, '-x', dirname(beside)));
  const root = isElsewhere ? elsewhere : beside;
  try {
    if (isElsewhere) await ownFolder(basename(elsewhere));
    const archive = archiveIn(root, await openRoot(root, name, account, onStep));
    await mkdir(archive.walFolder, { recursive: true, mode: 0o700 });
    await mkdir(archive.baseFolder, { recursive: true, mode: 0o700 });
    if (account) await chmod(archive.folder, 0o711);
    await giveTo(account, archive.walFolder);
    return archive;
  } catch (error) {
    onStep(`Warning: nothing can be archived, because ${root} can not be prepared: ${(error as Error).message}`);
    return archiveIn(root, name);
  }
}

/** @returns the name of the cluster's folder in the root. */
async function openRoot(
  root: string,
  name: string,
  account: Account | undefined,
  onStep: (sentence: string) => void,
): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const names = await readdir(root);
  const marker = await readMarker(root);
  const others = names.filter((one) => !one.startsWith(markerFile));
  if (!marker && others.length > 0) {
    if (!(await areArchives(root, others)))
      throw new Error(`it holds something else than an archive: ${names.slice(0, 3).join(', ')}.`);
    onStep(`${join(root, markerFile)} was damaged or lost; it is written anew.`);
  }
  if (account) await chmod(root, ((await stat(root)).mode & 0o777) | 0o011);
  if (marker && marker.current.split('-')[0] === name) return marker.current;
  if (marker) onStep(`The archive of the cluster that was here before is kept in ${join(root, marker.current)}.`);
  await writeMarker(root, name);
  return name;
}

/** Whether each of these is what `prepareArchive` makes for a cluster. */
async function areArchives(root: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const inside = archiveName.test(name) ? await readdir(join(root, name)).catch((): string[] => []) : [];
    if (!inside.includes('wal') || !inside.includes('base')) return false;
  }
  return true;
}

async function writeMarker(root: string, current: string): Promise<void> {
  const marker: Marker = { holds: 'archived WAL and base backups of Bailiwick', format: 1, current };
  const path = join(root, markerFile);
  await writeFile(`${path}.new`, `${JSON.stringify(marker, null, 2)}\n`, { flush: true });
  await rename(`${path}.new`, path);
}

/**
 * The settings of a server that archives there. basic_archive comes with PostgreSQL and needs no shell: it copies, waits for the disk, renames, and
 * refuses to overwrite a file with another content.
 */
export function archiveSettings({ walFolder }: Archive): Record<string, string> {
  return {
    archive_mode: 'on',
    archive_library: 'basic_archive',
    'basic_archive.archive_directory': walFolder,
    // What was written a minute ago is in the archive, also when little is written.
    archive_timeout: '60s',
  };
}
