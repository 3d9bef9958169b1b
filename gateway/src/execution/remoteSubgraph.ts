import { AppError } from '@bailiwick/kernel/errors';
import type { FormattedExecutionResult } from 'graphql';
import type { SubgraphClient } from './subgraphClient.js';

/** A subgraph that has not answered after this long, in milliseconds, will not: its own statements are cut off earlier. */
const answerWithin = 30_000;
const pingWithin = 2_000;

/**
 * A subgraph behind HTTP. Connections are kept alive and reused (Node's fetch does that by itself). Nothing is sent twice: a part of a
 * mutation may have been carried out although its answer was lost.
 */
export function createRemoteSubgraph(name: string, url: string): SubgraphClient {
  const health = new URL('health', url);
  return {
    name,
    async execute({ query, variables, operationName }, { authorization, requestId }) {
      const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
      if (authorization !== undefined) headers['authorization'] = authorization;
      if (requestId !== undefined) headers['x-request-id'] = requestId;
      const body = JSON.stringify({ query, variables, operationName });
      let response: Response;
      let answer: unknown;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers,
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(answerWithin),
        });
        answer = await response.json();
      } catch (cause) {
        throw unavailable(name, cause);
      }
      // A refusal is an answer as well: whatever its status, it carries errors in the form of GraphQL.
      if (isAnswer(answer)) return answer;
      throw unavailable(name, new Error(`${url} answered with status ${response.status} and no GraphQL result.`));
    },
    async ping() {
      let response: Response;
      try {
        response = await fetch(health, { signal: AbortSignal.timeout(pingWithin) });
        await response.arrayBuffer();
      } catch (cause) {
        throw unavailable(name, cause);
      }
      if (!response.ok) throw unavailable(name, new Error(`${health.href} answered with status ${response.status}.`));
    },
  };
}

function isAnswer(answer: unknown): answer is FormattedExecutionResult {
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
