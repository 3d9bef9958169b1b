import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CsvScanner } from './csvScanner.js';
import type { Progress } from './progress.js';
import type { SourceFile } from './sourceFiles.js';
import { quoteName } from './sql.js';

/** A source in the database: an all-text table `stage` with the columns c0, c1, … in the order of `header`, and `_line`, `_fault`. */
export interface StagedSource {
  source: string;
  number: number;
  file: string;
  header: string[];
  table: string;
  rows: number;
}

/** Creates the staging table of a source, empty. `chain_root` and `chain_position` are filled for a source with a chain. */
export async function createStage(client: ClientBase, number: number, columnCount: number): Promise<string> {
  const table = `pg_temp.stage_${number}`;
  const columns = Array.from({ length: columnCount }, (_, i) => `c${i} text`);
  await client.query(
    `create temp table stage_${number} (_line bigint not null, ${[...columns, '_fault text'].join(', ')}) on commit drop`,
  );
  return table;
}

/** Streams a CSV file into a staging table by COPY. Throws SOURCE_INVALID for what the scanner refuses. Returns the rows read. */
export async function stageFile(client: ClientBase, file: SourceFile, number: number, progress: Progress): Promise<StagedSource> {
  const table = await createStage(client, number, file.header.length);
  const scanner = new CsvScanner({ file: file.file, delimiter: file.spec.delimiter, fieldCount: file.header.length });
  const convert = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        const converted = scanner.push(chunk);
        progress.advance(chunk.length, scanner.records);
        done(null, converted);
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        done(null, scanner.end());
      } catch (error) {
        done(error as Error);
      }
    },
  });
  const copy = client.query(copyFrom(`copy ${quoteName(table)} from stdin`));
  await pipeline(createReadStream(file.path, { highWaterMark: 256 * 1024 }), convert, copy);
  await client.query(`analyze ${quoteName(table)}`);
  return { source: file.source, number, file: file.file, header: file.header, table, rows: scanner.records };
}
