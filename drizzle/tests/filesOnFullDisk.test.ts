import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '@bailiwick/database/migrate/files';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { approveMigration } from '@bailiwick/database/plan/approvals';
import { withSession } from '@bailiwick/database/setup/connect';
import { stateOf } from '../../tests/disaster/support.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { createDatabaseToSave, db, environmentOf } from './backupSupport.js';
import { folderWith, next, rows } from './migrateSupport.js';

const mounts = spawnSync('sh', [
  '-c',
  'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s',
]);
const whereMounts = mounts.status === 0 ? describe : describe.skip;
if (mounts.status !== 0) process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');

const kilobyte = 1024;

whereMounts('on a full disk', () => {
  let folder: string;
  let disk: string;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabaseToSave();
    folder = await mkdtemp(join(tmpdir(), 'bailiwick-files-full-'));
    disk = join(folder, 'disk');
    await mkdir(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]).status).toBe(0);
  });
  afterAll(async () => {
    spawnSync('umount', [disk]);
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  });
  afterEach(async () => makeRoom());

  const makeRoom = async (): Promise<void> => rm(join(disk, 'filler'), { force: true });
  const freeBytes = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  };
  async function fill(free: number): Promise<void> {
    await makeRoom();
    await writeFile(join(disk, 'filler'), Buffer.alloc((await freeBytes()) - free));
  }
  const state = async (): Promise<unknown> => withSession(database.operatorUrl, 'tests', stateOf);
  const contentsOfFolder = async (path: string): Promise<[string, string][]> =>
    Promise.all(
      (await readdir(path)).sort().map(async (name) => [name, await readFile(join(path, name), 'latin1')] as [string, string]),
    );

  test.each(['csv', 'sql'])(
    'an export as %s says so, wherever it ran out of room, and an older one stays as it was',
    async (format) => {
      const env = environmentOf(database, join(folder, 'data'));
      const target = join(disk, 'today');
      const args = ['export', '--to', target, '--format', format];
      const empty = await freeBytes();
      const made = await db(args, env);
      expect({ exitCode: made.exitCode, stderr: made.exitCode ? made.stderr : '' }).toEqual({ exitCode: 0, stderr: '' });
      const size = empty - (await freeBytes());
      const [older, before] = [await contentsOfFolder(target), await state()];

      const refused = async (free: number, left: string[]): Promise<void> => {
        await fill(free);
        const { exitCode, stdout, stderr } = await db(args, env);
        expect(stderr).toMatch(
          new RegExp(
            `^BACKUP_FOLDER_UNWRITABLE: The disk that holds ${target} is full\\. What was begun is taken away again\\.$`,
            'm',
          ),
        );
        expect(stderr).toMatch(/^Hint: Free some space, .*--to\.$/m);
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
        expect((await readdir(disk)).sort()).toEqual(['filler', ...left]);
      };
      // No room for the lock, for the first file, in the midst of them, and near the end at the very end.
      for (const free of [0, 8 * kilobyte, Math.floor(size / 2), size - 8 * kilobyte]) {
        await refused(free, ['today']);
        expect(await contentsOfFolder(target)).toEqual(older);
      }
      await rm(target, { recursive: true });
      await refused(Math.floor(size / 2), []);
      expect(await state()).toEqual(before);
      await makeRoom();
      expect((await db(args, env)).exitCode).toBe(0);
      await rm(target, { recursive: true });
    },
    180_000,
  );

  test('a migration that loses something is not applied when its backup finds no room; its approval is still good', async () => {
    const name = `${next}_case_management_drop`;
    const drop = 'drop table case_management.rooms;';
    await rows(
      database,
      'set role case_management_owner; create table case_management.rooms as select n as id, md5(n::text) from generate_series(1, 40000) n',
    );
    const migrations = await folderWith({ [`${name}.sql`]: drop });
    const file = (await readMigrations(migrations)).find((one) => one.name === name);
    await withSession(database.operatorUrl, 'tests', async (client) => approveMigration(client, file!, [drop], 'a test'));
    const backups = join(disk, 'backups');
    const migrate = async () =>
      migrateDatabase({ ...database, folder: migrations, withoutRules: true, backupFolder: backups, lockWait: 30_000 });
    const before = await state();

    for (const free of [0, 8 * kilobyte, 64 * kilobyte, 512 * kilobyte]) {
      await fill(free);
      await expect(migrate()).rejects.toMatchObject({
        code: 'BACKUP_FOLDER_UNWRITABLE',
        exitCode: 1,
        message: expect.stringMatching(/^The disk that holds .*backups is full\. What was begun is taken away again\./) as string,
        hint: expect.stringContaining('Free some space') as string,
      });
      expect(await state()).toEqual(before);
      const left = await readdir(backups).catch(() => []);
      expect(left.filter((one) => one !== 'bailiwick-backups.json')).toEqual([]);
    }
    await makeRoom();
    const { applied, protections } = await migrate();
    expect(applied).toEqual([name]);
    expect(protections).toHaveLength(1);
  }, 120_000);
});
