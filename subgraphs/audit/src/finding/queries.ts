import { parseId } from '@bailiwick/kernel/postgres';
import { connect } from '@bailiwick/kernel/pagination';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { findingConditions, findingConnection } from './connection.js';
import { findingById } from './loaders.js';

const allFindings = findingConnection('findings');

/** The root fields that read findings. */
export const findingQueries: QueryResolvers = {
  finding: (_root, { id }, context) => findingById(context).load(parseId(id, 'id')),
  findings: (_root, args, context) => connect(context, allFindings, args, findingConditions(args.filter, 'all')),
};
