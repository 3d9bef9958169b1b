import { AppError } from '@bailiwick/kernel/errors';
import { mutation } from '@bailiwick/kernel/graphql';
import type { ChangeWorkflowStateInput, LegalCaseMove, LegalCaseStatus, MutationResolvers } from '../__generated__/resolvers.js';
import { idempotencyKeys } from '../tables.js';
import { factsForChange } from './caseFacts.js';
import { legalCaseById } from './legalCaseById.js';
import { moveCase } from './moveCase.js';
import { mayWriteCases } from './rights.js';
import { refused, transitions } from './transitions.js';

/** Takes a case one step further, or back to its draft. */
export const changeWorkflowState: MutationResolvers['changeWorkflowState'] = mutation({
  name: 'changeWorkflowState',
  answers: { legalCase: legalCaseById },
  keys: idempotencyKeys,
  may: { ...mayWriteCases, to: 'change the state of a case' },

  check(input: ChangeWorkflowStateInput, checks) {
    if (input.forum != null && input.to !== 'in_progress')
      checks.refuse('forum', 'Only a case in progress has a forum.', 'Leave it out, or move the case to IN_PROGRESS.');
    return {
      id: checks.id('id', input.id)!,
      expectedVersion: input.expectedVersion,
      reason: checks.reason(input.reason),
      status: input.forum === 'court' ? 'in_court' : (input.forum ?? undefined),
    } satisfies { status: LegalCaseStatus | undefined } & Record<string, unknown>;
  },

  async write({ db, input: { to }, personId }, { reason, status, ...legalCase }) {
    const facts = await factsForChange(db, legalCase, personId);
    const ofThis = transitions.filter(({ mutation }) => mutation === 'changeWorkflowState');
    const transition = ofThis.find(({ from, to: end }) => end === to && from.includes(facts.workflowState));
    if (transition === undefined) {
      const ends = ofThis.filter(({ from }) => from.includes(facts.workflowState)).map((one) => one.to!.toUpperCase());
      const known = ends.length > 0 ? `only go to ${ends.join(' or ')}` : 'not be moved by this mutation';
      throw refused(
        `The case is at ${facts.workflowState.toUpperCase()} and can ${known}, not to ${to.toUpperCase()}.`,
        'A case is closed by closeLegalCase or withdrawLegalCase, and opened again by reopenLegalCase.',
      );
    }
    if (transition.move === 'change_forum' && status === undefined) {
      const hint = 'Say where it goes on: COURT, MEDIATION or TRIBUNAL.';
      throw new AppError('BAD_USER_INPUT', 'The case is in progress already.', { field: 'input.forum', hint });
    }
    return moveCase(db, legalCase, transition, facts, {
      lastChangeReason: reason,
      status,
      submittedBy: submitterAfter(transition.move, personId),
    });
  },
});

/** Who put the draft up for review: nobody any more once it is reviewed. Undefined where the move leaves that as it is. */
function submitterAfter(move: LegalCaseMove, personId: string): string | null | undefined {
  if (move === 'submit_for_review') return personId;
  return move === 'approve_for_filing' || move === 'return_to_drafting' ? null : undefined;
}
