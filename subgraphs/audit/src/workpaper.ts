import { loaderByParent, loading } from '@bailiwick/kernel/graphql';
import type { WorkpaperResolvers } from './__generated__/resolvers.js';
import { evidenceByWorkpaperId } from './evidence.js';
import { referenceTo } from './references.js';
import { workpapers } from './tables.js';

/** The working papers of an engagement, the oldest first. */
export const workpapersByEngagementId = loaderByParent({
  label: 'audit:workpapersByEngagementId',
  table: workpapers,
  by: workpapers.engagementId,
  orderBy: [workpapers.createdAt, workpapers.id],
});

/** The fields of a working paper that are not columns of its row. */
export const Workpaper: WorkpaperResolvers = {
  evidence: loading(evidenceByWorkpaperId, ({ id }) => id),
  createdBy: ({ createdBy }) => referenceTo(createdBy),
};
