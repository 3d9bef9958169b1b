import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, open, readFile, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './packWal.js';

export interface CopiedFile {
  /** Within the cluster, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface CopiedCluster {
  readonly files: CopiedFile[];
  /** Folders, the empty ones too: PostgreSQL does not start without them. */
  readonly folders: string[];
}

/**
 * Whose content PostgreSQL's documentation says to leave out ("Backing Up the Data Directory"): WAL comes from the archive, replication slots must not come
 * to life twice, and the rest is made anew at every start.
 */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** Of the running server, or written into the backup by us. */
const leftOut = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'backup_label.old',
  'tablespace_map',
  'tablespace_map.old',
  'backup_manifest',
  'postgresql.auto.conf.tmp',
  'current_logfiles.tmp',
]);

const isTemporary = (name: string): boolean => name.startsWith('pgsql_tmp') || name.startsWith('pg_internal.init');

/** How many files are copied at the same time: most are small, and waiting for the disk is what takes the time. */
const atOnce = 8;

/**
 * Copies a cluster between pg_backup_start and pg_backup_stop. Files change while they are copied, which the WAL mends; a file that disappears meanwhile
 * belonged to something that was dropped. Tablespaces become folders in pg_tblspc, not links: a server that is started on the copy must
 * not write where the living one does.
 * @param to an existing empty folder.
 * @param advance told the bytes of each file that has been copied.
 */
export async function copyCluster(
  cluster: string,
  to: string,
  advance: (bytes: number) => void = () => undefined,
): Promise<CopiedCluster> {
  const folders: string[] = [];
  const sources: { path: string; source: string }[] = [];
  for await (const entry of walk(cluster, '')) {
    if (entry.isFolder) {
      await mkdir(join(to, entry.path), { mode: 0o700 });
      folders.push(entry.path);
    } else if (entry.path !== 'global/pg_control') sources.push(entry);
  }
  const files: CopiedFile[] = [];
  const pending = sources.values();
  const work = async () => {
    for (const { path, source } of pending) {
      const copied = await copyFile(source, join(to, path));
      if (!copied) continue;
      files.push({ path, ...copied });
      advance(copied.bytes);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  files.push(await copyControlFile(cluster, to));
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), folders };
}

async function* walk(folder: string, path: string): AsyncGenerator<{ path: string; source: string; isFolder: boolean }> {
  for (const entry of await entriesOf(folder)) {
    const { name } = entry;
    const inner = path ? `${path}/${name}` : name;
    const source = join(folder, name);
    if (isTemporary(name) || (!path && leftOut.has(name))) continue;
    if (!path && emptied.has(name)) yield { path: inner, source, isFolder: true };
    else if (entry.isDirectory()) {
      yield { path: inner, source, isFolder: true };
      yield* walk(source, inner);
    } else if (path === 'pg_tblspc' && entry.isSymbolicLink()) {
      yield { path: inner, source, isFolder: true };
      yield* walk(await realpath(source), inner);
    } else if (entry.isFile()) yield { path: inner, source, isFolder: false };
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** @returns undefined when the file has gone. */
async function copyFile(from: string, to: string): Promise<Omit<CopiedFile, 'path'> | undefined> {
  const source = await open(from, 'r').catch((error: unknown) => {
    if (isGone(error)) return undefined;
    throw error;
  });
  if (!source) return undefined;
  try {
    const copy = await open(to, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(256 * 1024);
      let bytes = 0;
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, buffer.length, bytes);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        await copy.writeFile(chunk);
        bytes += bytesRead;
      }
      await copy.datasync();
      return { bytes, sha256: hash.digest('hex') };
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}

/** Last, as pg_basebackup does, and read until two reads agree: a read can fall into the middle of the server's write. */
async function copyControlFile(cluster: string, to: string): Promise<CopiedFile> {
  const path = 'global/pg_control';
  for (;;) {
    const content = await readFile(join(cluster, path));
    if (content.equals(await readFile(join(cluster, path)))) return { path, ...(await writeNew(join(to, path), content)) };
  }
}

/** Writes a file that is not there yet, and brings it to the disk. */
export async function writeNew(path: string, content: Buffer | string): Promise<Omit<CopiedFile, 'path'>> {
  const bytes = Buffer.from(content);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Brings the names of everything in the copy to the disk. */
export async function syncFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) await syncFolder(join(root, folder));
  await syncFolder(root);
  await syncFolder(dirname(root));
}
