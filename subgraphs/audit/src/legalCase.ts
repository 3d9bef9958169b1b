import { loading, referenceById } from '@bailiwick/kernel/graphql';
import type { LegalCaseResolvers } from './__generated__/resolvers.js';
import { recommendationsByLegalCaseId } from './recommendation/loaders.js';

/** What this subgraph adds to a legal case. Whether the caller may see the case is for the case-management subgraph, which gives out its id. */
export const LegalCase: LegalCaseResolvers = {
  __resolveReference: referenceById,
  recommendations: loading(recommendationsByLegalCaseId, ({ id }) => id),
};
