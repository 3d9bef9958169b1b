import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { PartyResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { parties } from './tables.js';
import type { PartyRow } from './tables.js';

/** The parties of a case, by name. */
export const partiesByCaseId = defineLoader<string, PartyRow[]>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:partiesByCaseId')
    .select()
    .from(parties)
    .where(isAnyOf(parties.caseId, caseIds))
    .orderBy(parties.name, parties.id);
  return alignMany(caseIds, rows, (row) => row.caseId);
});

/** The fields of a party that are not columns of its row. */
export const Party: PartyResolvers = {
  legalCase: caseOf,
};
