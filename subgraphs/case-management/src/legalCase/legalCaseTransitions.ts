import { parseId } from '@bailiwick/kernel/postgres';
import type { QueryResolvers } from '../__generated__/resolvers.js';
import { readCaseFacts } from './caseFacts.js';
import { refusalsOf, transitions } from './transitions.js';

/** Every move of a case, with why this caller can't make it now; null where they may not see the case. */
export const legalCaseTransitions: QueryResolvers['legalCaseTransitions'] = async (_root, { legalCaseId }, context) => {
  const db = context.read.db(`${context.subgraph}:legalCaseTransitions`);
  const facts = await readCaseFacts(db, parseId(legalCaseId, 'legalCaseId'), context.caller.personId);
  if (facts === undefined) return null;
  return transitions.map((transition) => {
    const refusals = refusalsOf(transition, facts);
    const { move, mutation, needsReason } = transition;
    const to = transition.to ?? facts.workflowState;
    const told = refusals.map(({ code, message, hint }) => ({ code, message, field: null, hint: hint ?? null }));
    return { move, mutation, needsReason, to, isAllowed: refusals.length === 0, refusals: told };
  });
};
