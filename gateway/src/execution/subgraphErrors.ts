import { AppError, errorCatalogue, findAppError } from '@bailiwick/kernel/errors';
import type { ErrorCode } from '@bailiwick/kernel/errors';
import { GraphQLError } from 'graphql';

/**
 * What the execution of a query plan reports, in the terms of our catalogue. An error that a subgraph raised on purpose keeps its code,
 * message, hint and field, and its place in the answer. Everything else stays a fault, which is masked and logged: also a code of GraphQL
 * itself, because a part of an operation that a subgraph finds invalid was planned wrongly, and the caller can do nothing about that.
 */
export function explainSubgraphError(error: unknown): GraphQLError {
  const known = findAppError(error);
  if (known) return reported(known, error);
  if (!(error instanceof GraphQLError)) return fault(String(error), error);
  const { code, hint, field, serviceName } = error.extensions;
  if (typeof serviceName !== 'string') return error;
  if (typeof code === 'string' && isTold(code)) {
    const told = new AppError(code, error.message, { hint: textOrNothing(hint), field: textOrNothing(field), cause: error });
    return reported(told, error);
  }
  return fault(
    `The subgraph ${serviceName} answered with the fault ${typeof code === 'string' ? code : 'without a code'}: ${error.message}`,
    error,
  );
}

/** INTERNAL is masked anew, so that the request id and the hint are the gateway's. */
function isTold(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code) && code !== 'INTERNAL';
}

function reported(known: AppError, error: unknown): GraphQLError {
  return new GraphQLError(known.message, { path: pathOf(error), originalError: known });
}

function fault(message: string, cause: unknown): GraphQLError {
  return new GraphQLError(message, { path: pathOf(cause), originalError: new Error(message, { cause }) });
}

function pathOf(error: unknown) {
  return error instanceof GraphQLError ? error.path : undefined;
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
