import { mutation } from '@bailiwick/kernel/graphql';
import type { MutationResolvers, ResumeLegalCaseInput } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase } from './moveCase.js';
import { mayWriteCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Goes on with a case that was on hold. */
export const resumeLegalCase: MutationResolvers['resumeLegalCase'] = mutation({
  name: 'resumeLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayWriteCases, to: 'resume a case' },

  check: (input: ResumeLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
  }),

  async write({ db, personId }, legalCase) {
    const facts = await factsForChange(db, legalCase, personId);
    const changes = { onHold: false, holdReason: null, heldUntil: null };
    return moveCase(db, legalCase, transitionOf('resume'), facts, changes);
  },
});
