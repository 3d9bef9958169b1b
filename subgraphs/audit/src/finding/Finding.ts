import { reference, referenceBy, related } from '@bailiwick/kernel/graphql';
import type { FindingResolvers } from '../__generated__/resolvers.js';
import { findings, findingsRelations, recommendations } from '../tables.js';
import { findingById } from './findingById.js';

/** The fields of a finding that are not columns of its row. */
export const Finding: FindingResolvers = {
  __resolveReference: referenceBy(findingById),
  // Null for an action owner, who sees the finding above what is theirs, and not the engagement above that.
  engagement: related(findingsRelations, 'engagement'),
  recommendations: related(findingsRelations, 'recommendations', { orderBy: [recommendations.createdAt, recommendations.id] }),
  createdBy: reference(findings, 'createdBy'),
};
