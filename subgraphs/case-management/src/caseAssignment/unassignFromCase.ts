import { AppError } from '@bailiwick/kernel/errors';
import { mutation, noSuch, updateVersion } from '@bailiwick/kernel/graphql';
import { and, eq, isNull, notInArray, sql } from 'drizzle-orm';
import type { MutationResolvers, UnassignFromCaseInput } from '../__generated__/resolvers.js';
import { mayApproveCases } from '../legalCase/rights.js';
import { refused } from '../legalCase/transitions.js';
import { caseAssignments, idempotencyKeys, tasks } from '../tables.js';
import { caseAssignmentById } from './caseAssignmentById.js';
import { lockedCase } from './lockedCase.js';
import { requireAssignable } from './requireAssignable.js';

/** Ends the work of a person on a case. */
export const unassignFromCase: MutationResolvers['unassignFromCase'] = mutation({
  name: 'unassignFromCase',
  answers: { caseAssignment: caseAssignmentById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'take somebody off a case' },

  check: (input: UnassignFromCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    successorId: checks.id('successorPersonId', input.successorPersonId),
    reason: checks.reason(input.reason),
  }),

  async write({ db, input: { expectedVersion } }, { id, successorId, reason }) {
    const ofThis = and(eq(caseAssignments.id, id), isNull(caseAssignments.endedAt));
    const columns = { caseId: caseAssignments.caseId, personId: caseAssignments.personId };
    const [assignment] = await db.select(columns).from(caseAssignments).where(ofThis);
    if (assignment === undefined) throw noSuch('assignment that lasts', id, 'input.id');
    const { caseId, personId } = assignment;
    const { isRestricted, people } = await lockedCase(db, caseId, 'input.id');
    const others = people.filter((one) => one.personId !== personId);
    if (isRestricted && others.length === 0)
      throw refused('Nobody else works on this restricted case.', 'Put somebody else on it first, or lift its restriction.');

    const openTasks = and(
      ...[eq(tasks.caseId, caseId), eq(tasks.assignedTo, personId), notInArray(tasks.status, ['completed', 'cancelled'])],
    );
    const open = await db.select({ id: tasks.id }).from(tasks).where(openTasks);
    if (open.length > 0 && successorId === null) {
      throw new AppError('OPEN_WORK_LEFT', `The person has open tasks on the case: ${open.map((task) => task.id).join(', ')}.`, {
        field: 'input.successorPersonId',
        hint: 'Name somebody who works on the case and takes them over.',
      });
    }
    if (successorId !== null && !others.some((one) => one.personId === successorId && one.role !== 'observer')) {
      throw new AppError('NOT_FOUND', `The person ${successorId} does not work on the case, or merely observes it.`, {
        field: 'input.successorPersonId',
        hint: 'Name somebody else who works on the case, or put them on it first.',
      });
    }
    if (successorId !== null) await requireAssignable(db, successorId, 'input.successorPersonId');
    if (open.length > 0) await db.update(tasks).set({ assignedTo: successorId }).where(openTasks);
    const changes = { endedAt: sql`now()`, endReason: reason } as object;
    await updateVersion(db, caseAssignments, { what: 'assignment', id, expectedVersion }, changes);
    return id;
  },
});
