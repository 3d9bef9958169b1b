import { AppError } from '@bailiwick/kernel/errors';
import { mutation, unknownReference, updateVersion } from '@bailiwick/kernel/graphql';
import type { MoveOrgUnitInput, MutationResolvers } from '../__generated__/resolvers.js';
import { idempotencyKeys, orgUnits } from '../tables.js';
import { orgUnitById } from './orgUnitById.js';

/** Moves an org unit, with all that is below it, under another one. */
export const moveOrgUnit: MutationResolvers['moveOrgUnit'] = mutation({
  name: 'moveOrgUnit',
  answers: { orgUnit: orgUnitById },
  keys: idempotencyKeys,
  may: {
    system: 'shared_tables',
    action: 'admin',
    to: 'move an org unit',
    hint: 'Ask somebody with the role System Admin to move it.',
  },
  constraints: {
    org_units_parent_id_fkey: unknownReference('org unit', 'parentId'),
    // The database refuses a cycle, because two moves at once could each be right and together make one.
    org_units_no_cycle: ({ id, parentId }: MoveOrgUnitInput) =>
      new AppError('ORG_UNIT_CYCLE', `The org unit ${id} can't be below ${parentId}, which is the unit itself or below it.`, {
        field: 'input.parentId',
        hint: 'Choose a parent that is not below this unit, or move that one first.',
      }),
  },

  check(input: MoveOrgUnitInput, checks) {
    if (input.parentId === undefined)
      checks.refuse('parentId', 'No parent is given.', 'Give the id of the unit above, or null for the top.');
    return { id: checks.id('id', input.id)!, parentId: checks.id('parentId', input.parentId) };
  },

  async write({ db, input: { expectedVersion } }, { id, parentId }) {
    await updateVersion(db, orgUnits, { what: 'org unit', id, expectedVersion }, { parentId });
    return id;
  },
});
