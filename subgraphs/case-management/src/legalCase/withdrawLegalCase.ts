import { mutation } from '@bailiwick/kernel/graphql';
import type { MutationResolvers, WithdrawLegalCaseInput } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { checkLeft, closedBeforeOpened, closingDay, withoutLeft } from './closing.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase } from './moveCase.js';
import { mayWriteCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Withdraws a case, which closes it. */
export const withdrawLegalCase: MutationResolvers['withdrawLegalCase'] = mutation({
  name: 'withdrawLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayWriteCases, to: 'withdraw a case' },
  constraints: { legal_cases_closed_after_opened: (input: WithdrawLegalCaseInput) => closedBeforeOpened(input) },

  check: (input: WithdrawLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
    reason: checks.reason(input.reason),
    closedOn: checks.pastDay('closedOn', input.closedOn, 'The closing day'),
    left: checkLeft(checks, input),
  }),

  async write({ db, personId }, { closedOn: day, left, reason, ...legalCase }) {
    const facts = withoutLeft(await factsForChange(db, legalCase, personId), left);
    const closedOn = closingDay(facts, day);
    const changes = { closedOn, closureType: 'withdrawn', closureNotes: reason, lastChangeReason: reason } as const;
    return moveCase(db, legalCase, transitionOf('withdraw'), facts, changes);
  },
});
