import type { RequestContext } from '@bailiwick/kernel/context';
import { alignOne, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { findings } from '../tables.js';
import type { FindingRow } from '../tables.js';

/** A finding by its id; null where the caller may not see it. */
export const findingById = defineLoader<string, FindingRow | null>(async (ids, context) => {
  const rows = await context.read.db('audit:findingById').select().from(findings).where(isAnyOf(findings.id, ids));
  return alignOne(ids, rows, (row) => row.id);
});

/** The finding that a row belongs to. Whoever sees a recommendation sees the finding above it: the row policies say so. */
export async function findingOf(
  { findingId }: { findingId: string },
  _args: unknown,
  context: RequestContext,
): Promise<FindingRow> {
  const found = await findingById(context).load(findingId);
  if (found === null) throw new Error(`The finding ${findingId} of a visible row is not visible.`);
  return found;
}
