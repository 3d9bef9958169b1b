import { AppError } from '@bailiwick/kernel/errors';
import { mutation } from '@bailiwick/kernel/graphql';
import { newId } from '@bailiwick/kernel/postgres';
import type { AssignToCaseInput, MutationResolvers } from '../__generated__/resolvers.js';
import { mayApproveCases } from '../legalCase/rights.js';
import { caseAssignments, idempotencyKeys } from '../tables.js';
import { caseAssignmentById } from './caseAssignmentById.js';
import { lockedCase } from './lockedCase.js';
import { requireAssignable } from './requireAssignable.js';

/** Puts a person on a case. */
export const assignToCase: MutationResolvers['assignToCase'] = mutation({
  name: 'assignToCase',
  answers: { caseAssignment: caseAssignmentById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'put somebody on a case' },
  constraints: {
    case_assignments_one_lead: ({ legalCaseId }: AssignToCaseInput) =>
      new AppError('CONFLICT', `The case ${legalCaseId} has a lead.`, {
        field: 'input.role',
        hint: 'Give it another lead with transferCaseLead.',
      }),
    case_assignments_person_once: ({ personId }: AssignToCaseInput) =>
      new AppError('CONFLICT', `The person ${personId} works on the case already.`, {
        field: 'input.personId',
        hint: 'Change their part with changeAssignmentRole.',
      }),
  },

  check: (input: AssignToCaseInput, checks) => ({
    caseId: checks.id('legalCaseId', input.legalCaseId)!,
    assigned: checks.id('personId', input.personId)!,
    reason: checks.reason(input.reason),
  }),

  async write({ db, input: { role }, personId }, { caseId, assigned, reason }) {
    await lockedCase(db, caseId, 'input.legalCaseId');
    await requireAssignable(db, assigned, 'input.personId');
    const id = newId();
    const who = { personId: assigned, role, reason, assignedBy: personId };
    // The trigger of the table sets caseIsRestricted to the value of the case.
    await db.insert(caseAssignments).values({ id, caseId, caseIsRestricted: false, ...who });
    return id;
  },
});
