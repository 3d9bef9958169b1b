import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listBackups, openBackupFolder } from '@bailiwick/database/backup/folder';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { silentProgress } from '@bailiwick/database/import/progress';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { db, environmentOf, startDb } from './backupSupport.js';

const run = promisify(execFile);
/** Larger than every other table; lines of 33 bytes that hardly compress. */
const [firstRows, secondRows] = [120_000, 110_000];

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-overlap-'));
  database = await createTestDatabase();
  await withSession(database.operatorUrl, 'tests', async (client) =>
    client.query(`set role case_management_owner;
      create table case_management.first (a text); insert into case_management.first select md5(n::text) from generate_series(1, ${firstRows}) n;
      create table case_management.second (a text); insert into case_management.second select md5(n::text) from generate_series(1, ${secondRows}) n`),
  );
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The one backup that is being made. */
async function filesOfDraft(root: string): Promise<string[]> {
  const draft = (await readdir(root)).find((name) => name.endsWith('.partial'));
  return draft ? readdir(join(root, draft, 'tables')).catch(() => []) : [];
}

test('a disk that is full for the file of one table, while the next table is read, ends the backup; nothing is listed', async () => {
  const { manifest, path } = await takeBackup({ ...database, folder: join(folder, 'whole'), connections: 1 });
  const before = [...manifest.init, ...manifest.migrations.flatMap(({ file }) => file ?? [])];
  const pages = (bytes: number): number => Math.ceil(bytes / 4096) * 4096;
  const first = manifest.tables.find(({ name }) => name === 'first')?.file.bytes ?? 0;
  expect((await stat(path)).isDirectory()).toBe(true);
  // All that comes before, and the file of the first table but for its last 60 KiB: by then every row of it has been read.
  const room = before.reduce((sum, { bytes }) => sum + pages(bytes), 0) + pages(first) - 60 * 1024;
  const disk = join(folder, 'disk');
  await mkdir(disk);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${room}`, 'tmpfs', disk]);
  } catch {
    process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');
    return;
  }
  try {
    const files = new Set<string>();
    const looks: Promise<unknown>[] = [];
    const look = async (): Promise<void> => (await filesOfDraft(disk)).forEach((name) => files.add(name));
    const progress = { ...silentProgress, advance: () => void looks.push(look().catch(() => undefined)) };
    await expect(takeBackup({ ...database, folder: disk, connections: 1, progress })).rejects.toMatchObject({
      code: 'BACKUP_FOLDER_UNWRITABLE',
      message: `The disk that holds ${disk} is full. What was begun is taken away again.`,
    });
    await Promise.all(looks);
    expect([...files].sort()).toEqual(['case_management.first-0.csv.gz', 'case_management.second-1.csv.gz']);
    expect(await readdir(disk)).toEqual(['bailiwick-backups.json']);
    expect(await listBackups(disk)).toEqual([]);
  } finally {
    await run('umount', [disk]);
  }
});

test('killed while one table is written and the next is read, a backup is not listed, and the next one removes what is left', async () => {
  const root = await openBackupFolder(join(folder, 'killed'));
  const env = environmentOf(database, join(folder, 'data'));
  const { child, ended } = startDb(['backup', '--to', root, '--connections', '1', '--level', '9'], env);
  const deadline = performance.now() + 60_000;
  while ((await filesOfDraft(root)).length < 2 && child.exitCode === null && performance.now() < deadline) await pause(1);
  child.kill('SIGKILL');
  await ended;
  expect((await filesOfDraft(root)).length).toBeGreaterThanOrEqual(2);
  expect(await listBackups(root)).toEqual([]);
  const { exitCode, stderr } = await db(['backup', '--to', root], env);
  expect(stderr).toMatch(/^Removed \d{8}T\d{9}Z\.partial, which a backup left that was killed\.$/m);
  expect(exitCode).toBe(0);
  expect(await listBackups(root)).toMatchObject([{ fault: undefined }]);
}, 120_000);
