import { rootConnection } from '@bailiwick/kernel/pagination';
import { parseId } from '@bailiwick/kernel/postgres';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { findingConnection } from './connection.js';
import { findingById } from './findingById.js';

/** The root fields that read findings. */
export const queries: QueryResolvers = {
  finding: async (_root, { id }, context, info) => findingById(context, info, parseId(id, 'id')),
  findings: rootConnection(findingConnection('findings', 'all')),
};
