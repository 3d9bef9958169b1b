import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestContext } from '../graphql/context.js';
import { answerOverHttp } from './directHttp.js';
import { drainWithin } from './drain.js';
import { AppError, findAppError } from '../errors/AppError.js';
import { newId } from '../postgres/ids.js';
import { explainDatabaseError } from '../postgres/postgresErrors.js';
import { stopAll } from '../process/process.js';
import { refusal } from '../graphql/subgraph.js';
import type { Subgraph } from '../graphql/subgraph.js';

/** An HTTP server that answers. */
export interface Listening {
  /** For example http://127.0.0.1:4001 */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets running requests end, closes. */
  stop(): Promise<void>;
}

/** The largest request body, in bytes: an operation with its variables is far smaller. */
const bodyLimit = 1024 * 1024;

/** How long requests that still run are waited for when a service ends, in milliseconds. Orchestrators kill after 10 s (Docker) or later. */
const drainTime = 8_000;

/** How long a client may take to send a request, in milliseconds. Fastify would wait for ever, with a connection and its memory for each. */
const receiveTime = 30_000;

/** A Fastify instance as every service uses it: bounded bodies, a bounded end, request ids taken over from a caller's `x-request-id` when they are sane. */
export function createHttpServer(): FastifyInstance {
  const app = fastify({
    bodyLimit,
    requestTimeout: receiveTime,
    // Node takes the longer of the two for the whole request, and looks only so often.
    http: { headersTimeout: receiveTime, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: 'idle',
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : newId();
    },
  });
  drainWithin(app, drainTime);
  return app;
}

/** Listens. `port` 0 takes a free one. Throws PORT_TAKEN. */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  afterClose: () => Promise<void>,
): Promise<Listening> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new AppError('PORT_TAKEN', `Port ${port} on ${host} is taken by another process.`, {
        cause,
        hint: 'Stop that process, or choose another port.',
      });
    }
    throw cause;
  }
  const address = app.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async stop() {
      await stopAll([afterClose, () => app.close()]);
    },
  };
}

/** Serves a subgraph alone: POST /graphql, and GET /health that asks the database for a sign of life. */
export async function serveSubgraph(subgraph: Subgraph, host: string, port: number): Promise<Listening> {
  const app = createHttpServer();
  const contexts = new WeakMap<FastifyRequest, RequestContext>();

  app.get('/health', async (_request, reply) => {
    try {
      await subgraph.database.ping();
      return { status: 'ok', subgraph: subgraph.name };
    } catch (error) {
      subgraph.log.error({ err: error }, 'the health check did not reach the database');
      return reply.code(503).send({ status: 'the database can not be reached', subgraph: subgraph.name });
    }
  });

  await app.register(async (graphql) => {
    // Before the body is read: who has no token learns nothing, not even whether an operation would be valid.
    graphql.addHook('onRequest', async (request, reply) => {
      void reply.header('x-request-id', request.id);
      contexts.set(request, await subgraph.contextOf({ authorization: request.headers.authorization, requestId: request.id }));
    });
    graphql.setErrorHandler(async (error, request, reply) => {
      const known = findAppError(error) ?? explainDatabaseError(error) ?? requestError(error);
      if (known.status >= 500)
        subgraph.log.error({ requestId: request.id, err: error }, 'a request met a fault before its operation began');
      return reply.code(known.status).send({ errors: [refusal(known, request.id).toJSON()] });
    });
    graphql.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: '/graphql',
      handler: answerOverHttp(subgraph, (request) => contexts.get(request)!),
    });
  });

  return listen(app, host, port, () => subgraph.stop());
}

/** A request that Fastify itself refuses (malformed JSON, a body too large), or a fault. */
export function requestError(error: unknown): AppError {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError('BAD_USER_INPUT', message ?? 'The request can not be read.', {
      hint: 'Send a JSON body of the form {"query": "…", "variables": {…}}, at most 1 MiB.',
    });
  }
  return new AppError('INTERNAL', 'Something went wrong on our side.', {
    cause: error,
    hint: 'Give the request id to the operator; the log has the fault under it.',
  });
}
