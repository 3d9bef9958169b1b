import { loaderByParent } from '@bailiwick/kernel/graphql';
import type { EvidenceResolvers } from './__generated__/resolvers.js';
import { referenceTo } from './references.js';
import { evidence } from './tables.js';

/** What a working paper rests on, the oldest first. */
export const evidenceByWorkpaperId = loaderByParent({
  label: 'audit:evidenceByWorkpaperId',
  table: evidence,
  by: evidence.workpaperId,
  orderBy: [evidence.uploadedAt, evidence.id],
});

/** The fields of a piece of evidence that are not columns of its row. */
export const Evidence: EvidenceResolvers = {
  fileSize: ({ fileSize }) => fileSize?.toString() ?? null,
  uploadedBy: ({ uploadedBy }) => referenceTo(uploadedBy),
};
