import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { db, environmentOf } from './backupSupport.js';

let folder: string;
let database: TestDatabase;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-restore-faults-'));
  database = await createTestDatabase();
  await query(
    `insert into public.org_units (id, code, name) select gen_random_uuid(), 'U-' || n, 'Unit' from generate_series(1, 200) n`,
  );
  ({ path } = await takeBackup({ ...database, folder: join(folder, 'backups') }));
  await query(
    `begin; set local session_replication_role = replica; update public.org_units set name = 'Another'; delete from public.org_units where code = 'U-7'; commit`,
  );
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const query = async (sql: string) =>
  withSession(database.operatorUrl, 'tests', async (client) => client.query<{ n: number }>(sql));
const restore = async (conflicts: string) =>
  db(['restore', path, '--confirm', database.name, '--conflicts', conflicts], environmentOf(database, join(folder, 'data')));
const units = async (): Promise<number | undefined> =>
  (await query('select count(*)::int as n from public.org_units')).rows[0]?.n;

test('a place where contradictions can not be listed is refused before any work, with the reason, and left as it is', async () => {
  const taken = join(folder, 'taken');
  await mkdir(taken);
  await writeFile(join(folder, 'file'), 'mine');
  for (const [conflicts, why] of [
    [taken, 'it is a folder'],
    [join(folder, 'nowhere', 'c.csv'), 'its folder is not there, or is read-only'],
    [join(folder, 'file', 'c.csv'), 'a part of the path is a file'],
  ] as const) {
    const { exitCode, stderr } = await restore(conflicts);
    expect(stderr).toContain(
      `RESTORE_FAILED: The rows that stay away can not be listed in ${conflicts}: ${why}. Nothing was changed.`,
    );
    expect(stderr).toContain('Hint: Name another file with --conflicts.');
    expect(stderr).not.toContain('Reading');
    expect(exitCode).toBe(1);
  }
  expect(await units()).toBe(199);
  expect(await readdir(taken)).toEqual([]);
});

test('a disk that fills up while contradictions are listed takes everything back, and an older list stays', async () => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12k', 'tmpfs', disk]).status !== 0) {
    process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');
    return;
  }
  try {
    const conflicts = join(disk, 'c.csv');
    await writeFile(conflicts, 'the older list');
    const full = await restore(conflicts);
    expect(full.stderr).toContain(
      `RESTORE_FAILED: The rows that stay away can not be listed in ${conflicts}: the disk is full. Nothing was changed.`,
    );
    expect(full.exitCode).toBe(1);
    expect(await units()).toBe(199);
    expect(await readFile(conflicts, 'utf8')).toBe('the older list');
    expect(await readdir(disk)).toEqual(['c.csv']);
    spawnSync('mount', ['-o', 'remount,size=1m', disk]);
    const { exitCode, stderr } = await restore(conflicts);
    expect([exitCode, exitCode ? stderr : '']).toEqual([0, '']);
    expect(await units()).toBe(200);
    expect((await readFile(conflicts, 'utf8')).trimEnd().split('\n')).toHaveLength(200);
  } finally {
    spawnSync('umount', [disk]);
  }
});
