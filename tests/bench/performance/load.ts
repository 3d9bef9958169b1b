import autocannon from 'autocannon';
import { apolloClient } from './clientHeaders.js';

/** What is sent. */
export interface LoadRequest {
  readonly path: string;
  readonly body: string;
  readonly authorization: string;
}

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Everything that was not an answer with status 200 and without errors. */
  readonly failures: number;
  readonly firstFailure: string | undefined;
  readonly bytesPerAnswer: number;
}

export interface LoadOptions {
  readonly url: string;
  /** What is sent next, whichever connection is free. */
  readonly next: () => LoadRequest;
  readonly seconds: number;
  readonly connections: number;
}

/** One request after the other, and the first one again after the last: who shares it with others, asks for other sets than they do. */
export function inTurn(requests: readonly LoadRequest[]): () => LoadRequest {
  let sent = 0;
  return () => requests[sent++ % requests.length]!;
}

const percentile = (sorted: readonly number[], part: number): number => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;

/** Sends requests for so long. */
export async function runLoad({ url, next, seconds, connections }: LoadOptions): Promise<Load> {
  let failures = 0;
  let firstFailure: string | undefined;
  // The load generator's own histogram counts whole milliseconds, of which the smallest operation takes five.
  const times: number[] = [];
  const fail = (why: string): void => {
    failures += 1;
    firstFailure ??= why.slice(0, 1000);
  };
  const instance = autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 60,
    setupClient: (client) => void client.on('response', (_status, _bytes, milliseconds) => times.push(milliseconds)),
    requests: [
      {
        method: 'POST',
        setupRequest(request) {
          const { path, body, authorization } = next();
          return {
            ...request,
            path,
            body,
            headers: { 'content-type': 'application/json', accept: apolloClient, authorization },
          };
        },
        onResponse(status, body) {
          // Our texts hold no quoted "errors", and userErrors is not quoted before its e; a filled list of them is a failure as well.
          if (status !== 200 || body.includes('"errors":') || body.includes('"userErrors":[{')) fail(`${status} ${body}`);
        },
      },
    ],
  });
  const result = await instance;
  times.sort((one, other) => one - other);
  if (result.errors > 0) fail(`${result.errors} connections failed, ${result.timeouts} of them by time`);
  const answered = result['2xx'] + result.non2xx;
  return {
    requests: answered,
    seconds: result.duration,
    perSecond: answered / result.duration,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    failures,
    firstFailure,
    bytesPerAnswer: result.throughput.total / Math.max(1, answered),
  };
}
