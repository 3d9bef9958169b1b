import type { BaseContext } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { DirectlyAnswering, OperationRequest } from '../graphql/directAnswer.js';

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
