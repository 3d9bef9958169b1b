import { rootConnection } from '@bailiwick/kernel/pagination';
import { parseId } from '@bailiwick/kernel/postgres';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { engagementConnection } from './connection.js';
import { engagementById } from './engagementById.js';

/** The root fields that read engagements. */
export const queries: QueryResolvers = {
  engagement: async (_root, { id }, context, info) => engagementById(context, info, parseId(id, 'id')),
  engagements: rootConnection(engagementConnection('engagements', 'all')),
};
