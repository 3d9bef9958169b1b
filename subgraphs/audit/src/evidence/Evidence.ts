import { reference } from '@bailiwick/kernel/graphql';
import type { EvidenceResolvers } from '../__generated__/resolvers.js';
import { evidence } from '../tables.js';

/** The fields of a piece of evidence that are not columns of its row. */
export const Evidence: EvidenceResolvers = {
  uploadedBy: reference(evidence, 'uploadedBy'),
};
