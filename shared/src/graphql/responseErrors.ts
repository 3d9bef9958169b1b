import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { causesOf } from '../errors/AppError.js';
import type { AppError } from '../errors/AppError.js';
import type { Logger } from '../process/log.js';
import { explainDatabaseError } from '../postgres/databaseErrors.js';

/**
 * Formats an error for the client. The text of an unknown error is replaced, because it may contain SQL with its parameters.
 * Apollo Server calls it for every error (`formatError`).
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, locations, path } = formatted;
  const at = { ...(locations && { locations }), ...(path && { path }) };
  const explained = explainDatabaseError(unwrapResolverError(error)) ?? explainDatabaseError(error);
  if (explained) return { message: explained.message, ...at, extensions: extensionsOf(explained) };
  const code = formatted.extensions?.['code'];
  if (typeof code === 'string' && requestFaults.has(code)) return { message, ...at, extensions: { code } };
  return {
    message: 'Something went wrong on our side.',
    ...at,
    extensions: { code: 'INTERNAL', hint: 'Give the request id to the operator; the log has the fault under it.' },
  };
}

/** The formatter for callers who may not read the schema: graphql-js suggests names of the schema for misspelt ones. */
export function formatErrorWithoutSuggestion(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const known = formatError(formatted, error);
  return { ...known, message: splitSuggestion(known.message)[0] };
}

/** Splits a message of graphql-js before its "Did you mean …?", which may be missing. */
export function splitSuggestion(message: string): [reason: string, suggestion: string] {
  const start = message.endsWith('?') ? message.lastIndexOf(' Did you mean ') : -1;
  return start < 0 ? [message, ''] : [message.slice(0, start), message.slice(start)];
}

/** Apollo Server's codes for a malformed request. Their messages quote only the request and the schema, so the client may read them. */
const requestFaults = new Set<string>([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.BAD_REQUEST,
  ApolloServerErrorCode.BAD_USER_INPUT,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
]);

/** The `extensions` that a client reads: code, hint and field. */
export function extensionsOf(error: AppError): Record<string, unknown> {
  return { code: error.code, ...(error.hint && { hint: error.hint }), ...(error.field && { field: error.field }) };
}

/** Adds the HTTP status to an error. Apollo Server takes it from the extensions, and removes it there. */
export function withStatus(error: AppError): GraphQLError {
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...extensionsOf(error), http: { status: error.status } },
  });
}

/** Names the request of a log entry. */
interface TracedRequest {
  requestId: string;
  operationName: string | null | undefined;
}

/** A plugin of Apollo Server that adds the request id to every error, and logs every fault under that id. */
export function errorTrace<Context extends BaseContext>(
  log: Logger,
  requestIdOf: (context: Context) => string,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue, operationName }) {
          logFaults(errors, log, { requestId: requestIdOf(contextValue), operationName });
        },
        async willSendResponse({ response, contextValue }) {
          if (response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          if (!singleResult.errors) return;
          const requestId = requestIdOf(contextValue);
          singleResult.errors = singleResult.errors.map((error) => withRequestId(error, requestId));
        },
      };
    },
  };
}

function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

function logFaults(errors: readonly GraphQLError[], log: Logger, request: TracedRequest): void {
  for (const error of errors) {
    if (isFault(error)) log.error({ ...request, path: error.path, ...traceOf(error) }, 'a request met a fault');
  }
}

function isFault(error: GraphQLError): boolean {
  const explained = explainDatabaseError(error);
  if (explained) return explained.status >= 500;
  const code = error.extensions['code'];
  return typeof code !== 'string' || !requestFaults.has(code);
}

/** Log fields of a fault: the innermost cause with its stack, and the SQL statement. Its parameters are people's data and stay out of the log. */
function traceOf(error: GraphQLError): { err: Error; statement?: string } {
  const causes = causesOf(error);
  const statement = causes.map((cause) => (cause as { query?: unknown }).query).findLast((query) => typeof query === 'string');
  return { err: causes.at(-1) ?? error, ...(statement !== undefined && { statement }) };
}
