import { loading, referenceBy } from '@bailiwick/kernel/graphql';
import type { RecommendationResolvers } from '../__generated__/resolvers.js';
import { actionPlansByRecommendationId } from '../actionPlan.js';
import { findingOf } from '../finding/loaders.js';
import { referenceTo } from '../references.js';
import { caseLinksByRecommendationId, recommendationById } from './loaders.js';

/** The fields of a recommendation that are not columns of its row. */
export const Recommendation: RecommendationResolvers = {
  __resolveReference: referenceBy(recommendationById),
  ownerUnit: ({ ownerUnitId }) => referenceTo(ownerUnitId),
  ownerPerson: ({ ownerPersonId }) => referenceTo(ownerPersonId),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
  finding: findingOf,
  actionPlans: loading(actionPlansByRecommendationId, ({ id }) => id),
  caseLinks: loading(caseLinksByRecommendationId, ({ id }) => id),
};
