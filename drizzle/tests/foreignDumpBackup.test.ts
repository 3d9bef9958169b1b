import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTools } from '@bailiwick/database/foreign/clientTools';
import { archiveVersion } from '@bailiwick/database/foreign/dumpSource';
import type { DumpReport } from '@bailiwick/database/foreign/restoreDump';
import { placeOf, withSession } from '@bailiwick/database/setup/connect';
import { createEmptyDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave, db, environmentOf } from './backupSupport.js';
import { hostedRoles, legacySql } from './foreignLegacy.js';

let folder: string;
let database: TestDatabase;
let serverMajor: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-dump-backup-'));
  database = await createDatabaseToSave();
  serverMajor = await withSession(database.operatorUrl, 'tests', async (client) => {
    const { rows } = await client.query<{ major: number }>(`select current_setting('server_version_num')::int / 10000 as major`);
    return rows[0]?.major ?? 0;
  });
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const tools = findTools('pg_dump', undefined);
const env = (of: TestDatabase = database): NodeJS.ProcessEnv => environmentOf(of, join(folder, 'data'));
const backups = (): string => join(folder, 'backups');
/** Whether this server has a pg_dump of its own version here; a test that needs it says so where it has none. */
const hasOwnTools = (): boolean => {
  if (tools.some(({ major }) => major === serverMajor)) return true;
  console.log(`Not tested: there is no pg_dump of PostgreSQL ${serverMajor} here.`);
  return false;
};

/** The header of an archive, as pg_dump writes it (pg_backup_archiver.c, WriteHead). */
function archiveHeader(serverVersion: string, dumpVersion: string): Buffer {
  const int = (value: number): Buffer => Buffer.from([0, value & 255, (value >> 8) & 255, 0, 0]);
  const text = (value: string): Buffer => Buffer.concat([int(value.length), Buffer.from(value)]);
  const clock = [5, 41, 21, 22, 10, 126, 0].map(int);
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, 14, 0, 4, 8, 1]),
    int(6),
    ...clock,
    text('db_15.2'),
    text(serverVersion),
    text(dumpVersion),
    Buffer.alloc(64),
  ]);
}

describe('db backup --format dump', () => {
  test('a pg_dump of another version is refused with both versions; nothing is saved', async () => {
    const other = tools.find(({ major }) => major !== serverMajor);
    if (!other) return console.log('Not tested: there is no pg_dump of another version here.');
    const to = join(folder, 'refused');
    const { exitCode, stderr } = await db(['backup', '--format', 'dump', '--to', to, '--pg-dump', other.path], env());
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      new RegExp(
        `CLIENT_TOOL_UNFIT: The server is PostgreSQL ${serverMajor}\\.[\\d.]+, and pg_dump here is ${other.version.replaceAll('.', '\\.')}`,
      ),
    );
    await expect(readdir(to)).rejects.toThrow('ENOENT');
  });

  test('a program that is none is refused', async () => {
    const { exitCode, stderr } = await db(['backup', '--format', 'dump', '--to', backups(), '--pg-dump', '/bin/echo'], env());
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('/bin/echo is not there, or is no pg_dump.'),
    });
  });

  test('is listed, verified, and restored like a backup of our own form', async () => {
    if (!hasOwnTools()) return;
    const taken = await db(['backup', '--format', 'dump', '--to', backups()], env());
    expect(taken).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Next: npm run db -- verify') });
    const [name = ''] = (await readdir(backups())).filter((one) => one.endsWith('Z'));
    expect((await db(['backup', '--list', '--to', backups()], env())).stdout).toMatch(
      new RegExp(`^${name} .* bytes of pg_dump ${serverMajor}`),
    );
    expect(await db(['verify', name, '--from', backups()], env())).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('as many of each of the'),
    });

    const empty = await createEmptyDatabase();
    try {
      const work = join(folder, 'work');
      const done = await db(
        ['restore', name, '--from', backups(), '--work', work, '--confirm', empty.name, '--json'],
        env(empty),
      );
      expect({ exitCode: done.exitCode, stderr: done.exitCode === 0 ? '' : done.stderr }).toEqual({ exitCode: 0, stderr: '' });
      const { restored, extraction } = JSON.parse(done.stdout) as DumpReport;
      expect(restored?.notBroughtBack).toEqual([]);
      expect(extraction?.load.failed).toEqual([]);
      expect(await contentsOf(empty.operatorUrl)).toEqual(await contentsOf(database.operatorUrl));
    } finally {
      await empty.drop();
    }

    const archive = join(backups(), name, 'database.dump');
    const bytes = await readFile(archive);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(archive, bytes);
    for (const verb of [
      ['verify', name],
      ['restore', name, '--confirm', database.name],
    ]) {
      const { exitCode, stderr } = await db([...verb, '--from', backups()], env());
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/BACKUP_CORRUPT: .*database\.dump has SHA-256/),
      });
    }
  }, 300_000);
});

