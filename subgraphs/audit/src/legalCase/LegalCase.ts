import { referenceById, rowsByLink } from '@bailiwick/kernel/graphql';
import type { LegalCaseResolvers } from '../__generated__/resolvers.js';
import { recommendationCaseLinksRelations } from '../tables.js';

/** The recommendations that bear on a case, the oldest first. */
const recommendationsByLegalCaseId = rowsByLink(
  'recommendationsByLegalCaseId',
  [recommendationCaseLinksRelations, 'recommendation'],
  'legalCaseId',
  ['createdAt', 'id'],
);

/** What this subgraph adds to a legal case. Whether the caller may see the case is for the case-management subgraph, which gives out its id. */
export const LegalCase: LegalCaseResolvers = {
  __resolveReference: referenceById,
  recommendations: ({ id }, _args, context, info) => recommendationsByLegalCaseId(context, info, id),
};
