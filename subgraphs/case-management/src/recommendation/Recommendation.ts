import { AppError } from '@bailiwick/kernel/errors';
import { parseId } from '@bailiwick/kernel/postgres';
import type { CaseLinkRelation, RecommendationResolvers } from '../__generated__/resolvers.js';
import { caseLinkRelationValues } from '../enums.js';
import { legalCaseById } from '../legalCase/legalCaseById.js';

/**
 * What this subgraph adds to a recommendation. The audit subgraph knows the links, and sends them along with the reference; only this
 * one knows which of the cases the caller may see. So neither the ids nor the number of the others ever leave.
 */
export const Recommendation: RecommendationResolvers = {
  async legalCases({ caseLinks }, _args, context, info) {
    const ids = caseLinks.map(({ legalCaseId }) => parseId(legalCaseId, 'representations'));
    const found = await Promise.all(ids.map((id) => legalCaseById(context, info, id, { paths: [['legalCase']] })));
    return caseLinks.flatMap(({ relation, note }, index) => {
      const legalCase = found[index];
      return legalCase ? [{ legalCase, relation: relationOf(relation), note }] : [];
    });
  },
};

/** A reference brings an enumeration as the graph writes it (ADOPTED_AS_BASIS), unlike an argument, which is mapped already. */
function relationOf(written: string): CaseLinkRelation {
  const relation = caseLinkRelationValues.find((value) => value.toUpperCase() === written);
  if (relation === undefined)
    throw new AppError('BAD_USER_INPUT', `"${written}" is not a CaseLinkRelation.`, {
      field: 'representations',
      hint: 'Use a value of the enum CaseLinkRelation.',
    });
  return relation;
}
