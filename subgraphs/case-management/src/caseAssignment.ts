import { alignMany, defineLoader, isAnyOf } from '@bailiwick/kernel/loaders';
import { sql } from 'drizzle-orm';
import type { CaseAssignmentResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './person.js';
import { caseAssignments } from './tables.js';
import type { CaseAssignmentRow } from './tables.js';

/** Everybody who works or worked on a case: the lead first, then by how long. */
export const assignmentsByCaseId = defineLoader<string, CaseAssignmentRow[]>(async (caseIds, context) => {
  const rows = await context.read
    .db('case-management:assignmentsByCaseId')
    .select()
    .from(caseAssignments)
    .where(isAnyOf(caseAssignments.caseId, caseIds))
    .orderBy(sql`${caseAssignments.role} = 'lead' desc`, caseAssignments.assignedAt, caseAssignments.id);
  return alignMany(caseIds, rows, (row) => row.caseId);
});

/** The fields of an assignment that are not columns of its row. */
export const CaseAssignment: CaseAssignmentResolvers = {
  legalCase: caseOf,
  person: ({ personId }) => ({ id: personId }),
  assignedBy: ({ assignedBy }) => personStub(assignedBy),
};
