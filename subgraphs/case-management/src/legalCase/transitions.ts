import { AppError } from '@bailiwick/kernel/errors';
import type { ClosureType, LegalCaseMove, WorkflowState } from '../__generated__/resolvers.js';
import { legalCaseMoveValues, workflowStateValues } from '../enums.js';
import type { CaseFacts } from './caseFacts.js';

/** A move that a case can make. */
export interface Transition {
  readonly move: LegalCaseMove;
  /** The mutation that makes it. */
  readonly mutation: string;
  readonly from: readonly WorkflowState[];
  /** The state after it; null where the state stays. */
  readonly to: WorkflowState | null;
  readonly by: Who;
  /** Whether the caller has to say why. */
  readonly needsReason: boolean;
  /** What has to be so, beside the state and the right. */
  readonly needs: readonly Need[];
  /** Of a closing: how the case can have ended. */
  readonly closureTypes?: readonly ClosureType[];
}

const change = { mutation: 'changeWorkflowState', needsReason: true } as const;
const open = workflowStateValues.filter((state) => state !== 'closed');
const beforeJudgment = open.filter((state) => state !== 'judgment_entered');
const endsWithoutJudgment: readonly ClosureType[] = ['settled', 'consent_order', 'struck_out', 'other'];
const endsWithJudgment: readonly ClosureType[] = ['judgment_granted', 'judgment_dismissed'];

const rows: Record<LegalCaseMove, Omit<Transition, 'move'>> = {
  assign: { ...change, from: ['registered'], to: 'assigned', by: 'approver', needs: ['notOnHold', 'lead'] },
  complete_registration: { ...change, from: ['assigned'], to: 'registration_completed', by: 'conductor', needs: ['notOnHold'] },
  start_drafting: { ...change, from: ['registration_completed'], to: 'drafting', by: 'conductor', needs: ['notOnHold'] },
  submit_for_review: { ...change, from: ['drafting'], to: 'under_review', by: 'conductor', needs: ['notOnHold'] },
  approve_for_filing: {
    ...change,
    ...{ from: ['under_review'], to: 'approved_for_filing', by: 'approver', needs: ['notOnHold', 'notDrafter'] },
  },
  return_to_drafting: { ...change, from: ['under_review'], to: 'drafting', by: 'approver', needs: ['notOnHold', 'notDrafter'] },
  file: { ...change, from: ['approved_for_filing'], to: 'filed', by: 'conductor', needs: ['notOnHold'] },
  start_proceeding: { ...change, from: ['filed'], to: 'in_progress', by: 'conductor', needs: ['notOnHold'] },
  change_forum: { ...change, from: ['in_progress'], to: 'in_progress', by: 'conductor', needs: ['notOnHold'] },
  enter_judgment: { ...change, from: ['in_progress'], to: 'judgment_entered', by: 'conductor', needs: ['notOnHold'] },
  close_after_judgment: {
    ...{ mutation: 'closeLegalCase', from: ['judgment_entered'], to: 'closed', by: 'writer', needsReason: false },
    ...{ needs: ['notOnHold', 'nothingOpen'], closureTypes: [...endsWithJudgment, ...endsWithoutJudgment] },
  },
  close_without_judgment: {
    ...{ mutation: 'closeLegalCase', from: beforeJudgment, to: 'closed', by: 'writer', needsReason: false },
    ...{ needs: ['notOnHold', 'nothingOpen'], closureTypes: endsWithoutJudgment },
  },
  withdraw: {
    ...{ mutation: 'withdrawLegalCase', from: open, to: 'closed', by: 'conductor', needsReason: true },
    ...{ needs: ['notOnHold', 'nothingOpen'], closureTypes: ['withdrawn'] },
  },
  reopen: {
    mutation: 'reopenLegalCase',
    from: ['closed'],
    to: 'in_progress',
    by: 'approver',
    needsReason: true,
    needs: ['notDrafter'],
  },
  hold: { mutation: 'holdLegalCase', from: open, to: null, by: 'conductor', needsReason: true, needs: ['notOnHold'] },
  resume: { mutation: 'resumeLegalCase', from: open, to: null, by: 'conductor', needsReason: false, needs: ['onHold'] },
  restrict: {
    ...{ mutation: 'restrictLegalCase', from: workflowStateValues, to: null, by: 'approver', needsReason: true },
    needs: ['notRestricted'],
  },
  unrestrict: {
    ...{ mutation: 'unrestrictLegalCase', from: workflowStateValues, to: null, by: 'approver', needsReason: true },
    needs: ['restricted'],
  },
};

