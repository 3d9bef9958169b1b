import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gunzipSync, constants } from 'node:zlib';
import { AppError } from '@bailiwick/kernel/errors';
import { dumpBackupFile } from '../backup/dumpManifest.js';
import { manifestChecksumFile, manifestFile } from '../backup/manifest.js';
import { legacyFiles } from './legacy.js';

export type DumpForm = 'plain' | 'gzip' | 'custom' | 'directory' | 'tar';

/** What a path holds that somebody wants to restore from. */
export type Recognised =
  | { readonly kind: 'backup'; readonly path: string }
  /** One that `db backup --format dump` took. */
  | { readonly kind: 'dump backup'; readonly path: string }
  | { readonly kind: 'dump'; readonly path: string; readonly form: DumpForm }
  | { readonly kind: 'csv'; readonly path: string; readonly files: readonly string[] };

/** What was recognised, for a sentence: "a plain SQL dump". */
export const wordsFor: Readonly<Record<DumpForm, string>> = {
  plain: 'a plain SQL dump',
  gzip: 'a plain SQL dump, compressed with gzip',
  custom: 'a dump in the custom format of pg_dump',
  directory: 'a dump in the directory format of pg_dump',
  tar: 'a dump in the tar format of pg_dump',
};

const takes =
  'Taken are: a backup of db backup, an SQL dump of pg_dump or pg_dumpall (also .gz), a dump in the custom, directory or tar format, or a folder of CSV files that are named like the legacy tables.';

/**
 * Says what lies at a path, from its content and not its name.
 * @returns undefined when nothing is there.
 * @throws DUMP_INVALID in a sentence, for what can not be restored from.
 */
export async function recognise(path: string): Promise<Recognised | undefined> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found) return undefined;
  return found.isDirectory() ? inFolder(absolute) : inFile(absolute, found.size);
}

function invalid(path: string, what: string, hint: string = takes): AppError {
  return new AppError('DUMP_INVALID', `${path} ${what}.`, { hint });
}

async function inFolder(path: string): Promise<Recognised> {
  const names = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(path, `can not be read: ${cause.code ?? cause.message}`, 'Give this user the right to read it.');
  });
  if (names.includes(manifestFile) && names.includes(manifestChecksumFile)) return { kind: 'backup', path };
  if (names.includes(dumpBackupFile)) return { kind: 'dump backup', path };
  if (names.includes('toc.dat')) return { kind: 'dump', path, form: 'directory' };
  const files = legacyFiles().filter((file) => names.includes(file.split('/')[0] ?? ''));
  const there: string[] = [];
  for (const file of files) if ((await stat(join(path, file)).catch(() => undefined))?.isFile()) there.push(file);
  if (there.length > 0) return { kind: 'csv', path, files: there };
  const seen = names.length === 0 ? 'is an empty folder' : `is a folder with ${names.slice(0, 5).join(', ')}`;
  throw invalid(path, `${seen}, and with nothing to restore from`);
}

async function inFile(path: string, size: number): Promise<Recognised> {
  const head = await firstBytes(path, 64 * 1024);
  if (size === 0) throw invalid(path, 'is an empty file', 'A dump that failed leaves one. Look for another copy.');
  if (isArchive(head)) return { kind: 'dump', path, form: 'custom' };
  if (head.toString('latin1', 257, 262) === 'ustar') {
    if (head.toString('latin1', 0, 8) === 'toc.dat\0') return { kind: 'dump', path, form: 'tar' };
    throw invalid(path, 'is a tar archive, and not one of pg_dump', 'Unpack it first (tar -xf), and name what was in it.');
  }
  const packed = packer(head);
  if (packed === 'gzip') {
    const text = beginningOf(path, head);
    if (isArchive(text)) throw invalid(path, 'is a custom-format dump inside gzip', 'Unpack it first: gunzip.');
    if (looksLikeSql(text)) return { kind: 'dump', path, form: 'gzip' };
    throw invalid(path, 'is compressed with gzip, and holds no SQL dump');
  }
  if (packed) throw invalid(path, `is compressed with ${packed}`, `Unpack it first, then name what was in it.`);
  if (['fffe', 'feff'].includes(head.toString('hex', 0, 2))) {
    throw invalid(
      path,
      'is UTF-16 text, as the sign > of PowerShell writes it',
      'Turn it back: iconv -f UTF-16 -t UTF-8 <file> > <new file>. The next time, use pg_dump --file.',
    );
  }
  if (/^--\s*(?:MySQL|MariaDB) dump/m.test(head.toString('latin1', 0, 500))) throw invalid(path, 'is a dump of MySQL or MariaDB');
  if (looksLikeSql(head)) return { kind: 'dump', path, form: 'plain' };
  if (/\.csv$/i.test(path))
    throw invalid(
      path,
      'is one CSV file',
      'Name the folder of all of them, each named after its table; or use npm run db -- import.',
    );
  throw invalid(path, 'is nothing that can be restored from');
}

const isArchive = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 5) === 'PGDMP';

/** Not a byte zero, and a word that every dump of pg_dump or of a host's tool has near its beginning. */
function looksLikeSql(head: Buffer): boolean {
  if (head.includes(0)) return false;
  return /PostgreSQL database|^\s*(?:create (?:table|schema|extension|role)|copy |insert into|set \w+ ?=|select pg_catalog\.set_config|\\connect|\\restrict)/im.test(
    head.toString('latin1'),
  );
}

function packer(head: Buffer): string | undefined {
  const hex = head.toString('hex', 0, 6);
  const known = {
    '1f8b': 'gzip',
    '28b52ffd': 'zstd',
    fd377a585a00: 'xz',
    '425a68': 'bzip2',
    '504b0304': 'zip',
    '04224d18': 'lz4',
  };
  return Object.entries(known).find(([mark]) => hex.startsWith(mark))?.[1];
}

/** What is cut off behind the first bytes does not matter here. */
function beginningOf(path: string, head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, 64 * 1024);
  } catch (cause) {
    throw new AppError('DUMP_INVALID', `${path} begins like a gzip file and can not be unpacked: ${(cause as Error).message}.`, {
      hint: 'Look for another copy of it.',
      cause,
    });
  }
}

export async function firstBytes(path: string, most: number): Promise<Buffer> {
  const handle = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(path, `can not be read: ${cause.code ?? cause.message}`, 'Give this user the right to read it.');
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
