import { connect } from '@bailiwick/kernel/pagination';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { recommendationConditions, recommendationConnection } from './connection.js';

const allRecommendations = recommendationConnection('recommendations');

/** The root field that reads recommendations. */
export const recommendationQueries: QueryResolvers = {
  recommendations: (_root, args, context) => connect(context, allRecommendations, args, recommendationConditions(args.filter)),
};
