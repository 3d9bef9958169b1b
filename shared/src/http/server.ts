import type { AddressInfo } from 'node:net';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastifyCompress } from '@fastify/compress';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestContext } from '../graphql/context.js';
import { disconnectSignal } from './disconnectSignal.js';
import { drainWithin } from './drain.js';
import { AppError } from '../errors/AppError.js';
import { newId } from '../postgres/ids.js';
import type { Logger } from '../process/log.js';
import { stopAll } from '../process/process.js';
import { answerRequestErrors, bodyLimit, readJsonBodies, refuseRepeatedHeaders } from './requestErrors.js';
import type { Subgraph } from '../graphql/subgraph.js';

/** A listening HTTP server. */
export interface Listening {
  /** The base URL, for example http://127.0.0.1:4001. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting connections, waits for running requests and closes the server. */
  stop(): Promise<void>;
}

/** The time in milliseconds that a stopping service waits for running requests. Docker kills a container after 10 s, other orchestrators later. */
const drainTime = 8_000;

/** The time in milliseconds in which a client has to send its whole request. Fastify's default is no limit, so slow clients could hold all connections. */
const receiveTime = 30_000;

/** Responses below this size in bytes are sent uncompressed: they fit into a few packets, and compression would cost more time than it saves. */
const compressionThreshold = 4 * 1024;

/**
 * Creates the Fastify instance of every service. It limits request bodies, receive time and drain time, and compresses responses for clients that accept it.
 * A request that fails before its operation begins is answered in the form of a GraphQL error.
 * It takes the request id from the header `x-request-id` if that is short and plain, and creates one otherwise.
 */
export async function createHttpServer(log: Logger): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit,
    requestTimeout: receiveTime,
    // Node applies the longer of requestTimeout and headersTimeout to the whole request, and checks at this interval.
    http: { headersTimeout: receiveTime, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: 'idle',
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : newId();
    },
  });
  drainWithin(app, drainTime);
  answerRequestErrors(app, log);
  readJsonBodies(app);
  app.addHook('onRequest', async (request) => refuseRepeatedHeaders(request));
  // Compressed request bodies stay refused: bodyLimit counts compressed bytes, so a small body could expand without limit.
  await app.register(fastifyCompress, { threshold: compressionThreshold, globalDecompression: false });
  return app;
}

/** Starts listening; port 0 picks a free port. `stop` runs `afterClose` as well. Throws PORT_TAKEN. */
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

/** Serves one subgraph over HTTP: /graphql, and GET /health, which runs a statement on the database. */
export async function serveSubgraph(subgraph: Subgraph, host: string, port: number): Promise<Listening> {
  const app = await createHttpServer(subgraph.log);
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
    // The token is verified before the body is read. Without a token, a client can't even find out which operations are valid.
    graphql.addHook('onRequest', async (request, reply) => {
      void reply.header('x-request-id', request.id);
      const { authorization } = request.headers;
      const signal = disconnectSignal(reply);
      contexts.set(request, await subgraph.contextOf({ authorization, requestId: request.id, signal }));
    });
    graphql.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      handler: fastifyApolloHandler(subgraph.server, { context: async (request) => contexts.get(request)! }),
    });
  });

  return listen(app, host, port, () => subgraph.stop());
}
