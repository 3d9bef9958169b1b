import type { ApolloServer, BaseContext } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';

/** An operation as it is sent (https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters). */
export interface OperationRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  extensions?: Record<string, unknown> | undefined;
}

/** What an operation came to that was executed without Apollo Server. */
export interface DirectAnswer {
  readonly result: FormattedExecutionResult;
  /** As they were thrown; `result` has them as they are told. */
  readonly thrown: readonly GraphQLError[];
}

/** What answers the operations of one endpoint in two ways. */
export interface DirectlyAnswering<Context extends BaseContext> {
  readonly server: ApolloServer<Context>;
  /** Executes a valid operation without Apollo Server's framing. Undefined, with nothing executed, for one that Apollo Server has to refuse. */
  answerDirectly(request: OperationRequest, context: Context): Promise<DirectAnswer | undefined>;
}

/** Answers one operation without HTTP, exactly as it would be answered over HTTP. */
export async function answerHere<Context extends BaseContext>(
  service: DirectlyAnswering<Context>,
  request: OperationRequest,
  contextValue: Context,
): Promise<FormattedExecutionResult> {
  const direct = await service.answerDirectly(request, contextValue);
  if (direct) return direct.result;
  const { body } = await service.server.executeOperation(request, { contextValue });
  if (body.kind !== 'single') throw new Error('No service answers in parts.');
  return body.singleResult;
}
