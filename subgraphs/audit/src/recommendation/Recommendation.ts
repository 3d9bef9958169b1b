import { parseId } from '@bailiwick/kernel/ids';
import type { RecommendationResolvers } from '../__generated__/resolvers.js';
import { actionPlansByRecommendationId } from '../actionPlan.js';
import { findingOf } from '../finding/loaders.js';
import { referenceTo } from '../references.js';
import { caseLinksByRecommendationId, recommendationById } from './loaders.js';

/** The fields of a recommendation that are not columns of its row. */
export const Recommendation: RecommendationResolvers = {
  __resolveReference: async ({ id }, context) => recommendationById(context).load(parseId(id, 'representations')),
  ownerUnit: ({ ownerUnitId }) => referenceTo(ownerUnitId),
  ownerPerson: ({ ownerPersonId }) => referenceTo(ownerPersonId),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
  finding: findingOf,
  actionPlans: ({ id }, _args, context) => actionPlansByRecommendationId(context).load(id),
  caseLinks: ({ id }, _args, context) => caseLinksByRecommendationId(context).load(id),
};
