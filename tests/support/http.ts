import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export interface HttpAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they were sent, compressed or not. */
  readonly bytes: Buffer;
  /** The decompressed body. */
  readonly text: string;
}

/** The Accept headers that clients send. */
export const acceptHeaders: readonly [client: string, accept: string | undefined][] = [
  ['Apollo Client 4', 'application/graphql-response+json,application/json;q=0.9'],
  ['Apollo Client 3', '*/*'],
  ['axios', 'application/json, text/plain, */*'],
  ['urql', 'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed'],
  ['a client that wants JSON', 'application/json'],
  ['a client that says nothing', undefined],
];

/** Sends a request exactly as it is given. Node's fetch would add headers of its own, and decompress. */
export function send(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = '',
  }: {
    method?: string; /** By name, or names and values in turn, where a name stands twice. */
    headers?: Record<string, string> | string[];
    body?: string;
  },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, headers: Array.isArray(headers) ? headers : { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = decompress(bytes, response.headers['content-encoding']).toString();
        resolve({ status: response.statusCode, headers: response.headers, bytes, text });
      });
    });
    sent.on('error', reject).end(body);
  });
}

function decompress(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(bytes);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}
