import { rootConnection } from '@bailiwick/kernel/pagination';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { recommendationConnection } from './connection.js';

/** The root field that reads recommendations. */
export const queries: QueryResolvers = {
  recommendations: rootConnection(recommendationConnection('recommendations')),
};
