import { InputErrors, updateVersion } from '@bailiwick/kernel/graphql';
import type { LabelledDatabase } from '@bailiwick/kernel/postgres';
import { legalCases } from '../tables.js';
import type { CaseFacts } from './caseFacts.js';
import { refusalsOf } from './transitions.js';
import type { Transition } from './transitions.js';

/** Which case is moved, from which version. */
export interface MovedCase {
  readonly id: string;
  readonly expectedVersion: number;
}

/** Throws every reason why this caller can't make the move with this case now. */
export function requireMove(transition: Transition, facts: CaseFacts): void {
  const refusals = refusalsOf(transition, facts);
  if (refusals.length > 0) throw new InputErrors(refusals);
}

/** Makes the move, with what it changes beside the state. Returns the id of the case. */
export async function moveCase(
  db: LabelledDatabase,
  { id, expectedVersion }: MovedCase,
  transition: Transition,
  facts: CaseFacts,
  changes: Partial<typeof legalCases.$inferInsert>,
): Promise<string> {
  requireMove(transition, facts);
  const workflowState = transition.to ?? undefined;
  await updateVersion(db, legalCases, { what: 'legal case', id, expectedVersion }, { ...changes, workflowState });
  return id;
}
