import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { RequestContext } from './context.js';
import type { WriteTransaction } from '../postgres/database.js';
import { AppError } from '../errors/AppError.js';
import type { ErrorCode } from '../errors/catalogue.js';
import { explainDatabaseError } from '../postgres/postgresErrors.js';
import type { ConstraintMeanings } from '../postgres/postgresErrors.js';

/** One expected failure of a mutation, as clients see it. */
export interface UserError {
  code: string;
  message: string;
  /** The path of the input field at fault. */
  field: string | null;
  hint: string | null;
}

/** Several things that are wrong with one input, told together. */
export class InputErrors extends Error {
  readonly errors: readonly AppError[];

  constructor(errors: readonly AppError[]) {
    super(errors.map((error) => error.message).join(' '));
    this.name = 'InputErrors';
    this.errors = errors;
  }
}

/** Failures that a person caused and can mend: they come back as data. Everything else is a GraphQL error. */
const expected: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'ORG_UNIT_CYCLE',
]);

export interface MutationSettings {
  /** Where the bailiwick keeps its idempotency keys, for example `case_management.idempotency_keys`. Never from a client. */
  keyTable: `${string}.idempotency_keys`;
  /** The mutation field. */
  operation: string;
  /** The whole input, for telling a retry from another request with the same key. */
  input: { idempotencyKey?: string | null | undefined };
  constraints?: ConstraintMeanings;
}

/**
 * Runs one mutation field: in a transaction of its own as the caller, once per idempotency key.
 * `work` returns the id of what it made or changed. Returns that id, or null with `userErrors`; nothing is written then.
 */
export async function runMutation(
  context: RequestContext,
  settings: MutationSettings,
  work: (tx: WriteTransaction) => Promise<string>,
): Promise<{ id: string | null; userErrors: UserError[] }> {
  try {
    const id = await context.write((tx) => oncePerKey(context, settings, tx, work));
    return { id, userErrors: [] };
  } catch (error) {
    if (error instanceof InputErrors) return { id: null, userErrors: error.errors.map(toUserError) };
    const explained = explainDatabaseError(error, settings.constraints);
    if (explained && expected.has(explained.code)) return { id: null, userErrors: [toUserError(explained)] };
    throw explained ?? error;
  }
}

async function oncePerKey(
  context: RequestContext,
  settings: MutationSettings,
  tx: WriteTransaction,
  work: (tx: WriteTransaction) => Promise<string>,
): Promise<string> {
  const key = settings.input.idempotencyKey;
  if (key == null) return work(tx);
  if (key.length < 1 || key.length > 200) {
    throw new AppError('BAD_USER_INPUT', `The idempotency key has ${key.length} characters.`, {
      field: 'input.idempotencyKey',
      hint: 'Use 1 to 200 characters, for example a UUID.',
    });
  }
  const table = sql.raw(settings.keyTable);
  const inputHash = createHash('sha256').update(JSON.stringify(settings.input)).digest('hex');
  const { personId } = context.caller;
  const db = tx.db(`kernel:idempotency.${settings.operation}`);

  // A retry that comes while the first call still runs waits here for its end: the primary key makes it.
  const reserved = await db.execute(
    sql`insert into ${table} (person_id, key, operation, input_hash, entity_id) values (${personId}, ${key}, ${settings.operation}, ${inputHash}, '00000000-0000-0000-0000-000000000000') on conflict (person_id, key) do nothing`,
  );
  if (reserved.rowCount === 1) {
    const id = await work(tx);
    await db.execute(sql`update ${table} set entity_id = ${id} where person_id = ${personId} and key = ${key}`);
    return id;
  }
  const { rows } = await db.execute<{ operation: string; input_hash: string; entity_id: string }>(
    sql`select operation, input_hash, entity_id from ${table} where person_id = ${personId} and key = ${key}`,
  );
  const before = rows[0];
  if (before?.operation !== settings.operation || before.input_hash !== inputHash) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', `The idempotency key "${key}" was used before, with another input.`, {
      field: 'input.idempotencyKey',
      hint: 'Use a new key for a new request, and the same key only to send the same request again.',
    });
  }
  return before.entity_id;
}

function toUserError(error: AppError): UserError {
  return { code: error.code, message: error.message, field: error.field ?? null, hint: error.hint ?? null };
}
