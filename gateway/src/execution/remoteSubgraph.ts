import { AppError } from '@bailiwick/kernel/errors';
import type { FormattedExecutionResult } from 'graphql';
import { Pool } from 'undici';
import type { SubgraphClient } from './subgraphClient.js';

/** The timeout of a request in milliseconds. It is longer than the statement timeout of a subgraph. */
const answerWithin = 30_000;
const pingWithin = 2_000;

/** The keep-alive time of an idle connection in milliseconds. It is shorter than Fastify's 72 s, so that no request meets a connection that just closed. */
const keepAlive = 30_000;

/**
 * Creates the client of a subgraph behind HTTP, over a pool of keep-alive connections. `url` is the GraphQL endpoint. No request is sent twice,
 * because a mutation may have been executed although its response was lost.
 */
export function createRemoteSubgraph(name: string, url: string): SubgraphClient {
  const { origin, pathname, search } = new URL(url);
  const health = new URL('health', url);
  const pool = new Pool(origin, {
    headersTimeout: answerWithin,
    bodyTimeout: answerWithin,
    keepAliveTimeout: keepAlive,
    keepAliveMaxTimeout: keepAlive,
  });
  return {
    name,
    async execute({ query, variables, operationName }, { authorization, requestId }, signal) {
      const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
      if (authorization !== undefined) headers['authorization'] = authorization;
      if (requestId !== undefined) headers['x-request-id'] = requestId;
      const body = JSON.stringify({ query, variables, operationName });
      let statusCode: number;
      let answer: unknown;
      try {
        const response = await pool.request({
          method: 'POST',
          path: pathname + search,
          headers,
          body,
          signal: signal ?? null,
        });
        statusCode = response.statusCode;
        answer = await response.body.json();
      } catch (cause) {
        throw unavailable(name, cause);
      }
      // A response with an error status has a GraphQL result too, with errors.
      if (isResult(answer)) return answer;
      throw unavailable(name, new Error(`${url} answered with status ${statusCode} and no GraphQL result.`));
    },
    async ping() {
      let statusCode: number;
      try {
        const signal = AbortSignal.timeout(pingWithin);
        const response = await pool.request({ method: 'GET', path: health.pathname, signal });
        statusCode = response.statusCode;
        // An unread body would keep the connection from being reused.
        await response.body.dump();
      } catch (cause) {
        throw unavailable(name, cause);
      }
      if (statusCode !== 200) throw unavailable(name, new Error(`${health.href} answered with status ${statusCode}.`));
    },
    close: () => pool.destroy(),
  };
}

function isResult(answer: unknown): answer is FormattedExecutionResult {
  return (
    typeof answer === 'object' && answer !== null && ('data' in answer || ('errors' in answer && Array.isArray(answer.errors)))
  );
}

function unavailable(name: string, cause: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', `The subgraph ${name} can not be reached.`, {
    cause,
    hint: 'Try again in a moment; what the other subgraphs answered is in the result. The operator looks at the /health of the gateway.',
  });
}
