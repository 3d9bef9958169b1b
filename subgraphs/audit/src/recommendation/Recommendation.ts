import { reference, referenceBy, related, rowBy } from '@bailiwick/kernel/graphql';
import type { RecommendationResolvers } from '../__generated__/resolvers.js';
import { actionPlans, recommendationCaseLinks, recommendations, recommendationsRelations } from '../tables.js';

const recommendationById = rowBy('recommendationById', recommendations, 'id');

/** The fields of a recommendation that are not columns of its row. */
export const Recommendation: RecommendationResolvers = {
  __resolveReference: referenceBy(recommendationById),
  ownerUnit: reference(recommendations, 'ownerUnitId'),
  ownerPerson: reference(recommendations, 'ownerPersonId'),
  createdBy: reference(recommendations, 'createdBy'),
  finding: related(recommendationsRelations, 'finding'),
  actionPlans: related(recommendationsRelations, 'actionPlans', { orderBy: [actionPlans.createdAt, actionPlans.id] }),
  // In the order they were linked.
  caseLinks: related(recommendationsRelations, 'caseLinks', {
    orderBy: [recommendationCaseLinks.createdAt, recommendationCaseLinks.id],
  }),
};
