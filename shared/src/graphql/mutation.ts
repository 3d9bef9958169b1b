import type { GraphQLResolveInfo } from 'graphql';
import type { AppError } from '../errors/AppError.js';
import { explainDatabaseError } from '../postgres/databaseErrors.js';
import type { LabelledDatabase } from '../postgres/labelled.js';
import type { RequestContext } from './context.js';
import { oncePerKey } from './idempotency.js';
import type { IdempotencyTable } from './idempotency.js';
import { InputChecks, InputErrors } from './inputChecks.js';
import type { SelectedRow } from './needs.js';
import { requireRight } from './rights.js';
import type { RequiredRight } from './rights.js';
import type { RowLoader } from './rows.js';

/** One expected failure of a mutation, as clients see it. */
export interface UserError {
  code: string;
  message: string;
  /** The path of the input field at fault. */
  field: string | null;
  hint: string | null;
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
    // What a person caused and can mend comes back as data. Everything else is a GraphQL error.
    if (explained && explained.status < 500) return { id: null, userErrors: [toUserError(explained)] };
    throw explained ?? error;
  }
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
