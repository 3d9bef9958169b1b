import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { SavedFile } from './manifest.js';
import { quotedTable } from './catalogue.js';
import type { ColumnShape } from './catalogue.js';
import { quoteName } from '../import/sql.js';

/** Measured with sample rows on two cores: see docs/backup.md. */
export const defaultLevel = 3;

/** Compression works on pieces of this size; each is one hop to a thread and back, so a row alone would be far too small. */
const pieceBytes = 256 * 1024;

/** Joins small pieces to large ones. */
function joinPieces(onBytes: (bytes: number) => void): Transform {
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

function measure(): { stream: Transform; result: () => { bytes: number; sha256: string } } {
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

const columnList = (columns: readonly ColumnShape[]): string => columns.map(({ name }) => quoteName(name)).join(', ');

/**
 * Streams a table into a gzip file of CSV with a header. NULL is an empty field and the empty text is `""`: COPY quotes whatever could be
 * taken for NULL (PostgreSQL: "COPY", CSV format).
 * @returns rows, size in bytes and SHA-256 of the file. It has reached the disk.
 */
export async function writeTableFile(
  client: ClientBase,
  table: { schema: string; name: string; columns: readonly ColumnShape[] },
  path: string,
  level: number,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<{ rows: number; bytes: number; sha256: string }> {
  const copy = client.query(
    copyTo(
      `/* db:backup */ copy ${quotedTable(table)} (${columnList(table.columns)}) to stdout with (format csv, header true, encoding 'UTF8')`,
    ),
  );
  const measured = measure();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(copy, joinPieces(onBytes), createGzip({ level, memLevel: 9, chunkSize: 64 * 1024 }), measured.stream, file);
  return { rows: (copy as { rowCount?: number }).rowCount ?? 0, ...measured.result() };
}

/** Streams such a file into a table; its header must name the columns. Returns the rows. */
export async function readTableFile(
  client: ClientBase,
  relation: string,
  columns: readonly ColumnShape[],
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<number> {
  const copy = client.query(
    copyFrom(
      `/* db:restore */ copy ${relation} (${columnList(columns)}) from stdin with (format csv, header match, encoding 'UTF8')`,
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
