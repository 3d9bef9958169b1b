import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { whyUnwritable } from '../embedded/place.js';
import { isDatabaseError } from '../migrate/failure.js';
import { contradictionsQuery } from './restoreRows.js';
import type { StagedTable } from './restoreRows.js';

const draftOf = (path: string): string => `${path}.new`;

/**
 * Refuses a place for the rows that stay away where none could be written, before hours of work lead up to it. Changes nothing there.
 * @throws RESTORE_FAILED
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
    await (await open(draftOf(path), 'w', 0o600)).close();
    await rm(draftOf(path));
  } catch (error) {
    throw unlisted(path, error);
  }
}

/**
 * Writes the rows that stay away as CSV: whole, or the older file stays.
 * @returns where; null when there are none.
 * @throws RESTORE_FAILED when the file can't be written.
 */
export async function listContradictions(
  client: Client,
  staged: readonly StagedTable[],
  path: string | undefined,
): Promise<string | null> {
  const contradicting = staged.filter(
    ({ differing, referenceMissing, valueTaken }) => differing + referenceMissing + valueTaken > 0,
  );
  if (path === undefined || contradicting.length === 0) return null;
  const draft = draftOf(path);
  try {
    await rm(draft, { force: true });
    for (const [i, table] of contradicting.entries()) {
      const copy = client.query(copyTo(`copy (${contradictionsQuery(table)}) to stdout with (format csv, header ${i === 0})`));
      await pipeline(copy, createWriteStream(draft, { flags: 'a', mode: 0o600 }));
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw isDatabaseError(error) ? error : unlisted(path, error);
  }
  return path;
}

const unlisted = (path: string, cause: unknown): AppError =>
  new AppError(
    'RESTORE_FAILED',
    `The rows that stay away can not be listed in ${path}: ${whyUnwritable(cause)}. Nothing was changed.`,
    {
      hint: 'Name another file with --conflicts.',
      cause,
    },
  );
