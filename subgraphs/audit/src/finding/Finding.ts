import { loading, referenceBy } from '@bailiwick/kernel/graphql';
import type { FindingResolvers } from '../__generated__/resolvers.js';
import { engagementById } from '../engagement/loaders.js';
import { recommendationsByFindingId } from '../recommendation/loaders.js';
import { referenceTo } from '../references.js';
import { findingById } from './loaders.js';

/** The fields of a finding that are not columns of its row. */
export const Finding: FindingResolvers = {
  __resolveReference: referenceBy(findingById),
  // Null for an action owner, who sees the finding above what is theirs, and not the engagement above that.
  engagement: loading(engagementById, ({ engagementId }) => engagementId),
  recommendations: loading(recommendationsByFindingId, ({ id }) => id),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
};
