import { alignOne, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { engagements } from '../tables.js';
import type { EngagementRow } from '../tables.js';

/** An engagement by its id; null where the caller may not see it. */
export const engagementById = defineLoader<string, EngagementRow | null>(async (ids, context) => {
  const rows = await context.read.db('audit:engagementById').select().from(engagements).where(isAnyOf(engagements.id, ids));
  return alignOne(ids, rows, (row) => row.id);
});
