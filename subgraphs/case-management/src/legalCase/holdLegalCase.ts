import { AppError } from '@bailiwick/kernel/errors';
import { mutation } from '@bailiwick/kernel/graphql';
import type { HoldLegalCaseInput, MutationResolvers } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase } from './moveCase.js';
import { mayWriteCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Puts a case on hold. It keeps its state. */
export const holdLegalCase: MutationResolvers['holdLegalCase'] = mutation({
  name: 'holdLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayWriteCases, to: 'put a case on hold' },

  check: (input: HoldLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
    reason: checks.reason(input.reason),
  }),

  async write({ db, input: { until }, personId }, { reason, ...legalCase }) {
    const facts = await factsForChange(db, legalCase, personId);
    if (until != null && until < facts.today) {
      const hint = `Give a day from ${facts.today} on, or none.`;
      throw new AppError('BAD_USER_INPUT', `The hold would end on ${until}, which has passed.`, { field: 'input.until', hint });
    }
    const changes = { onHold: true, holdReason: reason, heldUntil: until ?? null, lastChangeReason: reason };
    return moveCase(db, legalCase, transitionOf('hold'), facts, changes);
  },
});
