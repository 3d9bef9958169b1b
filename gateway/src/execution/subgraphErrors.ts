import { AppError, errorCatalogue, findAppError } from '@bailiwick/kernel/errors';
import type { ErrorCode } from '@bailiwick/kernel/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorPath } from './targets.js';

/**
 * Translates a subgraph's error, at its path in the whole response. An error of the catalogue keeps its code, message, hint and field. Any other
 * error becomes a fault, which is masked and logged. That includes GraphQL's own codes: a request that a subgraph finds invalid was planned wrongly.
 */
export function explainSubgraphError(error: GraphQLFormattedError, subgraph: string, path: ErrorPath | undefined): GraphQLError {
  const { code, hint, field } = error.extensions ?? {};
  if (typeof code === 'string' && isPublicCode(code)) {
    const known = new AppError(code, error.message, { hint: textOf(hint), field: textOf(field), cause: error });
    return new GraphQLError(known.message, { path, originalError: known });
  }
  return fault(
    `The subgraph ${subgraph} answered with the fault ${typeof code === 'string' ? code : 'without a code'}: ${error.message}`,
    error,
    path,
  );
}

/** Translates an exception of a request to a subgraph: SERVICE_UNAVAILABLE if the subgraph is unreachable, else a fault. */
export function explainThrown(error: unknown): GraphQLError {
  const known = findAppError(error);
  if (known) return new GraphQLError(known.message, { originalError: known });
  return fault(error instanceof Error ? error.message : String(error), error, undefined);
}

/** Tells whether the client reads this code. INTERNAL is masked again, so that the hint and the log entry are the gateway's. */
function isPublicCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code) && code !== 'INTERNAL';
}

function fault(message: string, cause: unknown, path: ErrorPath | undefined): GraphQLError {
  return new GraphQLError(message, { path, originalError: new Error(message, { cause }) });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
