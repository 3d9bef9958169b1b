import { mutation } from '@bailiwick/kernel/graphql';
import type { MutationResolvers, UnrestrictLegalCaseInput } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase } from './moveCase.js';
import { mayApproveCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Shows a restricted case to everybody who reads case management. */
export const unrestrictLegalCase: MutationResolvers['unrestrictLegalCase'] = mutation({
  name: 'unrestrictLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayApproveCases, to: 'lift the restriction of a case' },

  check: (input: UnrestrictLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
    reason: checks.reason(input.reason),
  }),

  async write({ db, personId }, { reason, ...legalCase }) {
    const facts = await factsForChange(db, legalCase, personId);
    const changes = { isRestricted: false, lastChangeReason: reason };
    return moveCase(db, legalCase, transitionOf('unrestrict'), facts, changes);
  },
});
