import { loaderById, loading } from '@bailiwick/kernel/graphql';
import { engagementById } from '../engagement/loaders.js';
import { findings } from '../tables.js';

/** A finding by its id; null where the caller may not see it. */
export const findingById = loaderById('audit:findingById', findings, [
  { field: 'engagement', by: findings.engagementId, loader: engagementById },
]);

/** The finding that a row belongs to. Whoever sees a recommendation sees the finding above it: the row policies say so. */
export const findingOf = loading(
  findingById,
  ({ findingId }: { findingId: string }) => findingId,
  (found, { findingId }) => {
    if (found === null) throw new Error(`The finding ${findingId} of a visible row is not visible.`);
    return found;
  },
);
