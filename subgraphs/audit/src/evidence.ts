import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { EvidenceResolvers } from './__generated__/resolvers.js';
import { referenceTo } from './references.js';
import { evidence } from './tables.js';
import type { EvidenceRow } from './tables.js';

/** What a working paper rests on, the oldest first. */
export const evidenceByWorkpaperId = defineLoader<string, EvidenceRow[]>(async (workpaperIds, context) => {
  const rows = await context.read
    .db('audit:evidenceByWorkpaperId')
    .select()
    .from(evidence)
    .where(isAnyOf(evidence.workpaperId, workpaperIds))
    .orderBy(evidence.uploadedAt, evidence.id);
  return alignMany(workpaperIds, rows, (row) => row.workpaperId);
});

/** The fields of a piece of evidence that are not columns of its row. */
export const Evidence: EvidenceResolvers = {
  fileSize: ({ fileSize }) => fileSize?.toString() ?? null,
  uploadedBy: ({ uploadedBy }) => referenceTo(uploadedBy),
};
