import type { LinkedLegalCaseResolvers, RecommendationResolvers } from './__generated__/resolvers.js';
import { legalCaseById } from './legalCase/loaders.js';

/**
 * What this subgraph adds to a recommendation. The audit subgraph knows the links, and sends them along with the reference; only this
 * one knows which of the cases the caller may see. So neither the ids nor the number of the others ever leave.
 */
export const Recommendation: RecommendationResolvers = {
  async legalCases({ caseLinks }, _args, context) {
    const found = await legalCaseById(context).loadMany(caseLinks.map((link) => link.legalCaseId));
    return caseLinks.flatMap(({ relation, note }, index) => {
      const legalCase = found[index];
      if (legalCase instanceof Error) throw legalCase;
      return legalCase ? [{ legalCase, relation, note }] : [];
    });
  },
};

export const LinkedLegalCase: LinkedLegalCaseResolvers = {};
