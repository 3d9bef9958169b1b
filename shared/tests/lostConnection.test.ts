import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { Database, explainDatabaseError, newId } from '@bailiwick/kernel/postgres';
import { sql } from 'drizzle-orm';

/** A message of the PostgreSQL protocol (PostgreSQL documentation, section 54.7). */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const authenticated = message('R', Buffer.alloc(4));
const readyForQuery = message('Z', Buffer.from('I'));
const shutDown = message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

let server: Server;
let database: Database;

beforeAll(async () => {
  // Greets, and ends the connection in the same packet: what a client may see of a server that shuts down in this moment.
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([authenticated, readyForQuery, shutDown])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  database = new Database({ url: `postgres://app@127.0.0.1:${port}/bailiwick`, applicationName: 'test kernel' });
});
afterAll(async () => {
  await database.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('a connection that the server ends as it greets', () => {
  const select = sql`select 1`;

  test('fails the reading operation with SERVICE_UNAVAILABLE, and not the process', async () => {
    const session = database.read(newId());
    const failure = await session
      .db('test:read')
      .execute(select)
      .catch((error: unknown) => error);
    await session.close();
    expect(explainDatabaseError(failure)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  test('fails the writing operation in the same way', async () => {
    const failure = await database.write(newId(), (tx) => tx.db('test:write').execute(select)).catch((error: unknown) => error);
    expect(explainDatabaseError(failure)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
