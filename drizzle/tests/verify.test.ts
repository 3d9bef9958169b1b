import { appendFile, cp, mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { checkFiles } from '@bailiwick/database/backup/checkFiles';
import { findBackup, listBackups } from '@bailiwick/database/backup/folder';
import { filesOf, readManifest, sha256Of } from '@bailiwick/database/backup/manifest';
import type { Backup } from '@bailiwick/database/backup/manifest';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import type { TestDatabase } from '../../tests/support/database.js';
import { createDatabaseToSave, db, environmentOf } from './backupSupport.js';

let folder: string;
let root: string;
let database: TestDatabase;
let backup: Backup;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-verify-'));
  root = join(folder, 'backups');
  database = await createDatabaseToSave();
  backup = await takeBackup({ ...database, folder: root });
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

let copies = 0;
async function copyOfBackup(): Promise<string> {
  const path = join(folder, `copy-${copies++}`);
  await cp(backup.path, path, { recursive: true });
  return path;
}
const verify = async (path: string) => checkFiles(await readManifest(path));

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const place = Math.min(at, bytes.length - 1);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

describe('checkFiles', () => {
  test('reads every file of a whole backup', async () => {
    const { files } = await verify(backup.path);
    expect(files).toBe(filesOf(backup.manifest).length + 2);
  });

  test('a flipped byte in a file of any kind is found, and the file named', async () => {
    const { tables, init, migrations } = backup.manifest;
    const kinds = [tables[0]?.file.path, init[0]?.path, migrations[0]?.file?.path, 'manifest.json', 'manifest.sha256'];
    for (const kind of kinds) {
      for (const at of [0, 50, Number.MAX_SAFE_INTEGER]) {
        const path = await copyOfBackup();
        await flip(join(path, kind ?? ''), at);
        await expect(verify(path)).rejects.toMatchObject({
          code: 'BACKUP_CORRUPT',
          message: expect.stringContaining(kind ?? '') as string,
        });
        await rm(path, { recursive: true });
      }
    }
  });

  test('a missing, a truncated, a grown and an extra file are each told', async () => {
    const table = backup.manifest.tables.find(({ rows }) => rows > 0)?.file.path ?? '';
    const missing = await copyOfBackup();
    await rm(join(missing, table));
    await expect(verify(missing)).rejects.toMatchObject({
      code: 'BACKUP_INCOMPLETE',
      message: expect.stringContaining(`${table} is missing`) as string,
    });
    const truncated = await copyOfBackup();
    await truncate(join(truncated, table), 20);
    await expect(verify(truncated)).rejects.toMatchObject({
      code: 'BACKUP_CORRUPT',
      message: expect.stringContaining('has 20 bytes') as string,
    });
    const grown = await copyOfBackup();
    await appendFile(join(grown, table), 'x');
    await expect(verify(grown)).rejects.toMatchObject({ code: 'BACKUP_CORRUPT' });
    const extra = await copyOfBackup();
    await writeFile(join(extra, 'tables', 'more.csv.gz'), '');
    await expect(verify(extra)).rejects.toMatchObject({
      code: 'BACKUP_INCOMPLETE',
      message: expect.stringContaining('tables/more.csv.gz does not belong to it') as string,
    });
    for (const name of ['manifest.json', 'manifest.sha256']) {
      const bare = await copyOfBackup();
      await rm(join(bare, name));
      await expect(verify(bare)).rejects.toMatchObject({
        code: 'BACKUP_INCOMPLETE',
        message: expect.stringContaining(`${name} is missing`) as string,
      });
    }
  });

  test('a newer format, a formula that nobody knows, and a manifest that leads out of the backup are refused', async () => {
    const rewrite = async (change: (manifest: Record<string, unknown>) => void): Promise<string> => {
      const path = await copyOfBackup();
      const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as Record<string, unknown>;
      change(manifest);
      const text = JSON.stringify(manifest);
      await writeFile(join(path, 'manifest.json'), text);
      await writeFile(join(path, 'manifest.sha256'), `${sha256Of(text)}  manifest.json\n`);
      return path;
    };
    const newer = await rewrite((manifest) => (manifest.format = 3));
    await expect(verify(newer)).rejects.toMatchObject({ code: 'BACKUP_OTHER_VERSION' });
    const counted = await rewrite((manifest) => (manifest.contentFormula = 'the number of rows'));
    await expect(verify(counted)).rejects.toMatchObject({
      code: 'BACKUP_OTHER_VERSION',
      message: expect.stringContaining('"the number of rows"') as string,
    });
    const outside = await rewrite((manifest) => {
      manifest.init = [{ path: 'init/../../x', bytes: 1, sha256: '0'.repeat(64) }];
    });
    await expect(verify(outside)).rejects.toMatchObject({ code: 'BACKUP_CORRUPT' });
  });

  test('a backup that is not there is told, with where it was looked for', async () => {
    await expect(findBackup(root, '20200101T000000000Z')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await expect(findBackup(empty, undefined)).rejects.toMatchObject({ code: 'BACKUP_FOLDER_INVALID' });
  });
});

describe('npm run db -- verify', () => {
  test('--restore proves a backup in a scratch server, notes it, and leaves nothing behind', async () => {
    // A folder of its own for temporary files: other tests have scratch servers as well.
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const env = { ...environmentOf(database, join(folder, 'data')), TMPDIR: temporary };
    const { exitCode, stdout, stderr } = await db(['verify', '--from', root, '--restore'], env);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^All \d+ files of \d{8}T\d{9}Z are as they were written/);
    expect(stdout).toMatch(/Proven: [\d,]+ rows of \d+ tables came back on PostgreSQL \d+\.\d+ with the same content/);
    const [listed] = await listBackups(root);
    expect(listed).toMatchObject({ name: basename(backup.path), proof: { manifestChecksum: backup.manifestChecksum } });
    expect((await db(['status'], env)).stdout).toMatch(/Last proven restore: \d{8}T\d{9}Z, proven .+, 0 min ago\./);
    expect((await readdir(temporary)).filter((name) => name.startsWith('bailiwick-scratch-'))).toEqual([]);
  }, 240_000);

  test('a damaged backup ends with exit code 1', async () => {
    const path = await copyOfBackup();
    await flip(join(path, backup.manifest.tables[0]?.file.path ?? ''), 12);
    const { exitCode, stderr } = await db(['verify', path], environmentOf(database, join(folder, 'data')));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('BACKUP_CORRUPT: The backup in ');
  }, 120_000);
});
