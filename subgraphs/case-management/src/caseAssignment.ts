import { defineLoader, loaderByParent } from '@bailiwick/kernel/graphql';
import type { AlongValue } from '@bailiwick/kernel/pagination';
import { sql } from 'drizzle-orm';
import type { CaseAssignmentResolvers } from './__generated__/resolvers.js';
import { caseOf } from './legalCase/loaders.js';
import { personStub } from './personStub.js';
import { caseAssignments, legalCases } from './tables.js';

/** Everybody who works or worked on a case: the lead first, then by how long. */
export const assignmentsByCaseId = loaderByParent({
  label: 'case-management:assignmentsByCaseId',
  table: caseAssignments,
  by: caseAssignments.caseId,
  also: ['caseId', 'personId', 'role', 'endedAt'],
  orderBy: [sql`${caseAssignments.role} = 'lead' desc`, caseAssignments.assignedAt, caseAssignments.id],
});

/** The id of the person who leads a case now; null where there is none. A page of cases has it along. */
export const leadIdByCaseId = defineLoader<string | null>(async (caseIds, context) => {
  const found = await assignmentsByCaseId(context).loadEach(caseIds);
  return found.map((assignments) =>
    assignments instanceof Error
      ? assignments
      : (assignments.find(({ role, endedAt }) => role === 'lead' && endedAt === null)?.personId ?? null),
  );
});

/** The same within the statement of a page of cases. Who selects all assignments has the lead among them. */
export const leadAlong: AlongValue = {
  name: 'lead_person_id',
  value: sql`(select ${caseAssignments.personId} from ${caseAssignments} where ${caseAssignments.caseId} = ${legalCases.id} and ${caseAssignments.role} = 'lead' and ${caseAssignments.endedAt} is null)`,
  isWanted: (selected) => selected.has('lead') && !selected.has('assignments'),
  loader: leadIdByCaseId,
};

/** The fields of an assignment that are not columns of its row. */
export const CaseAssignment: CaseAssignmentResolvers = {
  legalCase: caseOf,
  person: ({ personId }) => ({ id: personId }),
  assignedBy: ({ assignedBy }) => personStub(assignedBy),
};
