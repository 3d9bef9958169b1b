import type { ApolloServer, BaseContext } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
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

/**
 * Answers /graphql of a service. A POST with a JSON object that holds a valid operation is executed without Apollo Server's framing, which
 * costs as much as many an operation. Apollo Server answers everything else; tests hold the two ways against each other.
 */
export function answerOverHttp<Context extends BaseContext>(
  service: DirectlyAnswering<Context>,
  contextOf: (request: FastifyRequest) => Context,
): RouteHandlerMethod {
  const framed = fastifyApolloHandler(service.server, { context: async (request) => contextOf(request) });
  return async function (request, reply) {
    const operation = isPlain(request) ? operationOf(request.body) : undefined;
    const direct = operation && (await service.answerDirectly(operation, contextOf(request)));
    if (!direct) return framed.call(this, request, reply);
    void reply.header('content-type', jsonType);
    for (const error of direct.thrown) applyHttp(error, reply);
    // In Apollo Server's order and with its line end.
    const { errors, data, extensions } = direct.result;
    return `${JSON.stringify({ errors, data, extensions })}\n`;
  };
}

const jsonType = 'application/json; charset=utf-8';
/** How a request says that its body is JSON, and what it may accept for the answer to be JSON. Other spellings are left to Apollo Server. */
const jsonBodies = new Set<string | undefined>(['application/json', jsonType]);
const jsonAnswers = new Set<string | undefined>([undefined, '*/*', 'application/json']);

function isPlain({ method, headers }: FastifyRequest): boolean {
  return method === 'POST' && jsonBodies.has(headers['content-type']) && jsonAnswers.has(headers.accept);
}

/** The operation of a body that Apollo Server would execute as it stands; undefined where it has something to refuse or to look up. */
function operationOf(body: unknown): OperationRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { query, variables, operationName, extensions } = body;
  if (typeof query !== 'string' || query === '') return undefined;
  if (!isAbsent(operationName) && typeof operationName !== 'string') return undefined;
  if (!isAbsent(variables) && !isRecord(variables)) return undefined;
  if (!isAbsent(extensions) && !(isRecord(extensions) && !extensions['persistedQuery'])) return undefined;
  return { query, variables: variables ?? undefined, operationName: operationName ?? undefined };
}

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A resolver's error may carry a status and headers for the answer (https://www.apollographql.com/docs/apollo-server/data/errors). */
function applyHttp({ extensions }: GraphQLError, reply: FastifyReply): void {
  const { http } = extensions;
  if (!isRecord(http)) return;
  const { status, headers } = http;
  // Apollo Server takes it whole or not at all.
  if (('status' in http && typeof status !== 'number') || ('headers' in http && !(headers instanceof Map))) return;
  if (typeof status === 'number' && status !== 0) void reply.code(status);
  for (const [name, value] of (headers as Map<string, string> | undefined) ?? []) void reply.header(name, value);
}
