import { findDatabaseError } from './sqlState.js';
import { AppError, causesOf, findAppError } from '../errors/AppError.js';
import type { ErrorCode } from '../errors/catalogue.js';

/** The SQLSTATE of each answer of the guard inside the database (drizzle/init/6_guard_words.sql). */
export const guardStates: Readonly<Record<string, ErrorCode>> = {
  LG001: 'DROP_REFUSED',
  LG002: 'TRUNCATE_REFUSED',
  LG003: 'MASS_CHANGE_REFUSED',
  LG004: 'PROTECTION_REFUSED',
};

/** What a violated constraint means to the person who sent the input, by the constraint's name. */
export type ConstraintMeanings = Record<string, () => AppError>;

/**
 * Turns an error of PostgreSQL or its driver into one that may be told to the caller, or returns undefined for a fault.
 * SQLSTATE codes: PostgreSQL documentation, appendix A.
 */
export function explainDatabaseError(error: unknown, constraints: ConstraintMeanings = {}): AppError | undefined {
  const known = findAppError(error);
  if (known) return known;
  const failure = findDatabaseError(error);
  if (failure === undefined) return explainConnectionError(error);
  const meaning = failure.constraint === undefined ? undefined : constraints[failure.constraint];
  if (meaning) return meaning();
  switch (failure.code) {
    case '42501':
      return new AppError('FORBIDDEN', 'Your roles do not allow this.', {
        cause: error,
        hint: 'Ask an administrator for the role that does; nothing was changed.',
      });
    case 'LG001':
    case 'LG002':
    case 'LG003':
    case 'LG004':
      return new AppError('FORBIDDEN', 'This would take away or change more than one request may.', {
        cause: error,
        hint: 'Change fewer things at once; nothing was changed.',
      });
    case '22021':
      return new AppError('BAD_USER_INPUT', 'A text holds the character U+0000, which PostgreSQL can not store.', {
        cause: error,
        hint: 'Leave that character out.',
      });
    case '57014':
      return new AppError('TIMED_OUT', 'The database needed longer than the time limit.', {
        cause: error,
        hint: 'Ask for a smaller page, or narrow the filter.',
      });
    case '55P03':
      return new AppError('TIMED_OUT', 'Somebody else keeps what this needs locked.', {
        cause: error,
        hint: 'Send the request again in a moment, a mutation with its idempotency key.',
      });
    case '53100':
      return new AppError('DISK_FULL', 'The disk of the database is full.', {
        cause: error,
        hint: 'Read as before, and try again when the operator has made room.',
      });
    case '53000':
    case '53200':
    case '53400':
    case '53300':
    case '57P01':
    case '57P02':
    case '57P03':
      return unavailable(error);
    case '40001':
    case '40P01':
      return new AppError('CONFLICT', 'Somebody else changed the same rows at the same moment.', {
        cause: error,
        hint: 'Send the request again; nothing was changed.',
      });
    default:
      return undefined;
  }
}

const connectionFaults =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|Connection terminated|timeout exceeded when trying to connect|not queryable|Query read timeout/;

function explainConnectionError(error: unknown): AppError | undefined {
  const isConnectionFault = causesOf(error).some(
    ({ message, code }: NodeJS.ErrnoException) => connectionFaults.test(code ?? '') || connectionFaults.test(message),
  );
  return isConnectionFault ? unavailable(error) : undefined;
}

function unavailable(cause: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'The database can not be reached at the moment.', {
    cause,
    hint: 'Try again in a moment.',
  });
}
