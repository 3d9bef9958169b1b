import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@bailiwick/kernel/errors';
import { bailiwicks } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';
import { locate } from './failure.js';
import { splitStatements } from './statements.js';
import type { Statement } from './statements.js';

/** A migration as it lies in the folder. */
export interface MigrationFile {
  readonly number: number;
  /** Without `.sql`. */
  readonly name: string;
  readonly owner: Bailiwick;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly checksum: string;
  /** Names of files that must be applied before it. */
  readonly requires: readonly string[];
  readonly sql: string;
  readonly statements: readonly Statement[];
}

export const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url));

const nameForm = new RegExp(`^(\\d{3,})_(${bailiwicks.join('|')})_([a-z0-9]+(?:_[a-z0-9]+)*)\\.sql$`);

function invalid(message: string, hint: string): AppError {
  return new AppError('MIGRATION_INVALID', message, { hint });
}

/**
 * Reads and checks every migration: names, one sequence from 1 without gap or duplicate, headers, and no transaction control.
 * @returns the files by number.
 * @throws MIGRATION_INVALID.
 */
export async function readMigrations(folder: string = migrationsFolder): Promise<MigrationFile[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'MIGRATION_INVALID',
      `The folder of migrations ${folder} can not be read: ${cause.code ?? cause.message}.`,
      {
        hint: 'It belongs to the project; restore it.',
        cause,
      },
    );
  });
  const files = await Promise.all(
    names.filter((name) => name.endsWith('.sql') && !name.startsWith('.')).map(async (name) => readMigration(folder, name)),
  );
  files.sort((a, b) => a.number - b.number || a.name.localeCompare(b.name));
  checkSequence(files);
  checkRequirements(files);
  const empty = files.find(({ statements }) => statements.length === 0);
  if (empty) throw invalid(`${empty.name}.sql has no statement.`, 'Write it, or remove the file while it is not merged.');
  return files;
}

async function readMigration(folder: string, fileName: string): Promise<MigrationFile> {
  const match = nameForm.exec(fileName);
  if (!match) {
    throw invalid(
      `${fileName} is not the name of a migration.`,
      `Name it NNN_<owner>_<what>.sql in lower case, with the owner one of ${bailiwicks.join(', ')}.`,
    );
  }
  return parseMigration(fileName, await readFile(join(folder, fileName)), match[2] as Bailiwick, Number(match[1]));
}

/** Whom a file of this name belongs to, as far as the name says. */
export function ownerInName(fileName: string): Bailiwick | undefined {
  return nameForm.exec(fileName)?.[2] as Bailiwick | undefined;
}

/**
 * Reads one file of SQL as a migration.
 * @throws MIGRATION_INVALID.
 */
export function parseMigration(fileName: string, bytes: Buffer, owner: Bailiwick, number: number): MigrationFile {
  let sql: string;
  try {
    sql = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(`${fileName} is not written in UTF-8.`, 'Save it in UTF-8.');
  }
  if (sql.startsWith('\ufeff')) {
    throw invalid(
      `${fileName} begins with a byte order mark, which PostgreSQL takes for a part of the first word.`,
      'Save it in UTF-8 without one.',
    );
  }
  if (sql.includes('\0')) {
    throw invalid(`${fileName} has a byte zero, which PostgreSQL takes for the end of a statement.`, 'Take it out.');
  }
  const statements = splitStatements(sql);
  refuseTransactionControl(fileName, sql, statements);
  return {
    number,
    name: fileName.replace(/\.sql$/, ''),
    owner,
    checksum: createHash('sha256').update(bytes).digest('hex'),
    requires: readRequirements(sql),
    sql,
    statements,
  };
}

/** `-- requires: a, b` on a line of its own. Anywhere in the file: one that is overlooked would be worse than one in a strange place. */
function readRequirements(sql: string): string[] {
  return [...sql.matchAll(/^[ \t]*--[ \t]*requires:(.*)$/gim)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim().replace(/\.sql$/, ''))
    .filter((name) => name !== '');
}

function refuseTransactionControl(file: string, sql: string, statements: readonly Statement[]): void {
  for (const statement of statements) {
    const [first, second] = statement.words;
    const endsOrBegins =
      ['begin', 'start', 'commit', 'end', 'abort'].includes(first ?? '') ||
      (first === 'rollback' && second !== 'to') ||
      (first === 'prepare' && second === 'transaction');
    if (endsOrBegins) {
      const { line } = locate(sql, statement, undefined);
      throw invalid(
        `${file}:${line} controls the transaction ("${statement.words.join(' ')}").`,
        'Leave it out: every file runs in one transaction, together with its entry in the record.',
      );
    }
  }
}

function checkSequence(files: readonly MigrationFile[]): void {
  for (const [index, file] of files.entries()) {
    const expected = index + 1;
    if (file.number === expected) continue;
    const previous = files[index - 1];
    if (previous?.number === file.number) {
      throw invalid(
        `${previous.name}.sql and ${file.name}.sql have the same number.`,
        'Give the one that is not merged yet the next free number.',
      );
    }
    throw invalid(
      `Migration ${String(expected).padStart(3, '0')} is missing: after ${previous?.name ?? 'nothing'} comes ${file.name}.`,
      'The numbers are one sequence over all owners. Restore the file, or renumber those that are not merged yet.',
    );
  }
}

function checkRequirements(files: readonly MigrationFile[]): void {
  for (const file of files) {
    for (const name of file.requires) {
      const required = files.find((candidate) => candidate.name === name);
      if (!required)
        throw invalid(`${file.name}.sql requires ${name}, which does not exist.`, 'Correct its "-- requires:" line.');
      if (required.number >= file.number) {
        throw invalid(
          `${file.name}.sql requires ${name}, which comes after it.`,
          'A file can only require one with a lower number.',
        );
      }
    }
  }
}
