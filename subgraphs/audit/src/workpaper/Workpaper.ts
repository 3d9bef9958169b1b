import { reference, related } from '@bailiwick/kernel/graphql';
import type { WorkpaperResolvers } from '../__generated__/resolvers.js';
import { evidence, workpapers, workpapersRelations } from '../tables.js';

/** The fields of a working paper that are not columns of its row. */
export const Workpaper: WorkpaperResolvers = {
  evidence: related(workpapersRelations, 'evidence', { orderBy: [evidence.uploadedAt, evidence.id] }),
  createdBy: reference(workpapers, 'createdBy'),
};
