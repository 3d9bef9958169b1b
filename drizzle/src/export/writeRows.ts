import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { TableShape } from '../backup/catalogue.js';
import { quotedColumn, quotedTable } from '../backup/catalogue.js';
import { joinPieces, measure, rowsCopied } from '../backup/tableFile.js';

/** Without it, Excel takes a CSV file for one of its country's own character set. */
const byteOrderMark = '\uFEFF';

/** The rows in the order of the primary key, so that two exports of the same rows are the same bytes, whatever the database's collation. */
function sortedRows(table: TableShape, valueOf: (name: string, type: string) => string): string {
  const typeOf = new Map(table.columns.map(({ name, type }) => [name, type]));
  const key = table.primaryKey.map((name) => `t.${quotedColumn(name)}${typeOf.get(name) === 'text' ? ' collate "C"' : ''}`);
  const columns = table.columns.map(({ name, type }) => `${valueOf(`t.${quotedColumn(name)}`, type)} as ${quotedColumn(name)}`);
  return `select ${columns.join(', ')} from ${quotedTable(table)} t order by ${key.length > 0 ? key.join(', ') : 't::text collate "C"'}`;
}

export interface WrittenRows {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Streams a table into a CSV file (RFC 4180, UTF-8 with a byte order mark, lines end with LF). NULL is an empty field, the empty text `""`;
 * no value is altered, a text that looks like a formula included. The file has reached the disk.
 */
export async function writeCsvFile(
  client: ClientBase,
  table: TableShape,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<WrittenRows> {
  const select = sortedRows(table, (value, type) => (type === 'boolean' ? `${value}::text` : value));
  const copy = client.query(copyTo(`/* db:export */ copy (${select}) to stdout with (format csv, header true, encoding 'UTF8')`));
  const measured = measure();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  measured.stream.write(byteOrderMark);
  await pipeline(copy, joinPieces(onBytes), measured.stream, file);
  return { rows: await rowsCopied(client, copy), ...measured.result() };
}

/** A file of SQL that is written piece by piece. */
export interface SqlFile {
  text(sql: string): Promise<void>;
  /** The rows of a table, as the lines between COPY … FROM stdin and `\.`. Returns how many. */
  rows(client: ClientBase, table: TableShape, onBytes: (bytes: number) => void): Promise<number>;
  /** Brings it to the disk. */
  close(): Promise<{ bytes: number; sha256: string }>;
  /** After a failure, so that the file can be removed. */
  abandon(): void;
}

export async function openSqlFile(path: string): Promise<SqlFile> {
  const file: WriteStream = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await once(file, 'open');
  const measured = measure();
  const ended = pipeline(measured.stream, file);
  // Whoever writes next is told; until then it must not end the process.
  let failure: unknown;
  ended.catch((error: unknown) => (failure = error));
  const write = async (chunk: string | Buffer): Promise<void> => {
    if (measured.stream.write(chunk)) return;
    await Promise.race([once(measured.stream, 'drain'), ended]);
  };
  return {
    text: write,
    async rows(client, table, onBytes) {
      const copy = client.query(
        copyTo(`/* db:export */ copy (${sortedRows(table, (value) => value)}) to stdout with (format text, encoding 'UTF8')`),
      );
      try {
        await pipeline(copy, joinPieces(onBytes), async (pieces: AsyncIterable<Buffer>) => {
          for await (const piece of pieces) await write(piece);
        });
      } catch (error) {
        // Of three stages Node tells only that they were aborted, and not what the last of them threw.
        throw failure ?? error;
      }
      return rowsCopied(client, copy);
    },
    async close() {
      measured.stream.end();
      await ended;
      return measured.result();
    },
    abandon: () => file.destroy(),
  };
}
