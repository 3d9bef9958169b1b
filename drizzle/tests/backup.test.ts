import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { plainTextSettings, readTables } from '@bailiwick/database/backup/catalogue';
import { beginDraft, listBackups, openBackupFolder, removeLeftovers, unwritableFolder } from '@bailiwick/database/backup/folder';
import { applyKeep, parseKeep, superfluous } from '@bailiwick/database/backup/retention';
import { writeTableFile } from '@bailiwick/database/backup/tableFile';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave, db, environmentOf, startDb } from './backupSupport.js';

const run = promisify(execFile);
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-backup-'));
  database = await createDatabaseToSave();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const names = async (root: string): Promise<string[]> => (await listBackups(root)).map(({ name }) => name);

describe('takeBackup', () => {
  test('saves every row of every schema, with its count and content as the server has them', async () => {
    const { manifest, path } = await takeBackup({ ...database, folder: join(folder, 'whole') });
    const contents = await contentsOf(database.operatorUrl, ['public', 'case_management', 'audit_system', 'identity', 'guard']);
    delete contents['guard.backups'];
    const saved = manifest.tables.map(({ schema, name, rows, content }) => [`${schema}.${name}`, `${rows} ${content}`]);
    expect(Object.fromEntries(saved)).toEqual(contents);
    expect(manifest.migrations.every(({ file }) => file !== null)).toBe(true);
    const cases = manifest.tables.find(({ name }) => name === 'legal_cases');
    const csv = gunzipSync(await readFile(join(path, cases?.file.path ?? ''))).toString('utf8');
    expect(csv.startsWith(`${cases?.columns.map(({ name }) => name).join(',')}\n`)).toBe(true);
    expect(csv).toContain('"a ""quoted"" text,\r\nof two lines;');
    expect(csv).toMatch(/,"",/);
    await expect(run('sha256sum', ['--check', '--status', 'manifest.sha256'], { cwd: path })).resolves.toBeDefined();
  });

  test('shows one moment of all tables while writers go on', async () => {
    let stopped = false;
    const writer = withSession(database.operatorUrl, 'writer', async (client) => {
      for (let n = 0; !stopped; n++) {
        await client.query('begin');
        await client.query(`insert into public.org_units (id, code, name) values (gen_random_uuid(), 'W-' || $1::int, 'Unit')`, [
          n,
        ]);
        await client.query(
          `insert into case_management.legal_cases (id, title, org_unit_id) select gen_random_uuid(), 'Case of a writer', id from public.org_units where code = 'W-' || $1::int`,
          [n],
        );
        await client.query('commit');
      }
    });
    try {
      for (let round = 0; round < 3; round++) {
        const { manifest, path } = await takeBackup({ ...database, folder: join(folder, 'writers') });
        const csvOf = async (table: string): Promise<string> => {
          const file = manifest.tables.find(({ name }) => name === table)?.file.path ?? '';
          return gunzipSync(await readFile(join(path, file))).toString('utf8');
        };
        const units = (await csvOf('org_units')).match(/,W-\d+,/g)?.length ?? 0;
        const cases = (await csvOf('legal_cases')).match(/,Case of a writer,/g)?.length ?? 0;
        expect(cases).toBe(units);
      }
    } finally {
      stopped = true;
      await writer;
    }
  });

  test('two at once give two complete backups', async () => {
    const root = join(folder, 'two');
    const [one, other] = await Promise.all([
      takeBackup({ ...database, folder: root }),
      takeBackup({ ...database, folder: root }),
    ]);
    expect(await names(root)).toEqual([one.manifest.name, other.manifest.name].sort().reverse());
    expect((await readdir(root)).filter((name) => /partial|lock/.test(name))).toEqual([]);
  });

  test('is noted in the database, by a role that writes nothing else', async () => {
    const { manifest, manifestChecksum } = await takeBackup({ ...database, folder: join(folder, 'noted') });
    await withSession(database.urlOf('backup_reader'), 'tests', async (client) => {
      const { rows } = await client.query('select name, rows::int from guard.backups where manifest_checksum = $1', [
        manifestChecksum,
      ]);
      expect(rows).toEqual([{ name: manifest.name, rows: manifest.tables.reduce((sum, { rows: n }) => sum + n, 0) }]);
      await client.query('set default_transaction_read_only = off');
      await expect(client.query(`delete from guard.backups`)).rejects.toThrow('permission denied');
      await expect(client.query(`update public.people set title = null`)).rejects.toThrow('permission denied');
    });
  });

  test('a folder that holds something else is refused and left alone', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'letter.txt'), 'Dear');
    await expect(takeBackup({ ...database, folder: other })).rejects.toMatchObject({ code: 'BACKUP_FOLDER_INVALID' });
    expect(await readdir(other)).toEqual(['letter.txt']);
    await expect(listBackups(other)).rejects.toMatchObject({ code: 'BACKUP_FOLDER_INVALID' });
    await expect(takeBackup({ ...database, folder: join(other, 'letter.txt') })).rejects.toMatchObject({
      code: 'BACKUP_FOLDER_UNWRITABLE',
      message: expect.stringContaining('it is a file') as string,
    });
  });

  test('the reasons for which a folder takes nothing are told in words', () => {
    expect(unwritableFolder('/x', { code: 'EROFS' }).message).toBe('/x can not be written: the file system is read-only.');
    expect(unwritableFolder('/x', { code: 'EACCES' }).message).toBe('/x can not be written: permission denied.');
  });

  test('a full disk and a read-only file system end with a clear error and leave nothing listed', async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', disk]);
    } catch {
      process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');
      return;
    }
    try {
      await expect(takeBackup({ ...database, folder: disk })).rejects.toMatchObject({
        code: 'BACKUP_FOLDER_UNWRITABLE',
        message: expect.stringContaining('is full') as string,
      });
      expect(await readdir(disk)).toEqual(['bailiwick-backups.json']);
      await run('mount', ['-o', 'remount,ro', disk]);
      await expect(takeBackup({ ...database, folder: disk })).rejects.toMatchObject({
        code: 'BACKUP_FOLDER_UNWRITABLE',
        message: expect.stringContaining('read-only') as string,
      });
    } finally {
      await run('umount', [disk]);
    }
  });

  test('a folder without write permission is refused', async () => {
    if (process.getuid?.() === 0) return;
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    await expect(takeBackup({ ...database, folder: closed })).rejects.toMatchObject({ code: 'BACKUP_FOLDER_UNWRITABLE' });
  });

  test('a role that row security holds back gets an error, never an empty file', async () => {
    await withSession(database.urlOf('case_management_app'), 'tests', async (client) => {
      await client.query('begin read only');
      await client.query(plainTextSettings);
      const [table] = await readTables(client, ['case_management']);
      if (!table) throw new Error('There is no table.');
      await expect(writeTableFile(client, table, join(folder, 'held.csv.gz'), 1)).rejects.toThrow('row-level security');
    });
  });
});

