import { parseId } from '@bailiwick/kernel/postgres';
import type { NotificationResolvers } from '../__generated__/resolvers.js';
import { legalCaseById } from '../legalCase/legalCaseById.js';

/**
 * What this subgraph adds to a notification. The shared subgraph sends the case's id along with the reference; only this one knows
 * whether the caller may see the case, so the id of another never leaves.
 */
export const Notification: NotificationResolvers = {
  legalCase: async ({ caseId }, _args, context, info) =>
    caseId == null ? null : legalCaseById(context, info, parseId(caseId, 'representations')),
};
