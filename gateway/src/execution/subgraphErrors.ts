import { AppError, errorCatalogue, findAppError } from '@bailiwick/kernel/errors';
import type { ErrorCode } from '@bailiwick/kernel/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorPath } from './targets.js';

/**
 * What a subgraph reports, in the terms of our catalogue and at its place in the whole answer. An error that it raised on purpose keeps its
 * code, message, hint and field. Everything else stays a fault, which is masked and logged: also a code of GraphQL itself, because a part
 * of an operation that a subgraph finds invalid was planned wrongly, and the caller can do nothing about that.
 */
export function explainSubgraphError(error: GraphQLFormattedError, subgraph: string, path: ErrorPath | undefined): GraphQLError {
  const { code, hint, field } = error.extensions ?? {};
  if (typeof code === 'string' && isTold(code)) {
    const told = new AppError(code, error.message, { hint: textOrNothing(hint), field: textOrNothing(field), cause: error });
    return new GraphQLError(told.message, { path, originalError: told });
  }
  return fault(
    `The subgraph ${subgraph} answered with the fault ${typeof code === 'string' ? code : 'without a code'}: ${error.message}`,
    error,
    path,
  );
}

/** What was thrown while a subgraph was asked: SERVICE_UNAVAILABLE where it can not be reached, else a fault. */
export function explainThrown(error: unknown): GraphQLError {
  const known = findAppError(error);
  if (known) return new GraphQLError(known.message, { originalError: known });
  return fault(error instanceof Error ? error.message : String(error), error, undefined);
}

/** INTERNAL is masked anew, so that the request id and the hint are the gateway's. */
function isTold(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code) && code !== 'INTERNAL';
}

function fault(message: string, cause: unknown, path: ErrorPath | undefined): GraphQLError {
  return new GraphQLError(message, { path, originalError: new Error(message, { cause }) });
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
