import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { SavedFile } from './manifest.js';
import { quotedColumn, quotedTable } from './catalogue.js';
import type { ColumnShape } from './catalogue.js';
import { contentOfRow } from './content.js';
import { pieceBytes } from './copyRows.js';
import { RowReader } from './rowReader.js';

/** Measured with sample rows on two cores: see docs/backup.md. */
export const defaultLevel = 3;

/** Joins small pieces to large ones. */
export function joinPieces(onBytes: (bytes: number) => void): Transform {
  let held: Buffer[] = [];
  let size = 0;
  const take = (): Buffer => {
    const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held, size);
    held = [];
    size = 0;
    return all;
  };
  return new Transform({
    writableHighWaterMark: pieceBytes,
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      size += chunk.length;
      onBytes(chunk.length);
      if (size < pieceBytes) done();
      else done(null, take());
    },
    flush(done) {
      done(null, size > 0 ? take() : undefined);
    },
  });
}

/** Counts and hashes the bytes that pass. */
export function measure(): { stream: Transform; result: () => { bytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/**
 * The low levels look for repeats in 16 KiB instead of 32: that fits the caches of a processor, takes a quarter less time, and the files are no larger, because
 * a near repeat is written in fewer bits than a far one.
 */
const windowOf = (level: number): { windowBits: number } => ({ windowBits: level <= 3 ? 14 : 15 });

const columnList = (columns: readonly ColumnShape[]): string => columns.map(({ name }) => quotedColumn(name)).join(', ');

export interface TableFile {
  readonly rows: number;
  /** See contentFormula. */
  readonly content: string;
  /** Of the file. */
  readonly bytes: number;
  readonly sha256: string;
}

/** A file that is being written. */
interface BegunFile {
  /** When the session can read another table: the last rows are still to be compressed, and to reach the disk. Never when that fails before. */
  readonly isRead: Promise<void>;
  /** Once the file has reached the disk. */
  readonly written: Promise<TableFile>;
}

/**
 * Streams a table into a gzip file of CSV with a header. NULL is an empty field and the empty text is `""`: COPY quotes whatever could be
 * taken for NULL (PostgreSQL: "COPY", CSV format). The number for the content is counted in the same reading: the server sends each row's share with it.
 */
export function beginTableFile(
  client: ClientBase,
  table: { schema: string; name: string; columns: readonly ColumnShape[] },
  path: string,
  level: number,
  onBytes: (bytes: number) => void = () => undefined,
): BegunFile {
  const share = contentOfRow(table.columns);
  const rows = client.query(
    new RowReader(
      `/* db:backup */ copy (select ${share} as share, ${columnList(table.columns)} from only ${quotedTable(table)}) to stdout with (format csv, header true, encoding 'UTF8')`,
      onBytes,
    ),
  );
  const measured = measure();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const compress = createGzip({ ...windowOf(level), level, memLevel: 9, chunkSize: 64 * 1024 });
  const written = pipeline(rows, compress, measured.stream, file).then(() => {
    const { rows: count, sum } = rows.result();
    return { rows: count, content: sum, ...measured.result() };
  });
  return { isRead: rows.isFree, written };
}

/** The same to its end: returns once the file has reached the disk. */
export const writeTableFile = async (...file: Parameters<typeof beginTableFile>): Promise<TableFile> =>
  beginTableFile(...file).written;

/**
 * How many rows a COPY has given. Its stream ends with the last row, and the server says the number behind it, which may come in a later packet:
 * the answer to another statement is behind that.
 */
export async function rowsCopied(client: ClientBase, copy: object): Promise<number> {
  await client.query('/* db:copied */ select');
  return (copy as { rowCount?: number }).rowCount ?? 0;
}

/**
 * Streams such a file into a table; its header must name the columns. Returns the rows.
 * @param isFrozen for a table that the same transaction has made: its rows are written once and for all.
 */
export async function readTableFile(
  client: ClientBase,
  relation: string,
  columns: readonly ColumnShape[],
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
  isFrozen = false,
): Promise<number> {
  const copy = client.query(
    copyFrom(
      `/* db:restore */ copy ${relation} (${columnList(columns)}) from stdin with (format csv, header match, encoding 'UTF8', freeze ${isFrozen})`,
    ),
  );
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(path, { highWaterMark: 128 * 1024 }), count, createGunzip({ chunkSize: pieceBytes }), copy);
  return (copy as { rowCount?: number }).rowCount ?? 0;
}

/** Size and SHA-256 of a file. */
export async function measureFile(path: string): Promise<Omit<SavedFile, 'path'>> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: pieceBytes }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk);
  });
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}
