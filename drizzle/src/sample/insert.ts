import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Row, TableRows, Value } from './rows.js';

const rowsPerChunk = 500;

/** Writes each table with one COPY, in the order given. The caller holds the transaction. */
export async function insertTables(client: Client, tables: TableRows): Promise<void> {
  for (const [table, rows] of Object.entries(tables)) await copyRows(client, table, rows);
}

async function copyRows(client: Client, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const sink = client.query(copyFrom(`/* database:sample */ copy ${table} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(chunks(table, columns, rows)), sink);
}

function* chunks(table: string, columns: readonly string[], rows: readonly Row[]): Generator<Buffer> {
  for (let start = 0; start < rows.length; start += rowsPerChunk) {
    const lines = rows.slice(start, start + rowsPerChunk).map((row) => line(table, columns, row));
    yield Buffer.from(lines.join(''));
  }
}

function line(table: string, columns: readonly string[], row: Row): string {
  const fields = columns.map((column) => {
    const value = row[column];
    if (value === undefined) throw new RangeError(`A sample row of ${table} has no ${column}.`);
    return field(value);
  });
  return `${fields.join('\t')}\n`;
}

/** One field in the text format of COPY (PostgreSQL, COPY, "Text Format"). */
function field(value: Value): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') return String(value);
  return escaped(typeof value === 'string' ? value : `{${value.map((element) => JSON.stringify(element)).join(',')}}`);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