describe('db restore from an archive of pg_dump', () => {
  test('reads the versions of an archive, and refuses one that is newer than every pg_restore here', async () => {
    const path = join(folder, 'newer.dump');
    await writeFile(path, archiveHeader('98.2 (Debian 98.2-1)', '99.1 (Debian 99.1-1)'));
    expect(await archiveVersion(path, 'custom')).toBe('99.1');
    const { exitCode, stderr } = await db(['restore', path, '--confirm', database.name, '--work', join(folder, 'work')], env());
    expect(exitCode).toBe(2);
    const [newest] = findTools('pg_restore', undefined);
    expect(stderr).toContain(
      newest
        ? `newer.dump was made by pg_dump 99.1, and the newest pg_restore here is ${newest.version} (`
        : `made by pg_dump 99.1), and there is none here.`,
    );
  });

  test('custom, directory and tar format give the same rows as plain SQL', async () => {
    if (!hasOwnTools()) return;
    const legacy = await createEmptyDatabase();
    const target = await createEmptyDatabase();
    try {
      await withSession(legacy.operatorUrl, 'tests', async (client) => {
        for (const role of hostedRoles)
          await client.query(`do $$ begin create role ${role}; exception when duplicate_object then null; end $$`);
        await client.query(legacySql(6));
      });
      const tool = tools.find(({ major }) => major === serverMajor)?.path ?? '';
      const { host, port } = placeOf(legacy.operatorUrl);
      const password = decodeURIComponent(new URL(legacy.operatorUrl).password);
      let contents: Record<string, string> | undefined;
      for (const form of ['plain', 'custom', 'directory', 'tar']) {
        const path = join(folder, `legacy.${form}`);
        const args = [
          `--format=${form}`,
          `--file=${path}`,
          `--host=${host}`,
          `--port=${port}`,
          '--username=postgres',
          legacy.name,
        ];
        expect(spawnSync(tool, args, { env: { PGPASSWORD: password }, encoding: 'utf8' })).toMatchObject({
          status: 0,
          stderr: '',
        });
        const done = await db(
          [
            'restore',
            path,
            '--work',
            join(folder, 'work'),
            '--rejects',
            join(folder, 'r.csv'),
            '--confirm',
            target.name,
            '--json',
          ],
          env(target),
        );
        expect({ exitCode: done.exitCode, stderr: done.exitCode === 0 ? '' : done.stderr }).toEqual({ exitCode: 0, stderr: '' });
        const found = await contentsOf(target.operatorUrl);
        contents ??= found;
        expect(found).toEqual(contents);
        expect(found['case_management.legal_cases']).toMatch(/^6 /);
      }
      const archive = join(folder, 'legacy.custom');
      const bytes = await readFile(archive);
      await writeFile(archive, bytes.subarray(0, bytes.length - 2000));
      const cut = await db(['restore', archive, '--work', join(folder, 'work'), '--confirm', target.name], env(target));
      expect(cut).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(/DUMP_INVALID: pg_restore [\d.]+ can not read .*legacy\.custom/),
      });
      expect(await contentsOf(target.operatorUrl)).toEqual(contents);
    } finally {
      await legacy.drop();
      await target.drop();
    }
  }, 400_000);
});
