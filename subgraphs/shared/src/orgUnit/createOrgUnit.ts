import { AppError } from '@bailiwick/kernel/errors';
import { mutation, unknownReference } from '@bailiwick/kernel/graphql';
import { newId } from '@bailiwick/kernel/postgres';
import type { CreateOrgUnitInput, MutationResolvers } from '../__generated__/resolvers.js';
import { idempotencyKeys, orgUnits } from '../tables.js';
import { orgUnitById } from './orgUnitById.js';

/** Creates an org unit. A new unit has nothing below it, so it can't close a cycle. */
export const createOrgUnit: MutationResolvers['createOrgUnit'] = mutation({
  name: 'createOrgUnit',
  answers: { orgUnit: orgUnitById },
  keys: idempotencyKeys,
  may: {
    system: 'shared_tables',
    action: 'admin',
    to: 'create an org unit',
    hint: 'Ask somebody with the role System Admin to create it.',
  },
  constraints: {
    org_units_code_unique: ({ code }: CreateOrgUnitInput) =>
      new AppError('CONFLICT', `The code "${code.trim()}" is taken by another org unit.`, {
        field: 'input.code',
        hint: 'Choose another code, or look the unit up with orgUnitByCode.',
      }),
    org_units_parent_id_fkey: unknownReference('org unit', 'parentId'),
  },

  check: (input: CreateOrgUnitInput, checks) => ({
    code: checks.text('code', input.code, { what: 'The code', most: 50 }),
    name: checks.text('name', input.name, { what: 'The name', most: 300 }),
    unitType: checks.optionalText('unitType', input.unitType, { what: 'The unitType', most: 100 }) ?? undefined,
    parentId: checks.id('parentId', input.parentId),
  }),

  async write({ db, input }, unit) {
    const id = newId();
    await db.insert(orgUnits).values({ id, ...unit, description: input.description });
    return id;
  },
});
