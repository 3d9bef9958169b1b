import { execFileSync } from 'node:child_process';
import { appendFile, chmod, chown, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveStatus, describeArchive } from '../src/archive/status.js';
import { failureWords } from '../src/archive/serverView.js';
import { until } from '../src/embedded/deadline.js';
import { freePort } from '../src/embedded/postmaster.js';
import { createEmptyDatabase } from '../../tests/support/database.js';
import { switchWal } from './archiveSupport.js';
import { afterwards, cleanUp, newFolder, query } from './embeddedSupport.js';

const programs = '/usr/lib/postgresql/15/bin';
const with15 = process.getuid?.() === 0 && existsSync(join(programs, 'postgres')) ? describe : describe.skip;

afterEach(cleanUp);

test('a server that does not archive is told in words for what that means', async () => {
  const database = await createEmptyDatabase();
  try {
    const [setting] = await query<{ archive_mode: string }>(database.operatorUrl, 'show archive_mode');
    const status = await archiveStatus(database.operatorUrl);
    expect(status).toMatchObject({ mode: setting?.archive_mode, kept: null });
    if (status.mode === 'off') {
      expect(status.red).toEqual([
        'Archiving is off (archive_mode): what is written after the last backup can not be brought back.',
      ]);
      expect(describeArchive(status)).toBe('Archive: off.');
    }
  } finally {
    await database.drop();
  }
});

test('the words of a failure are the archiver’s last, with what the command itself wrote', () => {
  const log = [
    '2026-11-22 21:00:00.000 UTC [7] ERROR:  could not open file "x": Permission denied',
    '2026-11-22 21:00:00.000 UTC [8] ERROR:  of another process',
    'cp: cannot create regular file: No space left on device',
    '2026-11-22 21:00:01.000 UTC [9] LOG:  archive command failed with exit code 1',
    '2026-11-22 21:00:01.000 UTC [9] DETAIL:  The failed archive command was: cp',
    '2026-11-22 21:00:01.000 UTC [9] WARNING:  archiving write-ahead log file "y" failed too many times, will try again later',
  ].join('\n');
  expect(failureWords(log, 7)).toBe('could not open file "x": Permission denied');
  expect(failureWords(log, 9)).toBe(
    'archive command failed with exit code 1: cp: cannot create regular file: No space left on device',
  );
  expect(failureWords(log, 10)).toBeNull();
  expect(failureWords(undefined, 7)).toBeNull();
});

with15('the archive_command of docs/archive.md, run by PostgreSQL 15,', () => {
  let url: string;
  let archive: string;

  beforeEach(async () => {
    const page = await readFile(fileURLToPath(new URL('../../docs/archive.md', import.meta.url)), 'utf8');
    const command = /^archive_command = 'd=.*'$/m.exec(page)?.[0] ?? '';
    const folder = await newFolder();
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    archive = join(folder, 'archive');
    await mkdir(archive, { mode: 0o700 });
    for (const path of [folder, archive]) await chown(path, uid ?? 0, gid ?? 0);
    const data = join(folder, 'data');
    const as = (program: string, ...args: string[]) =>
      execFileSync('runuser', ['-u', 'postgres', '--', join(programs, program), '-D', data, ...args], {
        stdio: 'ignore',
        cwd: '/',
      });
    as('initdb', '-A', 'trust', '-U', 'postgres', '--no-sync');
    const port = await freePort();
    const settings = [
      `port=${port}`,
      `listen_addresses='127.0.0.1'`,
      `unix_socket_directories=''`,
      'archive_mode=on',
      'fsync=off',
    ];
    await appendFile(
      join(data, 'postgresql.conf'),
      [...settings, command.replace('/srv/bailiwick-archive', archive), ''].join('\n'),
    );
    as('pg_ctl', '-w', '-l', join(folder, 'log'), 'start');
    afterwards(() => as('pg_ctl', '-w', '-m', 'immediate', 'stop'));
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  });

  const arrived = async (name: string) => until(async () => (await readdir(archive)).includes(name), 30_000);
  const statusWithin = async (fits: (red: string[]) => boolean) => {
    await until(async () => fits((await archiveStatus(url)).red), 60_000);
    return archiveStatus(url);
  };

  test('archives whole segments, accepts one that comes again, and refuses to overwrite, which status tells', async () => {
    await query(url, 'create table note as select 1 as n');
    const first = await switchWal(url);
    expect(await arrived(first)).toBe(true);
    expect((await archiveStatus(url)).red).toEqual([]);
    expect((await readdir(archive)).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect((await readFile(join(archive, first))).length).toBe(16 * 1024 * 1024);

    // What a crash between the command and the server's own note brings about: it comes again.
    const next = /^(.{16})(.{8})$/.exec(first);
    const second = `${next?.[1]}${(Number.parseInt(next?.[2] ?? '', 16) + 1).toString(16).toUpperCase().padStart(8, '0')}`;
    await writeFile(join(archive, second), 'somebody else’s');
    await query(url, 'insert into note values (2)');
    expect(await switchWal(url)).toBe(second);
    const failing = await statusWithin((red) => red.length > 0);
    expect(failing.red).toEqual([
      expect.stringMatching(
        new RegExp(`^Archiving fails: ${second} at .*archive command failed with exit code 1: .* differ: byte 1`),
      ),
    ]);
    expect(await readFile(join(archive, second), 'utf8')).toBe('somebody else’s');

    const [{ path = '' } = {}] = await query<{ path: string }>(
      url,
      `select current_setting('data_directory') || '/pg_wal/${second}' as path`,
    );
    await writeFile(join(archive, second), await readFile(path));
    await query(url, 'insert into note values (3)');
    expect(await arrived(await switchWal(url))).toBe(true);
    expect((await statusWithin((red) => red.length === 0)).red).toEqual([]);
  });

  test('says why it fails, and goes on by itself when that is mended', async () => {
    await chmod(archive, 0o500);
    await query(url, 'create table note as select 1 as n');
    const segment = await switchWal(url);
    const failing = await statusWithin((red) => red.length > 0);
    expect(failing).toMatchObject({ isFailing: true, lastFailure: { segment }, waiting: { count: 1 } });
    expect(failing.red[0]).toMatch(/archive command failed with exit code 1: cp: .*Permission denied/);
    await chmod(archive, 0o700);
    await query(url, 'insert into note values (2)');
    await switchWal(url);
    expect(await arrived(segment)).toBe(true);
    expect((await statusWithin((red) => red.length === 0)).red).toEqual([]);
  });
});
