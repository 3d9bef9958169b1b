import autocannon from 'autocannon';

/** What is sent: one of them after the other, over all connections. */
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
  readonly requests: readonly LoadRequest[];
  readonly seconds: number;
  readonly connections: number;
}

/** Sends the requests in turns for so long. The counter is one for all connections: with many variable sets no two of them ask the same at once. */
export async function runLoad({ url, requests, seconds, connections }: LoadOptions): Promise<Load> {
  let next = 0;
  let failures = 0;
  let firstFailure: string | undefined;
  const fail = (why: string): void => {
    failures += 1;
    firstFailure ??= why.slice(0, 1000);
  };
  const instance = autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 60,
    requests: [
      {
        method: 'POST',
        setupRequest(request) {
          const { path, body, authorization } = requests[next++ % requests.length]!;
          return {
            ...request,
            path,
            body,
            headers: { 'content-type': 'application/json', accept: 'application/json', authorization },
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
  if (result.errors > 0) fail(`${result.errors} connections failed, ${result.timeouts} of them by time`);
  const answered = result['2xx'] + result.non2xx;
  return {
    requests: answered,
    seconds: result.duration,
    perSecond: answered / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures,
    firstFailure,
    bytesPerAnswer: result.throughput.total / Math.max(1, answered),
  };
}
