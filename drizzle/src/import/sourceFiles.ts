import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { parse } from 'csv-parse';
import type { Mapping, SourceSpec } from './mappingSchema.js';

/** A CSV file that feeds a source of the mapping. */
export interface SourceFile {
  /** The source's name in the mapping. */
  source: string;
  spec: SourceSpec;
  /** The path below the folder, for messages. */
  file: string;
  path: string;
  bytes: number;
  /** The header as it stands in the file, repeated names included. */
  header: string[];
}

export interface FoundSources {
  files: SourceFile[];
  /** Sources the mapping calls optional and the folder does not have. */
  absent: string[];
}

/**
 * Finds the file of each source of a mapping in a folder: the first of the names it may have whose header has the columns that tell it apart.
 * Throws SOURCE_INVALID when the folder or a file that is not optional is missing, naming what is there.
 */
export async function findSources(mapping: Mapping, folder: string): Promise<FoundSources> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new AppError('SOURCE_INVALID', `${folder} is not a folder.`, {
      hint: 'Give the folder of the CSV files with --from, or a rejects file that was mended.',
    });
  }
  const files: SourceFile[] = [];
  const absent: string[] = [];
  for (const [source, spec] of Object.entries(mapping.sources)) {
    const found = await findFile(source, spec, folder);
    if (found) files.push(found);
    else if (spec.optional) absent.push(source);
    else throw missingFile(spec, folder);
  }
  if (files.length === 0) throw missingFile({ file: Object.values(mapping.sources).flatMap((spec) => spec.file) }, folder);
  return { files, absent };
}

async function findFile(source: string, spec: SourceSpec, folder: string): Promise<SourceFile | undefined> {
  for (const file of spec.file) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const header = await readHeader(path, file, spec.delimiter);
    if (!spec.having.every((name) => columnIndex(header, name) >= 0)) {
      if (spec.optional) continue;
      const missing = spec.having.filter((name) => columnIndex(header, name) < 0);
      throw missingColumns(file, missing, header);
    }
    return { source, spec, file, path, bytes: statSync(path).size, header };
  }
  return undefined;
}

function missingFile(spec: { file: string[] }, folder: string): AppError {
  const present = readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.csv'));
  const there = present.length > 0 ? `There are: ${present.slice(0, 20).join(', ')}.` : 'There is no CSV file at all.';
  return new AppError('SOURCE_INVALID', `${folder} has no ${spec.file.join(' or ')}.`, { hint: there });
}

/** The error for columns that a mapping names and a file lacks. */
export function missingColumns(file: string, missing: string[], header: string[]): AppError {
  const names = missing.map((name) => `"${name}"`).join(' and ');
  return new AppError('SOURCE_INVALID', `${file} has no column ${names}.`, {
    hint: `It has: ${header.map((name) => name.trim()).join(', ')}.`,
  });
}

/** The fields of the first record. Throws SOURCE_INVALID when there is none. */
export async function readHeader(path: string, file: string, delimiter: string): Promise<string[]> {
  await refuseUtf16(path, file);
  const parser = createReadStream(path, { highWaterMark: 16 * 1024 }).pipe(
    parse({ to: 1, bom: true, delimiter, relax_column_count: true, skip_empty_lines: true, max_record_size: 1024 * 1024 }),
  );
  try {
    for await (const record of parser) return record as string[];
  } catch (error) {
    throw new AppError('SOURCE_INVALID', `The header of ${file} can not be read.`, {
      hint: 'Its first line must name the columns, and every quote must be closed.',
      cause: error,
    });
  }
  throw new AppError('SOURCE_INVALID', `${file} is empty.`, { hint: 'Its first line must name the columns.' });
}

async function refuseUtf16(path: string, file: string): Promise<void> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const mark = buffer.toString('hex');
    if (mark === 'fffe' || mark === 'feff') {
      throw new AppError(
        'SOURCE_INVALID',
        `${file} is not UTF-8 text: byte 0x${mark.slice(0, 2).toUpperCase()} at position 0 (line 1) begins UTF-16.`,
        {
          hint: 'Save the file as UTF-8 and import it again, for example with: iconv -f UTF-16 -t UTF-8.',
        },
      );
    }
  } finally {
    await handle.close();
  }
}

/**
 * Where a column stands in a header, from 0, or -1. Space around names does not count. Of columns that share one name, `name#2` is the second.
 */
export function columnIndex(header: string[], name: string): number {
  const names = header.map((item) => item.trim());
  const exact = names.indexOf(name.trim());
  if (exact >= 0) return exact;
  const [, bare, occurrence] = /^(.*)#(\d+)$/s.exec(name) ?? [];
  if (bare === undefined) return -1;
  let seen = 0;
  return names.findIndex((item) => item === bare.trim() && ++seen === Number(occurrence));
}

/** The header with `#2` behind the second column of a name, so that each name is said once. */
export function distinctHeader(header: string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((item) => {
    const name = item.trim();
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** The name of a file for messages. */
export const fileName = (path: string): string => basename(path);
