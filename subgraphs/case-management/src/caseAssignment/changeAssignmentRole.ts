import { noSuch, mutation, updateVersion } from '@bailiwick/kernel/graphql';
import { and, eq, isNull } from 'drizzle-orm';
import type { ChangeAssignmentRoleInput, MutationResolvers } from '../__generated__/resolvers.js';
import { mayApproveCases } from '../legalCase/rights.js';
import { refused } from '../legalCase/transitions.js';
import { caseAssignments, idempotencyKeys } from '../tables.js';
import { caseAssignmentById } from './caseAssignmentById.js';

/** Gives somebody who works on a case another part in it. */
export const changeAssignmentRole: MutationResolvers['changeAssignmentRole'] = mutation({
  name: 'changeAssignmentRole',
  answers: { caseAssignment: caseAssignmentById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'change what somebody does on a case' },

  check(input: ChangeAssignmentRoleInput, checks) {
    if (input.role === 'lead') checks.refuse('role', 'A case has one lead.', 'Give it another lead with transferCaseLead.');
    return { id: checks.id('id', input.id)! };
  },

  async write({ db, input: { expectedVersion, role } }, { id }) {
    const ofThis = and(eq(caseAssignments.id, id), isNull(caseAssignments.endedAt));
    const [now] = await db.select({ role: caseAssignments.role }).from(caseAssignments).where(ofThis);
    if (now === undefined) throw noSuch('assignment that lasts', id, 'input.id');
    if (now.role === 'lead') throw refused('The person leads the case.', 'Give it another lead with transferCaseLead first.');
    await updateVersion(db, caseAssignments, { what: 'assignment', id, expectedVersion }, { role });
    return id;
  },
});
