/**
 * The memory of `db export`, as CSV and as SQL, of a database with few rows and of one with a hundred times as many: it must not grow with them. Makes a PostgreSQL
 * 15 server of its own, and takes it away again. Ends with 1 when the ratio is above 1.5 and the memory above 300 MB.
 *
 *   node --conditions=bailiwick-source --import tsx tests/bench/exportMemory.ts [--rows 1000000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createMigrated, startDebianServer } from './debianServer.js';
import { fillWithManyRows } from './manyRows.js';
import { measureDb } from './measure.js';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const many = Number(values.rows);
const server = await startDebianServer();
const folder = await mkdtemp(join(tmpdir(), 'bailiwick-export-memory-'));
try {
  const sizes = [Math.round(many / 100), many];
  const urls: string[] = [];
  for (const rows of sizes) {
    const url = await createMigrated(server, `export_of_${rows}`);
    await fillWithManyRows(url, rows);
    urls.push(url);
  }
  for (const format of ['csv', 'sql']) {
    const used: number[] = [];
    for (const [i, url] of urls.entries()) {
      const to = join(folder, `${format}-${i}`);
      const { seconds, megabytes } = await measureDb(['export', '--to', to, '--format', format], url, server.credentials);
      await rm(to, { recursive: true });
      used.push(megabytes ?? NaN);
      console.log(
        `${format}: ${(sizes[i] ?? 0).toLocaleString('en-US')} rows in ${seconds.toFixed(1)} s, at most ${megabytes} MB`,
      );
    }
    const ratio = (used[1] ?? NaN) / (used[0] ?? NaN);
    console.log(`${format}: ratio ${ratio.toFixed(2)}`);
    if (!(ratio <= 1.5) && !((used[1] ?? NaN) <= 300)) process.exitCode = 1;
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
