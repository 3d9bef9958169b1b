import { loaderByParent } from '@bailiwick/kernel/graphql';
import type { CaseCostResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { caseCosts } from './tables.js';

/** What a case cost, the earliest first. */
export const costsByCaseId = loaderByParent({
  label: 'case-management:costsByCaseId',
  table: caseCosts,
  by: caseCosts.caseId,
  also: ['caseId'],
  orderBy: [caseCosts.incurredOn, caseCosts.id],
});

/** The fields of a cost that are not columns of its row. */
export const CaseCost: CaseCostResolvers = {
  legalCase: caseOf,
};
