import { AppError } from '@bailiwick/kernel/errors';
import { mutation } from '@bailiwick/kernel/graphql';
import type { CloseLegalCaseInput, MutationResolvers } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { checkLeft, closedBeforeOpened, closingDay, withoutLeft } from './closing.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase, requireMove } from './moveCase.js';
import { mayWriteCases } from './rights.js';
import { transitionOf } from './transitions.js';

/** Closes a case: after its judgment in any way, before it only as it can end without one. */
export const closeLegalCase: MutationResolvers['closeLegalCase'] = mutation({
  name: 'closeLegalCase',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayWriteCases, to: 'close a case' },
  constraints: { legal_cases_closed_after_opened: (input: CloseLegalCaseInput) => closedBeforeOpened(input) },

  check: (input: CloseLegalCaseInput, checks) => ({
    id: checks.id('id', input.id)!,
    expectedVersion: input.expectedVersion,
    closedOn: checks.pastDay('closedOn', input.closedOn, 'The closing day'),
    left: checkLeft(checks, input),
  }),

  async write({ db, input, personId }, { closedOn: day, left, ...legalCase }) {
    const facts = withoutLeft(await factsForChange(db, legalCase, personId), left);
    const isAfterJudgment = facts.workflowState === 'judgment_entered';
    const transition = transitionOf(isAfterJudgment ? 'close_after_judgment' : 'close_without_judgment');
    requireMove(transition, facts);
    const { closureType, notes } = input;
    if (!transition.closureTypes!.includes(closureType)) {
      const ways = transition.closureTypes!.map((type) => type.toUpperCase()).join(', ');
      const message = `A case at ${facts.workflowState.toUpperCase()} is not closed as ${closureType.toUpperCase()}.`;
      const hint = `Choose one of ${ways}; withdrawLegalCase withdraws a case.`;
      throw new AppError('BAD_USER_INPUT', message, { field: 'input.closureType', hint });
    }
    const closedOn = closingDay(facts, day);
    return moveCase(db, legalCase, transition, facts, { closedOn, closureType, closureNotes: notes ?? undefined });
  },
});
