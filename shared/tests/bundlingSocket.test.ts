import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { BundlingSocket } from '../src/postgres/bundlingSocket.js';

let server: Server;
let received = '';
const socket = new BundlingSocket();

beforeAll(async () => {
  server = createServer((socket) => socket.on('data', (data) => (received += data.toString())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  socket.destroy();
  server.close();
});

test('what is written within one tick waits for its end, and then leaves whole', async () => {
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('begin;');
  socket.write('select;');
  expect(socket.writableLength).toBe('begin;select;'.length);
  socket.end();
  await once(socket, 'close');
  expect(received).toBe('begin;select;');
});
