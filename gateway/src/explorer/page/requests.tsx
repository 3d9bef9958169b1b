import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { currentToken } from './person';

/** What the response of the last operation was: its HTTP status, how long it took, and its size before compression. */
export interface AnswerFact {
  status: number;
  milliseconds: number;
  bytes: number;
}

/** Tells the page about each answer. */
export const answers = new EventTarget();

export const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  fetch: async (url, options) => {
    const headers = new Headers(options?.headers);
    const token = currentToken();
    // A header from the header editor takes precedence.
    if (token && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    const began = performance.now();
    const response = await fetch(url, { ...options, headers, credentials: 'omit' });
    const bytes = (await response.clone().arrayBuffer()).byteLength;
    const fact: AnswerFact = { status: response.status, milliseconds: performance.now() - began, bytes };
    if (!isIntrospection(options?.body)) answers.dispatchEvent(new CustomEvent('answer', { detail: fact }));
    return response;
  },
});

/** GraphiQL reads the schema by itself, with an operation of this name. */
function isIntrospection(body: unknown): boolean {
  return typeof body === 'string' && (JSON.parse(body) as { operationName?: string }).operationName === 'IntrospectionQuery';
}
