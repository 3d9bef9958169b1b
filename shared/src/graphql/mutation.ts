import { sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { AppError } from '../errors/AppError.js';
import type { ErrorCode } from '../errors/catalogue.js';
import { explainDatabaseError } from '../postgres/databaseErrors.js';
import type { LabelledDatabase } from '../postgres/labelled.js';
import type { RequestContext } from './context.js';
import { oncePerKey } from './idempotency.js';
import type { IdempotencyTable } from './idempotency.js';
import { InputChecks, InputErrors } from './inputChecks.js';
import type { SelectedRow } from './needs.js';
import type { RowLoader } from './rows.js';

/** One expected failure of a mutation, as clients see it. */
export interface UserError {
  code: string;
  message: string;
  /** The path of the input field at fault. */
  field: string | null;
  hint: string | null;
}

/** What a caller has to be allowed. */
export interface RequiredRight {
  readonly system: 'shared_tables' | 'case_management' | 'audit_system';
  /** Each includes those before it: own, read, write, admin. */
  readonly action: 'own' | 'read' | 'write' | 'admin';
  /** Ends the sentence "Your roles do not allow you to …". */
  readonly to: string;
  /** What somebody without the right does next. */
  readonly hint: string;
}

/** What a mutation works with. */
export interface Writing<Input> {
  /** Drizzle in the transaction of the mutation. */
  readonly db: LabelledDatabase;
  readonly input: Input;
  /** The caller. */
  readonly personId: string;
}

/** What a violated constraint means to the person who sent the input. */
export type ConstraintMeaning<Input> = (input: Input) => AppError;

export interface Mutation<Input, Checked, Entity extends string> {
  /** The field of the type Mutation. */
  readonly name: string;
  /** The field of the payload that answers with what was made or changed, and how it is read. */
  readonly answers: Record<Entity, RowLoader>;
  readonly keys: IdempotencyTable;
  readonly may: RequiredRight;
  /** Checks what can be checked without the database. Returns the values in the form of the database. */
  check(input: Input, checks: InputChecks): Checked;
  /** By the constraint's name. */
  readonly constraints?: Readonly<Record<string, ConstraintMeaning<Input>>>;
  /** Writes, and returns the id of what it made or changed. Whatever it throws undoes everything. */
  write(writing: Writing<Input>, checked: Checked): Promise<string>;
}

type Payload<Entity extends string> = Record<Entity, SelectedRow | null> & { userErrors: UserError[] };

export type MutationResolver<Input, Entity extends string> = (
  root: unknown,
  args: { input: Input },
  context: RequestContext,
  info: GraphQLResolveInfo,
) => Promise<Payload<Entity>>;

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

/**
 * The resolver of a mutation field. It runs in a transaction of its own as the caller, once for each idempotency key: first the right, then the input, then
 * the writing. The payload holds what was made or changed as it is after that, or what was wrong; nothing is written then.
 */
export function mutation<Input extends { idempotencyKey?: string | null | undefined }, Checked, Entity extends string>(
  spec: Mutation<Input, Checked, Entity>,
): MutationResolver<Input, Entity> {
  const [entity] = Object.keys(spec.answers) as [Entity];
  const load = spec.answers[entity];
  return async (_root, { input }, context, info) => {
    const { id, userErrors } = await run(spec, context, input);
    const row = id === null ? null : await load(context, info, id, { paths: [[entity]] });
    return { [entity]: row, userErrors } as Payload<Entity>;
  };
}

async function run<Input extends { idempotencyKey?: string | null | undefined }, Checked>(
  spec: Mutation<Input, Checked, string>,
  context: RequestContext,
  input: Input,
): Promise<{ id: string | null; userErrors: UserError[] }> {
  const { personId } = context.caller;
  try {
    const id = await context.write(async (tx) => {
      const db = tx.db(`${context.subgraph}:${spec.name}`);
      await requireRight(db, spec.may);
      const checks = new InputChecks();
      const checked = spec.check(input, checks);
      checks.done();
      const request = { table: spec.keys, personId, operation: spec.name, input };
      return oncePerKey(db, request, () => spec.write({ db, input, personId }, checked));
    });
    return { id, userErrors: [] };
  } catch (error) {
    if (error instanceof InputErrors) return { id: null, userErrors: error.errors.map(toUserError) };
    const explained = explainDatabaseError(error, meanings(spec.constraints, input));
    if (explained && expected.has(explained.code)) return { id: null, userErrors: [toUserError(explained)] };
    throw explained ?? error;
  }
}

async function requireRight(db: LabelledDatabase, { system, action, to, hint }: RequiredRight): Promise<void> {
  if (!(await may(db, system, action))) throw new AppError('FORBIDDEN', `Your roles do not allow you to ${to}.`, { hint });
}

/** Whether the caller may do this in a bailiwick. */
export async function may(
  db: LabelledDatabase,
  system: RequiredRight['system'],
  action: RequiredRight['action'],
): Promise<boolean> {
  const { rows } = await db.execute<{ may: boolean }>(sql`select identity.may(${system}, ${action}) as may`);
  return rows[0]!.may;
}

/** A foreign key of an input names something that does not exist. `field` is a field of the input that holds the id. */
export function unknownReference<Field extends string>(
  what: string,
  field: Field,
): ConstraintMeaning<{ [Name in Field]?: string | null | undefined }> {
  return (input) => noSuch(what, input[field] ?? '(none)', `input.${field}`);
}

/** The error for an id of an input that leads to nothing that the caller may see. */
export function noSuch(what: string, id: string, field: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${what} with the id ${id}.`, {
    field,
    hint: `Look the ${what} up first, and use its id.`,
  });
}

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
  const { rowCount } = await db
    .update(table as PgTable)
    .set(values)
    .where(sql`${table.id} = ${id} and ${table.version} = ${expectedVersion}`);
  if (rowCount === 1) return;
  const [found] = await db
    .select({ version: table.version })
    .from(table as PgTable)
    .where(sql`${table.id} = ${id}`);
  if (found === undefined) throw noSuch(what, id, 'input.id');
  if (found.version === expectedVersion) {
    throw new AppError('FORBIDDEN', `Your roles do not allow you to change this ${what}.`, {
      field: 'input.id',
      hint: 'Ask an administrator for the role that does; nothing was changed.',
    });
  }
  throw new AppError(
    'VERSION_CONFLICT',
    `The ${what} is at version ${String(found.version)}, and you have read version ${expectedVersion}.`,
    {
      field: 'input.expectedVersion',
      hint: `Read the ${what} again, and send your change with the version that it has now.`,
    },
  );
}

function meanings<Input>(
  constraints: Mutation<Input, unknown, string>['constraints'],
  input: Input,
): Record<string, () => AppError> {
  return Object.fromEntries(Object.entries(constraints ?? {}).map(([name, meaning]) => [name, () => meaning(input)]));
}

function toUserError(error: AppError): UserError {
  return { code: error.code, message: error.message, field: error.field ?? null, hint: error.hint ?? null };
}
