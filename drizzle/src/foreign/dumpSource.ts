import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '@bailiwick/kernel/errors';
import { findTools, installHint, startTool } from './clientTools.js';
import type { ClientTool } from './clientTools.js';
import { firstBytes } from './recognise.js';
import type { DumpForm } from './recognise.js';

const pieceBytes = 256 * 1024;

/** A dump as plain SQL, whatever its form. */
export interface DumpSource {
  readonly path: string;
  readonly form: DumpForm;
  /** Of the file or files, for progress; the SQL may be longer. */
  readonly bytes: number;
  /** The program that turns it into SQL. */
  readonly tool: ClientTool | undefined;
  /** Reads it from the beginning. `onBytes` counts what was read of the file, or what came of the tool. */
  read(onBytes: (bytes: number) => void): AsyncGenerator<Buffer>;
  /** SHA-256 over everything it consists of. */
  identity(): Promise<string>;
}

/**
 * @throws CLIENT_TOOL_UNFIT when the form needs a pg_restore that is not there, or one that is newer.
 */
export async function openDump(path: string, form: DumpForm, pgRestore: string | undefined): Promise<DumpSource> {
  const files = form === 'directory' ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const tool = form === 'plain' || form === 'gzip' ? undefined : await restoreTool(path, form, pgRestore);
  return {
    path,
    form,
    tool,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    read: (onBytes) => (tool ? readArchive(tool, path, onBytes) : readText(path, form === 'gzip', onBytes)),
    async identity() {
      const hash = createHash('sha256');
      for (const file of files) {
        await pipeline(createReadStream(file, { highWaterMark: pieceBytes }), async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) hash.update(chunk);
        });
      }
      return hash.digest('hex');
    },
  };
}

async function* readText(path: string, isPacked: boolean, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  file.on('data', (chunk) => onBytes(chunk.length));
  const text = isPacked ? file.pipe(createGunzip({ chunkSize: pieceBytes })) : file;
  if (text !== file) file.once('error', (error) => text.destroy(error));
  try {
    for await (const chunk of text) yield chunk as Buffer;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') {
      throw new AppError('DUMP_INVALID', `${path} is cut off: the gzip stream ends before its end.`, {
        hint: 'Look for another copy. If there is none: gunzip < it > part.sql, and restore part.sql with --accept-truncated.',
        cause,
      });
    }
    if (code?.startsWith('Z_')) {
      throw new AppError('DUMP_INVALID', `${path} is damaged: ${message}. Not all of its bytes are what was written.`, {
        hint: 'Look for another copy of it.',
        cause,
      });
    }
    throw new AppError('DUMP_INVALID', `${path} can not be read: ${message}.`, { hint: 'Look at the disk it is on.', cause });
  } finally {
    file.destroy();
  }
}

async function* readArchive(tool: ClientTool, path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const run = startTool(tool.path, ['--file=-', path]);
  try {
    for await (const chunk of run.stdout) {
      onBytes(chunk.length);
      yield chunk;
    }
  } finally {
    run.stop();
  }
  const { code, stderr } = await run.ended;
  if (code === 0) return;
  const words = stderr.trim().split('\n').slice(0, 3).join(' ').replaceAll('pg_restore: ', '');
  throw new AppError('DUMP_INVALID', `pg_restore ${tool.version} can not read ${path}: ${words || `it ended with ${code}`}.`, {
    hint: 'The file is cut off or damaged. Look for another copy of it.',
  });
}

/** Refuses loudly what would go wrong quietly: a pg_restore that is older than the dump. */
async function restoreTool(path: string, form: DumpForm, named: string | undefined): Promise<ClientTool> {
  const madeBy = await archiveVersion(path, form);
  const [newest] = findTools('pg_restore', named);
  const by = madeBy === undefined ? '' : `, made by pg_dump ${madeBy}`;
  if (!newest) {
    throw new AppError('CLIENT_TOOL_UNFIT', `Only pg_restore can read ${path} (${form} format${by}), and there is none here.`, {
      hint: installHint('pg_restore', madeBy === undefined ? 18 : Number.parseInt(madeBy, 10)),
    });
  }
  if (madeBy !== undefined && Number.parseInt(madeBy, 10) > newest.major) {
    throw new AppError(
      'CLIENT_TOOL_UNFIT',
      `${path} was made by pg_dump ${madeBy}, and the newest pg_restore here is ${newest.version} (${newest.path}): it would leave things out, or fail. Nothing was changed.`,
      { hint: installHint('pg_restore', Number.parseInt(madeBy, 10)) },
    );
  }
  return newest;
}

/** The version of the pg_dump that made an archive, from its header (pg_backup_archiver.c, WriteHead): two texts behind the database's name. */
export async function archiveVersion(path: string, form: DumpForm): Promise<string | undefined> {
  const head = await firstBytes(form === 'directory' ? join(path, 'toc.dat') : path, 8 * 1024);
  const texts = [...head.toString('latin1').matchAll(/\d{1,2}(?:\.\d{1,2}){1,2}|\d{2}(?:devel|beta\d+|rc\d+)/g)].filter(
    ({ index }) => {
      const length = head.readUInt32LE(Math.max(0, index - 4));
      return index > 5 && head[index - 5] === 0 && length >= 2 && length < 200 && head[index + length] !== undefined;
    },
  );
  return texts[1]?.[0] ?? texts[0]?.[0];
}
