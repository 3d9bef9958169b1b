import { setMaxListeners } from 'node:events';
import { answerOverHttp, createHttpServer, requestError } from '@bailiwick/kernel/http';
import type { DirectlyAnswering } from '@bailiwick/kernel/graphql';
import { AppError, findAppError } from '@bailiwick/kernel/errors';
import type { VerifyToken } from '@bailiwick/kernel/auth';
import type { Logger } from '@bailiwick/kernel/process';
import { refusal } from '@bailiwick/kernel/graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.js';
import type { SubgraphClient } from '../execution/subgraphClient.js';
import { serveExplorer } from '../explorer/routes.js';
import type { Explorer } from '../explorer/explorer.js';
import { anonymous } from '../limits/operationGate.js';
import type { PageData } from '../pages/pageData.js';
import { serveLandingPage } from '../pages/landingPage.js';
import { allowOrigins } from './cors.js';
import { serveHealth } from './health.js';
import { securityHeaders } from './securityHeaders.js';

export interface GatewayAppOptions {
  service: DirectlyAnswering<GatewayContext>;
  verifyToken: VerifyToken;
  log: Logger;
  allowIntrospection: boolean;
  clients: readonly SubgraphClient[];
  corsOrigins: readonly string[];
  explorer: Explorer;
  pageData: PageData;
}

/** The gateway over HTTP: /graphql, /health, and the two pages in a browser. */
export async function createGatewayApp(options: GatewayAppOptions): Promise<FastifyInstance> {
  const app = createHttpServer();
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ ...securityHeaders, 'x-request-id': request.id });
  });
  app.setErrorHandler(async (error, request, reply) => refuse(error, request, reply, options.log));
  app.setNotFoundHandler(async (request, reply) => {
    const error = new AppError('NOT_FOUND', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`, {
      hint: 'The graph answers at POST /graphql.',
    });
    return reply.code(404).send({ errors: [refusal(error, request.id).toJSON()] });
  });
  serveHealth(app, options.clients, options.log);
  serveLandingPage(app, options.allowIntrospection ? options.pageData : undefined);
  if (options.allowIntrospection) serveExplorer(app, options.explorer, options.pageData);
  await app.register(async (graphql) => serveGraph(graphql, options));
  return app;
}

async function serveGraph(
  app: FastifyInstance,
  { service, verifyToken, allowIntrospection, corsOrigins }: GatewayAppOptions,
): Promise<void> {
  const contexts = new WeakMap<FastifyRequest, GatewayContext>();
  allowOrigins(app, '/graphql', corsOrigins);

  // The endpoint's own address, opened in a browser, leads to the page that explains it.
  app.addHook('onRequest', async (request, reply) => {
    const isBrowser =
      request.method === 'GET' && request.headers.accept?.includes('text/html') === true && !request.url.includes('?');
    if (isBrowser) return reply.redirect('/', 303);
  });
  // Before the body is read. Who may not even look at the schema and has no token does not learn whether an operation would be valid.
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (request.method === 'OPTIONS') return;
    const caller = await verifyToken(request.headers.authorization);
    if (caller === undefined && !allowIntrospection) throw anonymous();
    const isPlanAsked = Boolean(request.headers['apollo-query-plan-experimental']);
    contexts.set(request, { caller, requestId: request.id, signal: untilGone(reply), isPlanAsked });
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode === 401) void reply.header('www-authenticate', 'Bearer');
    return reply.statusCode >= 400 && typeof payload === 'string' ? withRequestId(payload, request.id) : payload;
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: answerOverHttp(service, (request) => contexts.get(request)!),
  });
}

/** Aborts when the connection is closed before the answer is written. */
function untilGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  // Every request to a subgraph listens to it; an operation may need more of them than Node thinks likely.
  setMaxListeners(0, controller.signal);
  return controller.signal;
}

/** Apollo Server refuses some requests before any plugin runs (no content type, a body that is no operation): those lack the id. */
function withRequestId(payload: string, requestId: string): string {
  try {
    const answer = JSON.parse(payload) as { errors?: { extensions?: Record<string, unknown> }[] };
    if (!Array.isArray(answer.errors)) return payload;
    const errors = answer.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
    return JSON.stringify({ ...answer, errors });
  } catch {
    return payload;
  }
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  const known = findAppError(error) ?? requestError(error);
  if (known.status >= 500) log.error({ requestId: request.id, err: error }, 'a request met a fault before its operation began');
  return reply.code(known.status).send({ errors: [refusal(known, request.id).toJSON()] });
}
