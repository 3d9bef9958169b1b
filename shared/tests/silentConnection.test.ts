import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Database, explainDatabaseError } from '@bailiwick/kernel/postgres';
import { failureOf, givenDatabase, one, countUnits } from './support/databases.js';

const given = givenDatabase();

/** A proxy between the driver and PostgreSQL, as a firewall that forgets connections: it keeps them, and forwards nothing any more. */
let proxy: Server;
let url: string;
const links: [Socket, Socket][] = [];

function goSilent(): void {
  for (const [client, server] of links) {
    client.unpipe(server);
    server.unpipe(client);
  }
}

beforeAll(async () => {
  const target = new URL(given.testDatabase.urlOf('shared_tables_app'));
  const { port, hostname } = target;
  proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    links.push([client, server]);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  target.hostname = '127.0.0.1';
  target.port = String((proxy.address() as AddressInfo).port);
  url = target.href;
});
afterEach(() => {
  for (const sockets of links.splice(0)) for (const socket of sockets) socket.destroy();
});
afterAll(() => {
  proxy.close();
});

test('a connection that goes silent fails its read with SERVICE_UNAVAILABLE, and the next operation works', async () => {
  const database = given.open({ url, poolSize: 1, statementTimeout: 200 });
  await given.works(database);
  goSilent();
  const session = database.read(given.admin);
  expect(explainDatabaseError(await failureOf(one(session, countUnits)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await session.close();
  await given.works(database);
});

test('closing does not wait for a connection that went silent', async () => {
  const database = new Database({ url, applicationName: 'test kernel', poolSize: 2 });
  await given.works(database);
  const session = database.read(given.admin);
  await one(session, countUnits);
  goSilent();
  const failure = failureOf(one(session, countUnits)).finally(() => session.close());
  await database.close();
  expect(explainDatabaseError(await failure)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
