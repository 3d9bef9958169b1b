/**
 * How long `db restore` takes beside `pg_restore -j2`, and `db backup` beside `pg_dump -Fd -j2` with the same compression level, in turns on one Debian
 * server of PostgreSQL 15, each into a new database. The limit is 1.25 each, and 300 MB of memory.
 *
 *   node --conditions=bailiwick-source --import tsx tests/bench/restoreVersusPgRestore.ts [--rows 5000000] [--rounds 3]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bin, createMigrated, startDebianServer } from './debianServer.js';
import { fillWithManyRows } from './manyRows.js';
import { measure, measureDb, report } from './measure.js';
import type { Measured } from './measure.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '5000000' }, rounds: { type: 'string', default: '3' } },
});
const level = 3;
const folder = await mkdtemp(join(tmpdir(), 'bailiwick-bench-backups-'));
const server = await startDebianServer();

/** With the processor time of the server's sessions added to the command's own. */
async function withServer(run: () => Promise<Measured>): Promise<Measured> {
  const before = await server.processorSeconds();
  const measured = await run();
  // A session ends a moment after its client, and is waited for by the server then.
  let after = await server.processorSeconds();
  for (let last = -1; last !== after; after = await server.processorSeconds()) {
    last = after;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { processorSeconds } = measured;
  return { ...measured, processorSeconds: processorSeconds === null ? null : processorSeconds + after - before };
}

try {
  const source = await createMigrated(server, 'source');
  const rows = await fillWithManyRows(source, Number(values.rows));
  const where = ['-h', server.host, '-p', String(server.port), '-U', 'postgres'];
  const backups = join(folder, 'backups');
  const dump = join(folder, 'dump');
  const times = { backup: [] as Measured[], dump: [] as Measured[], restore: [] as Measured[], pgRestore: [] as Measured[] };
  for (let round = 0; round < Number(values.rounds); round++) {
    await rm(dump, { recursive: true, force: true });
    const dumpArgs = [...where, '-Fd', '-j2', `-Z${level}`, '-f', dump, 'source'];
    times.dump.push(await withServer(() => measure(join(bin, 'pg_dump'), dumpArgs)));
    const args = ['backup', '--to', backups, '--level', String(level), '--keep', 'last=1', '--json'];
    const taken = await withServer(() => measureDb(args, source, server.credentials));
    times.backup.push(taken);
    await server.create('theirs');
    const restored = await withServer(() => measure(join(bin, 'pg_restore'), [...where, '-j2', '-d', 'theirs', dump]));
    times.pgRestore.push(restored);
    await server.create('ours');
    const { path } = JSON.parse(taken.output) as { path: string };
    times.restore.push(
      await withServer(() =>
        measureDb(['restore', path, '--confirm', 'ours', '--json'], server.urlOf('ours'), server.credentials),
      ),
    );
  }
  const title = `${rows.toLocaleString('en-US')} rows, compression level ${level}`;
  report(`backup and pg_dump -Fd -j2: ${title}`, times.backup, times.dump, 1.25);
  report(`restore and pg_restore -j2: ${title}`, times.restore, times.pgRestore, 1.25);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
