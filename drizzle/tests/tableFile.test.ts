import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeTableFile } from '@bailiwick/database/backup/tableFile';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';

/** The end of the rows, as the server says it (PostgreSQL: "Message Formats", CopyDone). */
const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);

/** A way to a server on which what stands behind the last row comes late: when `released` does, or after half a second. */
async function wayWithDelay(url: string, released: Promise<unknown>) {
  const target = new URL(url);
  const server = createServer((client) => {
    const upstream = connectSocket(Number(target.port), target.hostname);
    client.pipe(upstream);
    upstream.on('end', () => client.end());
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    let last: Promise<unknown> = Promise.resolve();
    upstream.on('data', (bytes: Buffer) => {
      const end = bytes.indexOf(copyDone);
      last = last.then(async () => {
        if (end < 0) return client.write(bytes);
        client.write(bytes.subarray(0, end + copyDone.length));
        await Promise.race([released, pause(500)]);
        return client.write(bytes.subarray(end + copyDone.length));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return { url: through.href, close: () => new Promise((resolve) => server.close(resolve)) };
}

test('the rows of a table are counted when the server says their number in a later packet than the last row', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-table-'));
  let release: (value?: unknown) => void = () => undefined;
  const way = await wayWithDelay(database.operatorUrl, new Promise((resolve) => (release = resolve)));
  try {
    const table = { schema: 'identity', name: 'roles', columns: [{ name: 'name', type: 'text' }] };
    await withSession(way.url, 'tests', async (client) => {
      const { rows } = await client.query<{ count: number }>('select count(*)::int as count from identity.roles');
      const written = await writeTableFile(client, table, join(folder, 'roles.csv.gz'), 3);
      release();
      expect(written).toMatchObject({ rows: rows[0]!.count });
    });
  } finally {
    await way.close();
    await database.drop();
    await rm(folder, { recursive: true });
  }
});
