import { mutation } from '@bailiwick/kernel/graphql';
import type { MutationResolvers, ReopenLegalCaseInput } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase } from './moveCase.js';
import { mayApproveCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Opens a closed case again: it goes on in progress. Nothing else opens one. */
export const reopenLegalCase: MutationResolvers['reopenLegalCase'] = mutation({
  name: 'reopenLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'reopen a case' },

  check: (input: ReopenLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
    reason: checks.reason(input.reason),
  }),

  async write({ db, personId }, { reason, ...legalCase }) {
    const facts = await factsForChange(db, legalCase, personId);
    const changes = { closedOn: null, closureType: null, lastChangeReason: reason };
    return moveCase(db, legalCase, transitionOf('reopen'), facts, changes);
  },
});
