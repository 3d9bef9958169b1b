import { sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { AppError } from '../errors/AppError.js';
import type { LabelledDatabase } from '../postgres/labelled.js';
import { noSuch } from './unknownReference.js';

/** A row that clients change with the version that they have read. */
export type VersionedTable = PgTable & { id: PgColumn; version: PgColumn };

export interface VersionedChange {
  /** The thing as a message calls it, for example `legal case`. */
  readonly what: string;
  readonly id: string;
  /** The version that the caller has read. */
  readonly expectedVersion: number;
}

/**
 * Changes a row, unless somebody else has changed it since the caller read it.
 * Throws NOT_FOUND, VERSION_CONFLICT with both versions, or FORBIDDEN for a row that the caller may read and not change.
 */
export async function updateVersion<Table extends VersionedTable>(
  db: LabelledDatabase,
  table: Table,
  { what, id, expectedVersion }: VersionedChange,
  values: Partial<Table['$inferInsert']>,
): Promise<void> {
  const rows: PgTable = table;
  const { rowCount } = await db
    .update(rows)
    .set(values)
    .where(sql`${table.id} = ${id} and ${table.version} = ${expectedVersion}`);
  if (rowCount === 1) return;
  const [found] = await db
    .select({ version: table.version })
    .from(rows)
    .where(sql`${table.id} = ${id}`);
  if (found === undefined) throw noSuch(what, id, 'input.id');
  if (found.version === expectedVersion) {
    throw new AppError('FORBIDDEN', `Your roles do not allow you to change this ${what}.`, {
      field: 'input.id',
      hint: 'Ask an administrator for the role that does; nothing was changed.',
    });
  }
  throw versionConflict(what, found.version as number, expectedVersion);
}

/** The error for a change of a version that is no longer the last. */
export function versionConflict(what: string, version: number, expectedVersion: number): AppError {
  return new AppError('VERSION_CONFLICT', `The ${what} is at version ${version}, and you have read version ${expectedVersion}.`, {
    field: 'input.expectedVersion',
    hint: `Read the ${what} again, and send your change with the version that it has now.`,
  });
}
