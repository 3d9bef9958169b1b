import type { RequestContext } from '@bailiwick/kernel/context';
import { alignOne, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { legalCases } from '../tables.js';
import type { LegalCaseRow } from '../tables.js';

/** A case by its id; null where the caller may not see it. */
export const legalCaseById = defineLoader<string, LegalCaseRow | null>(async (ids, context) => {
  const rows = await context.read
    .db('case-management:legalCaseById')
    .select()
    .from(legalCases)
    .where(isAnyOf(legalCases.id, ids));
  return alignOne(ids, rows, (row) => row.id);
});

/** The case that a row belongs to. Whoever sees the row sees the case: row policies test the same for both. */
export async function caseOf({ caseId }: { caseId: string }, _args: unknown, context: RequestContext): Promise<LegalCaseRow> {
  const found = await legalCaseById(context).load(caseId);
  if (found === null) throw new Error(`The case ${caseId} of a visible row is not visible.`);
  return found;
}
