import { errorCatalogue } from './catalogue.js';
import type { ErrorCode } from './catalogue.js';

export interface AppErrorOptions {
  /** The next step for whoever reads the message, as a full sentence. */
  hint?: string;
  /** The input field at fault, as a path: `input.title`. */
  field?: string;
  /** Of a command that goes step by step: the one that failed. */
  step?: string;
  cause?: unknown;
}

/** An expected failure: its message may be shown to the person who caused it. Everything else is a fault and is masked. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly field: string | undefined;
  readonly step: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.field = options.field;
    this.step = options.step;
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return errorCatalogue[this.code].status;
  }

  /** The exit code of a command that ends with this error: 1 failed, 2 refused, 3 bad input. */
  get exitCode(): 1 | 2 | 3 {
    return errorCatalogue[this.code].exit;
  }
}

/** What a person sent, as a message may repeat it: its first 40 characters. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Finds the AppError in an error or among its causes (drivers and GraphQL wrap what was thrown). */
export function findAppError(error: unknown): AppError | undefined {
  return causesOf(error).find((cause) => cause instanceof AppError);
}

/** An error and what it was caused by, the outermost first; drivers and GraphQL wrap what was thrown. Ten at the most. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let current = error; causes.length < 10 && isErrorLike(current); current = current.originalError ?? current.cause) {
    causes.push(current);
  }
  return causes;
}

/** Not instanceof: an error of Node itself belongs to another realm where code runs in a vm context. */
function isErrorLike(value: unknown): value is Error & { originalError?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value;
}
