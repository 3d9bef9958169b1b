import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { wholeResponse } from '../src/execution/wholeResponse.js';

const text = JSON.stringify({ data: { name: 'Zoë Großmann' } });
/** Requests for /held are answered when the test says so. */
const held: ServerResponse[] = [];
const server = createServer((request, response) => {
  if (request.url === '/held') held.push(response);
  else if (request.url === '/bytes') void writeBytes(response);
  else response.end(text);
});

/** Each byte on its own, so that no character comes whole. */
async function writeBytes(response: ServerResponse): Promise<void> {
  response.socket?.setNoDelay();
  for (const byte of Buffer.from(text)) await new Promise((resolve) => response.write(Buffer.from([byte]), resolve));
  response.end();
}

let pool: Pool;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
});
afterAll(async () => {
  await pool.destroy();
  server.closeAllConnections();
  server.close();
});

const ask = (path: string, signal?: AbortSignal) => wholeResponse(pool, { method: 'GET', path }, signal);
const untilHeld = async (): Promise<ServerResponse> => {
  while (held.length === 0) await once(server, 'request');
  return held.shift()!;
};

test('a text of which no character comes whole is read whole', async () => {
  expect(await ask('/bytes')).toEqual({ statusCode: 200, text });
});

test('a request that waits for the only connection is given up at once, and the one before it answered', async () => {
  const first = ask('/held');
  const response = await untilHeld();
  const gone = new AbortController();
  const second = ask('/', gone.signal);
  gone.abort(new Error('Gone.'));
  await expect(second).rejects.toThrow('Gone.');
  response.end(text);
  expect(await first).toEqual({ statusCode: 200, text });
  expect(await ask('/')).toEqual({ statusCode: 200, text });
  expect(getEventListeners(gone.signal, 'abort')).toEqual([]);
});

test('one that is being answered is given up at once, and the next one works', async () => {
  const gone = new AbortController();
  const asked = ask('/held', gone.signal);
  (await untilHeld()).write(text.slice(0, 5));
  gone.abort(new Error('Gone.'));
  await expect(asked).rejects.toThrow('Gone.');
  expect(await ask('/')).toEqual({ statusCode: 200, text });
  expect(getEventListeners(gone.signal, 'abort')).toEqual([]);
});

test('a signal that has aborted before sends nothing', async () => {
  await expect(ask('/held', AbortSignal.abort(new Error('Gone before.')))).rejects.toThrow('Gone before.');
  expect(await ask('/')).toEqual({ statusCode: 200, text });
  expect(held).toEqual([]);
});

test('a signal of which nothing came keeps no listener', async () => {
  const { signal } = new AbortController();
  await ask('/', signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
