import { loaderByParent } from '@bailiwick/kernel/loaders';
import { sql } from 'drizzle-orm';
import type { CaseAssignmentResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './person.js';
import { caseAssignments } from './tables.js';

/** Everybody who works or worked on a case: the lead first, then by how long. */
export const assignmentsByCaseId = loaderByParent({
  label: 'case-management:assignmentsByCaseId',
  table: caseAssignments,
  by: caseAssignments.caseId,
  also: ['caseId', 'personId', 'role', 'endedAt'],
  orderBy: [sql`${caseAssignments.role} = 'lead' desc`, caseAssignments.assignedAt, caseAssignments.id],
});

/** The fields of an assignment that are not columns of its row. */
export const CaseAssignment: CaseAssignmentResolvers = {
  legalCase: caseOf,
  person: ({ personId }) => ({ id: personId }),
  assignedBy: ({ assignedBy }) => personStub(assignedBy),
};
