import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { AppError } from '../errors/AppError.js';
import type { LabelledDatabase } from '../postgres/labelled.js';

/** The table in which a bailiwick keeps the idempotency keys of its mutations. */
export type IdempotencyTable = PgTable &
  Record<'personId' | 'key' | 'operation' | 'inputHash' | 'entityId' | 'createdAt', PgColumn>;

export interface KeyedRequest {
  readonly table: IdempotencyTable;
  readonly personId: string;
  readonly operation: string;
  /** The whole input, for telling a retry from another request with the same key. */
  readonly input: { readonly idempotencyKey?: string | null | undefined };
}

/** A retry comes within seconds or days. */
const keptFor = sql`interval '30 days'`;
/** The guard refuses to delete too many rows at once. */
const purgedAtOnce = 500;
/** The id of what the request makes, until it is made. */
const nothingYet = '00000000-0000-0000-0000-000000000000';

/**
 * Runs `work` once for each person and idempotency key. Returns the id that it returned, or that it returned to an earlier request with the same key and input.
 * Throws IDEMPOTENCY_KEY_REUSED where the key came with another input before.
 */
export async function oncePerKey(db: LabelledDatabase, request: KeyedRequest, work: () => Promise<string>): Promise<string> {
  const { table, personId, operation, input } = request;
  const key = input.idempotencyKey;
  if (key == null) return work();
  if (key.length < 1 || key.length > 200) {
    throw new AppError('BAD_USER_INPUT', `The idempotency key has ${key.length} characters.`, {
      field: 'input.idempotencyKey',
      hint: 'Use 1 to 200 characters, for example a UUID.',
    });
  }
  const inputHash = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  const isThisKey = and(eq(table.personId, personId), eq(table.key, key));

  await purgeOldKeys(db, table, personId);
  // A retry that comes while the first request still runs waits here for its end, because both insert the same primary key.
  const reserved = await db
    .insert(table)
    .values({ personId, key, operation, inputHash, entityId: nothingYet })
    .onConflictDoNothing();
  if (reserved.rowCount === 1) {
    const entityId = await work();
    await db.update(table).set({ entityId }).where(isThisKey);
    return entityId;
  }
  const [before] = await db
    .select({ operation: table.operation, inputHash: table.inputHash, entityId: table.entityId })
    .from(table)
    .where(isThisKey);
  if (before?.operation !== operation || before.inputHash !== inputHash) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', `The idempotency key "${key}" was used before, with another input.`, {
      field: 'input.idempotencyKey',
      hint: 'Use a new key for a new request, and the same key only to send the same request again.',
    });
  }
  return before.entityId as string;
}

async function purgeOldKeys(db: LabelledDatabase, table: IdempotencyTable, personId: string): Promise<void> {
  const old = db
    .select({ key: table.key })
    .from(table)
    .where(and(eq(table.personId, personId), sql`${table.createdAt} < now() - ${keptFor}`))
    .limit(purgedAtOnce);
  await db.delete(table).where(and(eq(table.personId, personId), sql`${table.key} in ${old}`));
}
