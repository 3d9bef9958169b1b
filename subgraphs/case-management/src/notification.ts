import { loading } from '@bailiwick/kernel/graphql';
import { parseId } from '@bailiwick/kernel/postgres';
import type { NotificationResolvers } from './__generated__/resolvers.js';
import { legalCaseById } from './legalCase/loaders.js';

/**
 * What this subgraph adds to a notification. The shared subgraph sends the case's id along with the reference; only this one knows
 * whether the caller may see the case, so the id of another never leaves.
 */
export const Notification: NotificationResolvers = {
  legalCase: loading(legalCaseById, ({ caseId }) => (caseId == null ? null : parseId(caseId, 'representations'))),
};
