import { noSuch } from '@bailiwick/kernel/graphql';
import type { LabelledDatabase } from '@bailiwick/kernel/postgres';
import { and, eq, isNull } from 'drizzle-orm';
import { caseAssignments, legalCases } from '../tables.js';

/** Who works on a case now. Locks the case: of two who change its people at once, the second sees what the first did. */
export async function lockedCase(db: LabelledDatabase, id: string, field: string) {
  const [legalCase] = await db
    .select({ isRestricted: legalCases.isRestricted })
    .from(legalCases)
    .where(eq(legalCases.id, id))
    .for('update');
  if (legalCase === undefined) throw noSuch('legal case', id, field);
  const people = await db
    .select({ id: caseAssignments.id, personId: caseAssignments.personId, role: caseAssignments.role })
    .from(caseAssignments)
    .where(and(eq(caseAssignments.caseId, id), isNull(caseAssignments.endedAt)));
  return { isRestricted: legalCase.isRestricted, people };
}