/** Every move of a case, in the order of its life. Mutations, the query legalCaseTransitions, docs/rules.md and the tests all go by this table. */
export const transitions: readonly Transition[] = legalCaseMoveValues.map((move) => ({ move, ...rows[move] }));

/** The transition of a move. */
export const transitionOf = (move: LegalCaseMove): Transition => ({ move, ...rows[move] });

export type Who = keyof typeof people;

/** Who may make a move. */
export const people = {
  writer: {
    means: 'whoever writes to case management and does not merely observe the case',
    includes: ({ mayApprove, mayWrite, role }: CaseFacts) => mayApprove || (mayWrite && role !== 'observer'),
    hint: 'Ask a case manager, or somebody who works on the case.',
  },
  conductor: {
    means: 'who works on the case (lead, member or support), or may approve',
    includes: ({ mayApprove, mayWrite, role }: CaseFacts) => mayApprove || (mayWrite && role !== null && role !== 'observer'),
    hint: 'Ask the lead of the case, or a case manager to put you on it.',
  },
  approver: {
    means: 'who may approve in case management',
    includes: ({ mayApprove }: CaseFacts) => mayApprove,
    hint: 'Ask a case manager.',
  },
} as const;

export type Need = keyof typeof needs;

/** What a move may need. */
export const needs = {
  notOnHold: {
    means: 'the case is not on hold',
    isMet: ({ onHold }: CaseFacts) => !onHold,
    refusal: () => refused('The case is on hold.', 'Resume it first with resumeLegalCase.'),
  },
  onHold: {
    means: 'the case is on hold',
    isMet: ({ onHold }: CaseFacts) => onHold,
    refusal: () => refused('The case is not on hold.', 'Nothing is to be done.'),
  },
  notRestricted: {
    means: 'the case is not restricted',
    isMet: ({ isRestricted }: CaseFacts) => !isRestricted,
    refusal: () => refused('The case is restricted already.', 'Nothing is to be done.'),
  },
  restricted: {
    means: 'the case is restricted',
    isMet: ({ isRestricted }: CaseFacts) => isRestricted,
    refusal: () => refused('The case is not restricted.', 'Nothing is to be done.'),
  },
  lead: {
    means: 'the case has a lead',
    isMet: ({ hasLead }: CaseFacts) => hasLead,
    refusal: () => refused('The case has no lead.', 'Give it one with assignToCase.'),
  },
  notDrafter: {
    means: 'the caller is not who submitted the draft',
    isMet: ({ isDrafter }: CaseFacts) => !isDrafter,
    refusal: () => refused('You submitted this draft, and nobody reviews their own.', 'Ask another case manager to review it.'),
  },
  nothingOpen: {
    means: 'every open task, coming event and unpaid cost is finished, or named in leavingOpen',
    isMet: ({ openWork }: CaseFacts) => openWork.length === 0,
    refusal: ({ openWork }: CaseFacts) =>
      new AppError('OPEN_WORK_LEFT', `Open on the case: ${openWork.map(({ kind, id }) => `${kind} ${id}`).join(', ')}.`, {
        hint: 'Finish them first, or name in leavingOpen what is knowingly left.',
      }),
  },
} as const;

/** Why this caller can't make a move with this case now; nothing where they can. */
export function refusalsOf({ from, by, needs: needed }: Transition, facts: CaseFacts): AppError[] {
  if (!people[by].includes(facts)) {
    return [new AppError('FORBIDDEN', `This is for ${people[by].means}.`, { hint: people[by].hint })];
  }
  if (!from.includes(facts.workflowState)) {
    const states = from.map((state) => state.toUpperCase()).join(', ');
    return [
      refused(
        `The case is at ${facts.workflowState.toUpperCase()}; this starts from ${states}.`,
        'Ask legalCaseTransitions what can be done with the case now.',
      ),
    ];
  }
  return needed.filter((need) => !needs[need].isMet(facts)).map((need) => needs[need].refusal(facts));
}

/** The error for a move that the state of the case, or a rule, does not allow. */
export function refused(message: string, hint: string): AppError {
  return new AppError('MOVE_REFUSED', message, { hint });
}
