import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { jest } from '@jest/globals';
import { exportData } from '@bailiwick/database/export/exportData';
import { withSession } from '@bailiwick/database/setup/connect';
import { from as copyFrom } from 'pg-copy-streams';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf } from './backupSupport.js';
import { createNastyDatabase } from './exportSupport.js';

jest.setTimeout(240_000);

const seed = Number(process.env['EXPORT_SEED'] ?? Date.now() % 1_000_000);
let database: TestDatabase;
let folder: string;
let file: string;
beforeAll(async () => {
  database = await createNastyDatabase(seed);
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-export-'));
  const { path } = await exportData({ ...database, folder: join(folder, 'sql'), kind: 'sql' });
  file = join(path, 'data.sql');
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** The psql of the machine, where there is one. */
function findPsql(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
  ];
  return folders.map((each) => join(each, 'psql')).find((path) => existsSync(path));
}

/** As psql reads it: commands of psql are passed over, the lines behind COPY … FROM stdin go to the server. */
async function runWithDriver(url: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  await withSession(url, 'tests', async (client) => {
    let sql = '';
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      if (sql === '' && (line.startsWith('\\set ') || line.startsWith('--'))) continue;
      sql += `${line}\n`;
      if (!line.endsWith(';')) continue;
      if (/ from stdin;\n$/.test(sql)) {
        const end = lines.indexOf('\\.', i + 1);
        const rows = lines.slice(i + 1, end).map((row) => `${row}\n`);
        await pipeline(Readable.from(rows), client.query(copyFrom(sql)));
        i = end;
      } else await client.query(sql);
      sql = '';
    }
  });
}

const psql = findPsql();
function runWithPsql(url: string, script = file) {
  return spawnSync(psql!, ['--no-psqlrc', '--quiet', '--file', script, url], {
    encoding: 'utf8',
    // An account whose own settings differ from ours must read the same.
    env: { ...process.env, PGCLIENTENCODING: 'LATIN1', PGDATESTYLE: 'German', PGTZ: 'Pacific/Port_Moresby' },
  });
}

describe(`an export of SQL (EXPORT_SEED=${seed})`, () => {
  test.each([
    ['the driver', false],
    ['psql', true],
  ])('brings back the same content with %s', async (_name, withPsql) => {
    if (withPsql && !psql) return;
    const empty = await createTestDatabase();
    try {
      if (withPsql) expect(runWithPsql(empty.operatorUrl)).toMatchObject({ status: 0, stderr: '' });
      else await runWithDriver(empty.operatorUrl);
      expect(await contentsOf(empty.operatorUrl)).toEqual(await contentsOf(database.operatorUrl));
      const sequences = `select last_value, is_called from case_management.case_number_seq union all select last_value, is_called from audit_system.engagement_code_seq`;
      const valuesOf = async (url: string) => withSession(url, 'tests', async (client) => (await client.query(sequences)).rows);
      expect(await valuesOf(empty.operatorUrl)).toEqual(await valuesOf(database.operatorUrl));
    } finally {
      await empty.drop();
    }
  });

  (psql ? test : test.skip)('changes nothing where rows are there already, and runs no row as a command', async () => {
    const before = await contentsOf(database.operatorUrl);
    const { status, stderr } = runWithPsql(database.operatorUrl);
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining('duplicate key') });
    expect(stderr.match(/ERROR/g)).toHaveLength(1);
    expect(await contentsOf(database.operatorUrl)).toEqual(before);
  });

  (psql ? test : test.skip)('that is cut off brings nothing', async () => {
    const empty = await createTestDatabase();
    try {
      const before = await contentsOf(empty.operatorUrl);
      const whole = await readFile(file);
      await writeFile(join(folder, 'cut.sql'), whole.subarray(0, Math.floor(whole.length * 0.7)));
      runWithPsql(empty.operatorUrl, join(folder, 'cut.sql'));
      expect(await contentsOf(empty.operatorUrl)).toEqual(before);
    } finally {
      await empty.drop();
    }
  });
});
