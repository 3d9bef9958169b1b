import { parseId } from '@bailiwick/kernel/ids';
import type { FindingResolvers } from '../__generated__/resolvers.js';
import { engagementById } from '../engagement/loaders.js';
import { recommendationsByFindingId } from '../recommendation/loaders.js';
import { referenceTo } from '../references.js';
import { findingById } from './loaders.js';

/** The fields of a finding that are not columns of its row. */
export const Finding: FindingResolvers = {
  __resolveReference: async ({ id }, context) => findingById(context).load(parseId(id, 'representations')),
  // Null for an action owner, who sees the finding above what is theirs, and not the engagement above that.
  engagement: ({ engagementId }, _args, context) => engagementById(context).load(engagementId),
  recommendations: ({ id }, _args, context) => recommendationsByFindingId(context).load(id),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
};
