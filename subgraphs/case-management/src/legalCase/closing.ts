import { AppError } from '@bailiwick/kernel/errors';
import type { InputChecks } from '@bailiwick/kernel/graphql';
import type { CaseFacts } from './caseFacts.js';

/** What both ways to close a case take. */
interface ClosingInput {
  readonly closedOn?: string | null | undefined;
  readonly leavingOpen?: readonly string[] | null | undefined;
}

/** The error for a closing day before the case was opened. */
export function closedBeforeOpened({ closedOn }: ClosingInput): AppError {
  return new AppError('BAD_USER_INPUT', `The case was opened after ${closedOn ?? 'today'}.`, {
    field: 'input.closedOn',
    hint: 'Give a day from the day on that the office opened the case.',
  });
}

/** The ids of what is knowingly left open. */
export function checkLeft(checks: InputChecks, { leavingOpen }: ClosingInput): string[] {
  return checks
    .list('leavingOpen', leavingOpen, 'ids', 1_000)
    .flatMap((id, index) => checks.id(`leavingOpen.${index}`, id) ?? []);
}

/** The facts of a case for its closing, without what is knowingly left open. Refuses the id of what is not open on the case. */
export function withoutLeft(facts: CaseFacts, left: readonly string[]): CaseFacts {
  const strange = left.findIndex((id) => !facts.openWork.some((one) => one.id === id));
  if (strange >= 0) {
    throw new AppError('BAD_USER_INPUT', `Nothing with the id ${left[strange]!} is open on the case.`, {
      field: `input.leavingOpen.${strange}`,
      hint: 'Name tasks, events and costs of this case that are open; leave out what is finished.',
    });
  }
  return { ...facts, openWork: facts.openWork.filter(({ id }) => !left.includes(id)) };
}

/** The day of the closing: the one that is given, else today. */
export function closingDay({ openedOn, today }: CaseFacts, closedOn: string | null | undefined): string {
  // East of the office it may be the next day already when a case is opened.
  return closedOn ?? (openedOn > today ? openedOn : today);
}
