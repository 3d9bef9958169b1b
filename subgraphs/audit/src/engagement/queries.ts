import { parseId } from '@bailiwick/kernel/postgres';
import { connect } from '@bailiwick/kernel/pagination';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { engagementConditions, engagementConnection } from './connection.js';
import { engagementById } from './loaders.js';

const allEngagements = engagementConnection('engagements');

/** The root fields that read engagements. */
export const engagementQueries: QueryResolvers = {
  engagement: (_root, { id }, context) => engagementById(context).load(parseId(id, 'id')),
  engagements: (_root, args, context) => connect(context, allEngagements, args, engagementConditions(args.filter, 'all')),
};
