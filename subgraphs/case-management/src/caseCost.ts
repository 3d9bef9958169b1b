import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { CaseCostResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { caseCosts } from './tables.js';
import type { CaseCostRow } from './tables.js';

/** What a case cost, the earliest first. */
export const costsByCaseId = defineLoader<string, CaseCostRow[]>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:costsByCaseId')
    .select()
    .from(caseCosts)
    .where(isAnyOf(caseCosts.caseId, caseIds))
    .orderBy(caseCosts.incurredOn, caseCosts.id);
  return alignMany(caseIds, rows, (row) => row.caseId);
});

/** The fields of a cost that are not columns of its row. */
export const CaseCost: CaseCostResolvers = {
  legalCase: caseOf,
};
