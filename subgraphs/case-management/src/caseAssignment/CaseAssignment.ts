import { reference, related } from '@bailiwick/kernel/graphql';
import type { CaseAssignmentResolvers } from '../__generated__/resolvers.js';
import { caseAssignments, caseAssignmentsRelations } from '../tables.js';

/** The fields of an assignment that are not columns of its row. */
export const CaseAssignment: CaseAssignmentResolvers = {
  legalCase: related(caseAssignmentsRelations, 'legalCase'),
  person: reference(caseAssignments, 'personId'),
  assignedBy: reference(caseAssignments, 'assignedBy'),
};
