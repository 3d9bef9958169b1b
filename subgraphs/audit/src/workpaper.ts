import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import type { WorkpaperResolvers } from './__generated__/resolvers.js';
import { evidenceByWorkpaperId } from './evidence.js';
import { referenceTo } from './references.js';
import { workpapers } from './tables.js';
import type { WorkpaperRow } from './tables.js';

/** The working papers of an engagement, the oldest first. */
export const workpapersByEngagementId = defineLoader<string, WorkpaperRow[]>(async (engagementIds, context) => {
  const rows = await context.read
    .db('audit:workpapersByEngagementId')
    .select()
    .from(workpapers)
    .where(isAnyOf(workpapers.engagementId, engagementIds))
    .orderBy(workpapers.createdAt, workpapers.id);
  return alignMany(engagementIds, rows, (row) => row.engagementId);
});

/** The fields of a working paper that are not columns of its row. */
export const Workpaper: WorkpaperResolvers = {
  evidence: ({ id }, _args, context) => evidenceByWorkpaperId(context).load(id),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
};
