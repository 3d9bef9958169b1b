import { alignOne, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { orgUnits } from '../tables.js';
import type { OrgUnitRow } from '../tables.js';

/** An org unit by its id; null where there is none, or where the caller is nobody who may read. */
export const orgUnitById = defineLoader<string, OrgUnitRow | null>(async (ids, context) => {
  const rows = await context.read.db('shared:orgUnitById').select().from(orgUnits).where(isAnyOf(orgUnits.id, ids));
  return alignOne(ids, rows, (row) => row.id);
});
