import { AppError } from '@bailiwick/kernel/errors';
import { mutation } from '@bailiwick/kernel/graphql';
import { newId } from '@bailiwick/kernel/postgres';
import type { MutationResolvers, RestrictLegalCaseInput } from '../__generated__/resolvers.js';
import { caseAssignments, idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase, requireMove } from './moveCase.js';
import { mayApproveCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Hides a case, and all that hangs on it, from everybody but its people and the administrators of case management. */
export const restrictLegalCase: MutationResolvers['restrictLegalCase'] = mutation({
  name: 'restrictLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'restrict a case' },
  constraints: {
    case_assignments_person_once: () =>
      new AppError('CONFLICT', 'Somebody put you on this case at the same moment.', { hint: 'Send the mutation again.' }),
  },

  check: (input: RestrictLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
    reason: checks.reason(input.reason),
  }),

  async write({ db, personId }, { reason, ...legalCase }) {
    const facts = await factsForChange(db, legalCase, personId);
    const transition = transitionOf('restrict');
    requireMove(transition, facts);
    if (!facts.isAdmin && facts.role === null) {
      // Whoever restricts a case must not lose sight of it.
      const ofCase = { caseId: legalCase.id, caseIsRestricted: false };
      await db.insert(caseAssignments).values({ ...ofCase, id: newId(), personId, role: 'member', assignedBy: personId });
    }
    return moveCase(db, legalCase, transition, facts, { isRestricted: true, lastChangeReason: reason });
  },
});
