import { AppError } from '@bailiwick/kernel/errors';

/** Progress and intentions go to standard error, so that standard output is the result alone. */
export function tellStep(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** The result of a verb: a JSON document, or sentences for people. */
export function printResult(isJson: boolean | undefined, result: unknown, text: string): void {
  process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
}

/**
 * A whole number from an option.
 * @throws BAD_USER_INPUT naming option and value.
 */
export function wholeNumber(option: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new AppError('BAD_USER_INPUT', `${option} got "${value}", which is not a whole number from ${least} to ${most}.`, {
    hint: `Give one, for example ${option} ${Math.min(most, Math.max(least, 10))}.`,
  });
}

/**
 * A verb that changes a database wants its name typed back.
 * @throws CONFIRMATION_MISSING.
 */
export function requireConfirmation(given: string | undefined, database: string, where: string): void {
  if (given === database) return;
  const typed = given === undefined ? 'was not confirmed' : `was confirmed as "${given}"`;
  throw new AppError(
    'CONFIRMATION_MISSING',
    `This changes database ${database} on ${where}, which ${typed}. Nothing was changed.`,
    {
      hint: `Look at it with --dry-run, then add --confirm ${database}`,
    },
  );
}

/** Ends a verb that has told everything with another exit code than 0. */
export class AlreadyTold extends Error {
  readonly exitCode: 1 | 2 | 3;

  constructor(exitCode: 1 | 2 | 3) {
    super('What is wrong has been told already.');
    this.name = 'AlreadyTold';
    this.exitCode = exitCode;
  }
}
