import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { createHttpServer, disconnectSignal } from '@bailiwick/kernel/http';
import type { VerifyToken } from '@bailiwick/kernel/auth';
import type { Logger } from '@bailiwick/kernel/process';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.js';
import type { SubgraphClient } from '../execution/subgraphClient.js';
import { serveExplorer } from '../explorer/routes.js';
import type { Explorer } from '../explorer/explorer.js';
import { tokenMissing } from '../limits/operationGate.js';
import { PreparationBudget, preparationTooCostly } from '../limits/preparationBudget.js';
import type { PreparationLimits } from '../limits/preparationBudget.js';
import type { PageData } from '../pages/pageData.js';
import { serveLandingPage } from '../pages/landingPage.js';
import { allowOrigins } from './cors.js';
import type { AllowedOrigins } from './cors.js';
import { serveHealth } from './health.js';
import { securityHeaders } from './securityHeaders.js';

export interface GatewayAppOptions {
  server: ApolloServer<GatewayContext>;
  verifyToken: VerifyToken;
  log: Logger;
  allowIntrospection: boolean;
  preparation: PreparationLimits;
  clients: readonly SubgraphClient[];
  corsOrigins: AllowedOrigins;
  explorer: Explorer;
  pageData: PageData;
}

/** Creates the gateway's HTTP server: /graphql, /health, the landing page and the explorer. */
export async function createGatewayApp(options: GatewayAppOptions): Promise<FastifyInstance> {
  const app = await createHttpServer(options.log);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ ...securityHeaders, 'x-request-id': request.id });
  });
  serveHealth(app, options.clients, options.log);
  serveLandingPage(app, options.allowIntrospection ? options.pageData : undefined);
  if (options.allowIntrospection) serveExplorer(app, options.explorer, options.pageData);
  await app.register(async (graphql) => serveGraph(graphql, options));
  return app;
}

async function serveGraph(
  app: FastifyInstance,
  { server, verifyToken, allowIntrospection, corsOrigins, preparation }: GatewayAppOptions,
): Promise<void> {
  const contexts = new WeakMap<FastifyRequest, GatewayContext>();
  const budget = new PreparationBudget(preparation);
  allowOrigins(app, '/graphql', corsOrigins);

  // A browser that opens the endpoint's URL is redirected to the landing page.
  app.addHook('onRequest', async (request, reply) => {
    const isBrowser =
      request.method === 'GET' && request.headers.accept?.includes('text/html') === true && !request.url.includes('?');
    if (isBrowser) return reply.redirect('/', 303);
  });
  // The token is verified before the body is read. Without a token and without introspection, a client can't find out which operations are valid.
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (request.method === 'OPTIONS') return;
    const signal = disconnectSignal(reply);
    const caller = await verifyToken(request.headers.authorization);
    if (caller === undefined && !allowIntrospection) throw tokenMissing();
    refuseSpenders(caller?.personId, reply);
    const chargePreparation = (milliseconds: number) => budget.charge(caller?.personId, milliseconds);
    const isPlanRequested = Boolean(request.headers['apollo-query-plan-experimental']);
    contexts.set(request, { caller, requestId: request.id, chargePreparation, signal, isPlanRequested });
  });
  // Once more when the body is there: many requests may have begun before the first one was charged.
  app.addHook('preHandler', async (request, reply) => refuseSpenders(contexts.get(request)?.caller?.personId, reply));
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode === 401) void reply.header('www-authenticate', 'Bearer');
    return reply.statusCode >= 400 && typeof payload === 'string' ? withRequestId(payload, request.id) : payload;
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(server, { context: async (request) => contexts.get(request)! }),
  });

  function refuseSpenders(person: string | undefined, reply: FastifyReply): void {
    const wait = budget.secondsToWait(person);
    if (wait === 0) return;
    void reply.header('retry-after', String(wait));
    throw preparationTooCostly(wait, preparation);
  }
}

/** Adds the request id to errors that lack it: Apollo Server refuses some requests before any plugin runs, for example a body without a query. */
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
