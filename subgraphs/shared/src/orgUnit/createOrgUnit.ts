import type { Transaction } from '@bailiwick/kernel/postgres';
import { AppError, shorten } from '@bailiwick/kernel/errors';
import { isUuid, newId, parseId } from '@bailiwick/kernel/postgres';
import { InputErrors, runMutation } from '@bailiwick/kernel/graphql';
import { sql } from 'drizzle-orm';
import type { CreateOrgUnitInput, MutationResolvers } from '../__generated__/resolvers.js';
import { orgUnits } from '../tables.js';
import { orgUnitById } from './loaders.js';

/** Creates an org unit. A new unit has nothing below it, so it can not close a cycle. */
export const createOrgUnit: MutationResolvers['createOrgUnit'] = async (_root, { input }, context) => {
  const { id, userErrors } = await runMutation(
    context,
    {
      operation: 'createOrgUnit',
      keyTable: 'public.idempotency_keys',
      input,
      constraints: {
        org_units_code_unique: () =>
          new AppError('CONFLICT', `The code "${input.code.trim()}" is taken by another org unit.`, {
            field: 'input.code',
            hint: 'Choose another code, or look the unit up with orgUnitByCode.',
          }),
        org_units_parent_id_fkey: () =>
          new AppError('NOT_FOUND', `There is no org unit with the id ${input.parentId ?? '(none)'}.`, {
            field: 'input.parentId',
            hint: 'Look the unit above up first, and use its id.',
          }),
      },
    },
    (tx) => insertOrgUnit(tx, input),
  );
  return { orgUnit: id === null ? null : await orgUnitById(context).load(id), userErrors };
};

async function insertOrgUnit(tx: Transaction, input: CreateOrgUnitInput): Promise<string> {
  const db = tx.db('shared:createOrgUnit');
  const rights = await db.execute<{ is_admin: boolean }>(sql`select identity.may('shared_tables', 'admin') as is_admin`);
  if (!rights.rows[0]!.is_admin) {
    throw new AppError('FORBIDDEN', 'Your roles do not allow you to create an org unit.', {
      hint: 'Ask somebody with the role System Admin to create it.',
    });
  }
  check(input);
  const id = newId();
  await db.insert(orgUnits).values({
    id,
    code: input.code.trim(),
    name: input.name.trim(),
    unitType: input.unitType?.trim(),
    description: input.description,
    parentId: input.parentId == null ? null : parseId(input.parentId, 'input.parentId'),
  });
  return id;
}

/** In characters. The longest that indexes are sure to take are about 2,700 bytes. */
const longest = { code: 50, name: 300, unitType: 100 };

function check(input: CreateOrgUnitInput): void {
  const errors: AppError[] = [];
  for (const [field, most] of Object.entries(longest) as [keyof typeof longest, number][]) {
    const text = input[field];
    if (text == null) continue;
    const length = text.trim().length;
    if (length === 0 || length > most) {
      errors.push(
        new AppError('BAD_USER_INPUT', length === 0 ? `The ${field} is empty.` : `The ${field} has ${length} characters.`, {
          field: `input.${field}`,
          hint: `Give 1 to ${most} characters${field === 'unitType' ? ', or leave it out' : ''}.`,
        }),
      );
    }
  }
  if (input.parentId != null && !isUuid(input.parentId)) {
    errors.push(
      new AppError('BAD_USER_INPUT', `"${shorten(input.parentId)}" is not an id.`, {
        field: 'input.parentId',
        hint: 'Use an id that the graph gave out: a UUID of 36 characters.',
      }),
    );
  }
  if (errors.length > 0) throw new InputErrors(errors);
}