describe('npm run db -- backup', () => {
  // The kills in tests/disaster hit it more often.
  test('killed while it writes lists nothing, and the next one removes what is left', async () => {
    const root = join(folder, 'killed');
    const env = environmentOf(database, join(folder, 'data'));
    await openBackupFolder(root);
    const complete = new Set<string>();
    for (let round = 0; round < 2; round++) {
      const { child, ended } = startDb(['backup', '--to', root], env);
      const deadline = performance.now() + 30_000;
      // From the moment on that it writes.
      while (
        !(await readdir(root)).some((name) => name.endsWith('.partial')) &&
        performance.now() < deadline &&
        child.exitCode === null
      ) {
        await pause(5);
      }
      await pause(round * 100);
      child.kill('SIGKILL');
      await ended;
      for (const { name, fault } of await listBackups(root)) {
        expect(fault).toBeUndefined();
        complete.add(name);
      }
    }
    const leftovers = (await readdir(root)).filter((name) => name.endsWith('.partial'));
    const { exitCode, stderr, stdout } = await db(['backup', '--to', root, '--json'], env);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const name of leftovers) expect(stderr).toContain(`Removed ${name}, which a backup left that was killed.`);
    expect((await readdir(root)).filter((name) => /partial|lock/.test(name))).toEqual([]);
    complete.add((JSON.parse(stdout) as { name: string }).name);
    expect(new Set(await names(root))).toEqual(complete);
    const status = await db(['status'], env);
    expect(status.stdout).toMatch(/Last backup: \d{8}T\d{9}Z \(.+, 0 min ago\), [\d,]+ rows, in .+\nLast proven restore: none/);
  }, 120_000);

  test('--schema saves one, and --list tells it from the others', async () => {
    const root = join(folder, 'one');
    const env = environmentOf(database, join(folder, 'data'));
    const { stdout } = await db(['backup', '--to', root, '--schema', 'audit_system', '--json'], env);
    const { name, rows } = JSON.parse(stdout) as { name: string; rows: number };
    const listed = await db(['backup', '--to', root, '--list'], env);
    expect(listed.stdout).toBe(
      `${name}  ${database.name}, only audit_system, ${rows.toLocaleString('en-US')} rows, ${listed.stdout.match(/([\d,]+) bytes/)?.[1]} bytes, not proven\n`,
    );
  });
});

describe('what a killed backup left', () => {
  test('is not taken for one that is being made', async () => {
    const root = await openBackupFolder(join(folder, 'living'));
    const draft = await beginDraft(root);
    expect(await removeLeftovers(root)).toEqual([]);
    await draft.discard();
    expect(await readdir(root)).toEqual(['bailiwick-backups.json']);
  });
});

describe('--keep', () => {
  const hour = 3_600_000;
  const backups = Array.from({ length: 24 * 70 }, (_, n) => ({
    name: String(n),
    takenAt: new Date(Date.UTC(2026, 10, 22, 12) - n * hour),
    isProven: n === 900 || n === 1000,
  }));

  test('keeps the newest ones, and the newest of days, weeks and months', () => {
    const gone = new Set(superfluous(backups, parseKeep('last=3,daily=4,weekly=3,monthly=2')));
    const kept = backups.filter(({ name }) => !gone.has(name)).map(({ name }) => Number(name));
    // 12:00 on Sunday the 22nd; days end 13, 37, 61 hours back; weeks begin on Monday: the 16th, the 9th; October ends 517 hours back.
    expect(kept).toEqual([0, 1, 2, 13, 37, 61, 157, 325, 517, 900]);
  });

  test('never removes the newest, nor the only proven one', () => {
    const gone = superfluous(backups, parseKeep('daily=0'));
    expect(backups.length - gone.length).toBe(2);
    expect(gone).not.toContain('0');
    expect(gone).not.toContain('900');
  });

  test.each(['seven', 'last', 'last=-1', 'yearly=2', ''])('"%s" is refused', (text) => {
    expect(() => parseKeep(text)).toThrow('says not how many');
  });

  test('counts backups of one schema apart from whole ones', async () => {
    const root = join(folder, 'apart');
    const whole = await takeBackup({ ...database, folder: root });
    const part = await takeBackup({ ...database, folder: root, onlySchema: 'public' });
    const later = await takeBackup({ ...database, folder: root, onlySchema: 'public' });
    expect(await applyKeep(root, parseKeep('last=1'))).toEqual([part.manifest.name]);
    expect(await names(root)).toEqual([later.manifest.name, whole.manifest.name]);
  });
});
