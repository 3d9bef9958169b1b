import { related } from '@bailiwick/kernel/graphql';
import type { CaseCostResolvers } from '../__generated__/resolvers.js';
import { caseCostsRelations } from '../tables.js';

/** The fields of a cost that are not columns of its row. */
export const CaseCost: CaseCostResolvers = {
  legalCase: related(caseCostsRelations, 'legalCase'),
};
