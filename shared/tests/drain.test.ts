import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createHttpServer, drainWithin, listen } from '@bailiwick/kernel/http';
import { createLog } from '@bailiwick/kernel/process';

const megabyte = Buffer.alloc(1024 * 1024);

/**
 * A server whose one answer is a stream that is larger than what the system buffers for a connection. A stream, because Node counts a
 * connection as idle as soon as a whole answer has been handed to it, and closes it then in any case.
 */
async function serverWithLargeAnswer(drain: number) {
  const app = await createHttpServer(createLog('test', 'silent'));
  drainWithin(app, drain);
  app.get('/large', async (_request, reply) => reply.send(Readable.from(Array.from({ length: 64 }, () => megabyte))));
  return listen(app, '127.0.0.1', 0, async () => undefined);
}

/** A client that asks and then reads nothing. */
async function stalledClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  return socket;
}

describe('drainWithin', () => {
  test('a client that stops reading does not keep the server from closing', async () => {
    const server = await serverWithLargeAnswer(200);
    const socket = await stalledClient(server.port);
    try {
      await server.stop();
    } finally {
      socket.destroy();
    }
  });

  test('a request that still runs is answered before the server closes', async () => {
    const server = await serverWithLargeAnswer(30_000);
    const response = await fetch(`${server.url}/large`);
    const [body] = await Promise.all([response.arrayBuffer(), server.stop()]);
    expect(body.byteLength).toBe(64 * megabyte.byteLength);
  });
});
