import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { syncFolder, unwritableFolder } from '../backup/folder.js';
import { takeLock } from '../embedded/lock.js';
import type { Lock } from '../embedded/lock.js';

/** Says that a folder is an export, and which files belong to it. */
export const exportManifestFile = 'export.json';
const holds = 'an export of Bailiwick';

/** What every export's manifest begins with. */
export const manifestHead = { holds, format: 1 } as const;

/** An export that is being made: a folder with another name until it is complete. */
export interface ExportDraft {
  /** Absolute path of the folder to write into. */
  readonly path: string;
  /** Gives it the name that was asked for, in place of an older export there. Returns that path. */
  finish(): Promise<string>;
  /** Takes away what was begun; an older export stays as it was. */
  discard(): Promise<void>;
}

/**
 * Begins an export to a folder that does not exist, is empty, or holds an older export and nothing else.
 * @throws BACKUP_FOLDER_INVALID for any other, LOCK_HELD while another process exports there, BACKUP_FOLDER_UNWRITABLE.
 */
export async function beginExport(folder: string, onStep: (sentence: string) => void): Promise<ExportDraft> {
  const path = resolve(folder);
  const [partial, replaced] = [`${path}.partial`, `${path}.replaced`];
  let lock: Lock | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    lock = await lockOf(path);
    await clearLeftovers(path, partial, replaced, onStep);
    await refuseForeign(path);
    await mkdir(partial, { mode: 0o700 });
    await writeFile(join(partial, exportManifestFile), `${JSON.stringify({ ...manifestHead, isComplete: false })}\n`, {
      mode: 0o600,
    });
  } catch (error) {
    await lock?.release();
    throw error instanceof AppError ? error : unwritableFolder(path, error);
  }
  const held = lock;
  return {
    path: partial,
    async finish() {
      await syncFolder(partial);
      const isThere = await stat(path).catch(() => undefined);
      // A kill between the two renames leaves the older one beside; the next run puts it back.
      if (isThere) await rename(path, replaced);
      await rename(partial, path);
      await syncFolder(dirname(path));
      await rm(replaced, { recursive: true, force: true });
      await held.release();
      return path;
    },
    async discard() {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined);
      if (!(await stat(path).catch(() => undefined))) await rename(replaced, path).catch(() => undefined);
      await held.release().catch(() => undefined);
    },
  };
}

async function lockOf(path: string): Promise<Lock> {
  try {
    return await takeLock(`${path}.lock`, `The folder ${path}`);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATA_DIR_IN_USE') throw error;
    throw new AppError('LOCK_HELD', error.message, {
      hint: 'Another export writes there. Wait for its end, or choose another folder with --to.',
      cause: error,
    });
  }
}

/** What an export left that was killed. Nothing is removed that is not an export. */
async function clearLeftovers(
  path: string,
  partial: string,
  replaced: string,
  onStep: (sentence: string) => void,
): Promise<void> {
  const [isThere, hasReplaced] = [await exists(path), await exists(replaced)];
  if (hasReplaced && !isThere) {
    await refuseForeign(replaced);
    await rename(replaced, path);
    onStep(`Put ${path} back, which an export had moved away that was killed.`);
  } else if (hasReplaced) {
    await refuseForeign(replaced);
    await rm(replaced, { recursive: true, force: true });
  }
  if (!(await exists(partial))) return;
  const names = await readdir(partial);
  if (names.length > 0 && !(await readExport(partial))) {
    throw foreign(partial, names, 'would be the name of the unfinished export');
  }
  await rm(partial, { recursive: true, force: true });
  onStep(`Removed ${basename(partial)}, which an export left that was killed.`);
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

async function refuseForeign(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isDirectory()) {
    throw new AppError('BACKUP_FOLDER_INVALID', `${path} is a file.`, { hint: 'Name a folder with --to.' });
  }
  const names = await readdir(path);
  if (names.length === 0) return;
  const files = await readExport(path);
  const others = names.filter((name) => !files?.includes(name));
  if (others.length > 0)
    throw foreign(path, others, files ? 'holds files that no export wrote' : 'holds something else than an export');
}

function foreign(path: string, names: readonly string[], what: string): AppError {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return new AppError('BACKUP_FOLDER_INVALID', `${path} ${what}: ${names.slice(0, 3).join(', ')}${more}. Nothing was written.`, {
    hint: 'Name an empty folder, one that does not exist yet, or one that holds an older export and nothing else, with --to.',
  });
}

/** The files of an export, the manifest included; undefined when the folder is none. */
async function readExport(path: string): Promise<string[] | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(path, exportManifestFile), 'utf8')) as { holds?: unknown; files?: unknown };
    if (manifest.holds !== holds) return undefined;
    const files = Array.isArray(manifest.files) ? (manifest.files as { file?: unknown }[]) : [];
    return [exportManifestFile, ...files.flatMap(({ file }) => (typeof file === 'string' ? [file] : []))];
  } catch {
    return undefined;
  }
}
