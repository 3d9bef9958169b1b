import { randomInt } from 'node:crypto';
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withSession } from '@bailiwick/database/setup/connect';
import type { DumpReport } from '@bailiwick/database/foreign/restoreDump';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, db, environmentOf, startDb } from './backupSupport.js';

const fixture = fileURLToPath(new URL('fixtures/dumps/legacy.sql', import.meta.url));
const csvFolder = fileURLToPath(new URL('fixtures/legacy', import.meta.url));

let folder: string;
let database: TestDatabase;
let dump: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-foreign-'));
  dump = await readFile(fixture, 'utf8');
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const work = (): string => join(folder, 'work');
const put = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const env = (): NodeJS.ProcessEnv => environmentOf(database, join(folder, 'data'));
const options = (): string[] => ['--work', work(), '--rejects', join(folder, 'rejects.csv')];
const confirmed = (): string[] => [...options(), '--confirm', database.name];
const restore = async (path: string, ...more: string[]) => db(['restore', path, ...confirmed(), ...more], env());
/** The report of a restore that must end well. */
const report = async (path: string, ...more: string[]): Promise<DumpReport & { notBroughtBack: string[] }> => {
  const { exitCode, stdout, stderr } = await restore(path, '--json', ...more);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as DumpReport & { notBroughtBack: string[] };
};
const query = async <T extends Record<string, unknown>>(sql: string): Promise<T[]> =>
  withSession(database.operatorUrl, 'tests', async (client) => (await client.query<T>(sql)).rows);
const leftInWork = async (): Promise<string[]> =>
  (await readdir(work()).catch(() => [])).filter((name) => !name.endsWith('.lock'));

describe('db restore from an SQL dump of the legacy layout', () => {
  test('brings every row home that the mapping takes, lists what it does not, and a second run changes nothing', async () => {
    const first = await restore(fixture);
    expect({ exitCode: first.exitCode, stderr: first.exitCode === 0 ? '' : first.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(first.stderr).toContain(`${fixture} is a plain SQL dump.`);
    expect(first.stdout).toMatch(/^cases +6 +6 +6 +0$/m);
    expect(first.stdout).toMatch(/^people +5 +5 +4 +1 +ROLE_UNKNOWN 1$/m);
    expect(first.stdout).toMatch(/^case_management\.legal_cases +0 +6 +0 +0 +6 +changed$/m);
    expect(first.stdout).toContain('passed over: roles that are not here, 2 statements (anon, authenticated)');
    expect(first.stdout).toContain('passed over: event triggers');
    expect(first.stdout).toContain('7 rows of auth.users: the host');
    expect(await readFile(join(folder, 'rejects.csv'), 'utf8')).toContain('Astronaut');
    expect(
      await query(`select c.description, c.opened_on::text, c.created_at, u.code from case_management.legal_cases c left join public.org_units u on u.id = c.org_unit_id
        order by case_number limit 4`),
    ).toEqual([
      expect.objectContaining({ code: null, created_at: new Date('2019-05-05T21:08:09.123Z') }),
      expect.objectContaining({ description: '', code: 'LEGAL' }),
      expect.objectContaining({ description: '\\.' }),
      expect.objectContaining({ description: 'two\r\nlines' }),
    ]);
    const contents = await contentsOf(database.operatorUrl);
    const again = await report(fixture);
    expect(again.legacy?.tables.every(({ isContentEqual, differing }) => isContentEqual && differing === 0)).toBe(true);
    expect(again.legacy?.imported.targets.every(({ inserted, changed }) => inserted + changed === 0)).toBe(true);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    await query(`update case_management.legal_cases set title = 'Changed since' where case_number = 'LC-2'`);
    const kept = await report(fixture);
    expect(kept.legacy?.tables.filter(({ differing }) => differing > 0)).toMatchObject([
      { table: 'case_management.legal_cases', differing: 1 },
    ]);
    expect(await query(`select title from case_management.legal_cases where case_number = 'LC-2'`)).toEqual([
      { title: 'Changed since' },
    ]);
    expect(await leftInWork()).toEqual([]);
  }, 240_000);

  test('a dump without tables, one of unknown types, and one of INSERTs give the same rows', async () => {
    await restore(fixture);
    const contents = await contentsOf(database.operatorUrl);
    const dataOnly = dump
      .replaceAll(/^CREATE TABLE public\.(?:.|\n)*?^\);$/gm, '')
      .replaceAll(/^CREATE TYPE public\.(?:.|\n)*?^\);$/gm, '');
    expect(dataOnly).not.toContain('CREATE TABLE public.');
    const bare = await report(await put('data-only.sql', dataOnly));
    expect(bare.extraction?.load.simplified.map(({ table }) => table)).toContain('public.cases');
    const strange = await report(await put('strange.sql', dump.replace('search tsvector', 'search vector(3)')));
    expect(strange.extraction?.load.simplified).toEqual([{ table: 'public.cases', why: 'type "vector" does not exist' }]);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    for (const one of [bare, strange]) expect(one.legacy?.tables.every(({ isContentEqual }) => isContentEqual)).toBe(true);
  }, 240_000);

  test('rows that do not arrive are an error, and nothing is changed', async () => {
    const contents = await contentsOf(database.operatorUrl);
    const broken = await put('broken.sql', dump.replace('LC-1\t', 'LC-1\textra\t'));
    const { exitCode, stderr } = await restore(broken);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /RESTORE_FAILED: Rows of the dump did not arrive in the scratch server: line \d+, COPY public\.cases .*extra data after last expected column/,
    );
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    expect(await leftInWork()).toEqual([]);
  }, 120_000);

  test('a dump that is cut off is refused; with --accept-truncated its whole rows come in, and what is missing is said', async () => {
    const end = dump.indexOf('\n', dump.indexOf('COPY public.events')) + 400;
    const cut = await put('cut.sql', dump.slice(0, end));
    const refused = await restore(cut);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(
      /DUMP_INVALID: .*cut\.sql is cut off: it ends within the rows of public\.events, after \d whole ones/,
    );
    const taken = await report(cut, '--accept-truncated');
    expect(taken.notBroughtBack[0]).toContain('the end of the dump: it ends within the rows of public.events');
    // The org units and people come behind the cut: without them the cases of a division are rejected, and of the others the lead.
    expect(await query('select count(*)::int as n from case_management.legal_cases')).toEqual([{ n: 3 }]);
    expect(taken.legacy?.imported.rejectsBySource).toContainEqual({ source: 'cases', code: 'REFERENCE_MISSING', count: 6 });
  }, 240_000);

  test('a dump of a newer PostgreSQL is refused with both versions', async () => {
    const newer = await put('newer.sql', dump.replace(/Dumped from database version 15/, 'Dumped from database version 99'));
    const { exitCode, stderr } = await restore(newer);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/DUMP_REFUSED: .* was dumped from PostgreSQL 99\.\d+, and the scratch server that reads it is 18/);
  });

  test('what a dump runs can not leave the scratch server', async () => {
    const marker = join(folder, 'escaped');
    const evil = await put(
      'evil.sql',
      dump.replace(
        'COPY auth.users',
        () =>
          `DO $$ begin execute 'copy (select 1) to program ''touch ${marker}'''; end $$;\nCREATE EXTENSION file_fdw;\nSELECT pg_read_file('/etc/passwd');\n` +
          `ALTER ROLE dump_loader SUPERUSER;\nSET SESSION AUTHORIZATION postgres;\nCOPY auth.users`,
      ),
    );
    const { extraction } = await report(evil);
    await expect(readFile(marker)).rejects.toThrow('ENOENT');
    expect(extraction?.load.failed.map(({ message }) => message)).toEqual([
      'permission denied to COPY to or from an external program',
      'permission denied for function pg_read_file',
    ]);
  }, 120_000);

  test('tables of neither system are refused by name', async () => {
    const { exitCode, stderr } = await restore(await put('other.sql', 'CREATE TABLE public.sheep (a int);\nRESET ALL;\n'));
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'The dump holds the tables public.sheep: neither a Bailiwick database nor a table of the legacy layout.',
    );
  }, 120_000);
});

describe('db restore from a folder of CSV files', () => {
  test('makes the schema where the database is new, then imports in order', async () => {
    const empty = await createEmptyDatabase();
    try {
      const dry = await db(['restore', csvFolder, ...options(), '--dry-run'], environmentOf(empty, join(folder, 'data')));
      expect(dry.stdout).toContain('This was tried in a scratch server, because the database is not made yet.');
      expect(await contentsOf(empty.operatorUrl)).toEqual({});
      const done = await db(
        ['restore', csvFolder, ...options(), '--confirm', empty.name, '--json'],
        environmentOf(empty, join(folder, 'data')),
      );
      expect(done.exitCode).toBe(0);
      const { legacy } = JSON.parse(done.stdout) as DumpReport;
      expect(legacy?.made).toEqual([
        'roles, schemas, identity and guard',
        '001_shared_tables_schema',
        ...(legacy?.made.slice(2) ?? []),
      ]);
      expect(legacy?.tables.find(({ table }) => table === 'case_management.legal_cases')?.rowsAfter).toBeGreaterThan(0);
    } finally {
      await empty.drop();
    }
  }, 240_000);

  test('wants the name of the database typed back, and takes no schema alone', async () => {
    const bare = await db(['restore', csvFolder, ...options()], env());
    expect(bare.exitCode).toBe(2);
    expect(bare.stderr).toContain(`add --confirm ${database.name}`);
    const part = await restore(csvFolder, '--schema', 'public');
    expect(part.exitCode).toBe(3);
    expect(part.stderr).toContain('--schema public is for databases that have schemas');
  }, 120_000);
});

describe('a restore that is broken off', () => {
  test('by kill -9 leaves the old state or the new; the next run says what it found, and ends with the same rows', async () => {
    const big = await put('big.sql', dump);
    // Rows of a table that is not needed make the load long enough to be hit.
    await appendFile(
      big,
      `COPY public.unrelated (n, note) FROM stdin;\n${'7\tsome text that is not needed\n'.repeat(300_000)}\\.\n-- PostgreSQL database dump complete\n`,
    );
    const before = await contentsOf(database.operatorUrl);
    const said: string[] = [];
    for (const phase of ['Starting a scratch server', 'is a dump of a database', 'Importing the rows']) {
      const { child, ended } = startDb(['restore', big, ...confirmed()], env());
      let stderr = '';
      child.stderr.on('data', (text: string) => (stderr += text));
      const deadline = performance.now() + 120_000;
      while (!stderr.includes(phase) && child.exitCode === null && performance.now() < deadline) await pause(5);
      await pause(randomInt(0, phase.startsWith('Starting') ? 3000 : 100));
      child.kill('SIGKILL');
      said.push((await ended).stderr);
      const after = await contentsOf(database.operatorUrl);
      if (after['case_management.legal_cases'] === before['case_management.legal_cases']) expect(after).toEqual(before);
      // A killed import holds its lock until the server notices.
      while (
        (
          await query(`select 1 from pg_stat_activity where datname = current_database() and application_name like 'bailiwick%' and pid <> pg_backend_pid()
        and application_name <> 'bailiwick tests'`)
        ).length > 0 &&
        performance.now() < deadline
      )
        await pause(50);
    }
    // What it finds depends on how far the first one came.
    expect(said[1]).toMatch(
      /Took away the scratch server of a run that was killed|An earlier run was killed while it took the rows out|Going on from what an earlier run took out/,
    );
    await report(big);
    expect(await query('select count(*)::int as n from case_management.legal_cases')).toEqual([{ n: 6 }]);
    expect(await leftInWork()).toEqual([]);
  }, 400_000);

  test('what an earlier run took out is used again if it is whole, and taken out anew if it is not', async () => {
    const dry = async () => db(['restore', fixture, ...options(), '--dry-run'], env());
    await dry();
    expect((await dry()).stderr).toContain('Going on from what an earlier run took out of this dump');
    const [place = ''] = await leftInWork();
    await appendFile(join(work(), place, 'csv', 'cases.csv'), 'x');
    const { stderr, exitCode } = await restore(fixture);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('is damaged, and is taken out anew');
    expect(await leftInWork()).toEqual([]);
  }, 240_000);

  test('two at once: the second one is told who is at it', async () => {
    const first = startDb(['restore', fixture, ...confirmed()], env());
    let stderr = '';
    first.child.stderr.on('data', (text: string) => (stderr += text));
    const deadline = performance.now() + 60_000;
    while (!stderr.includes('Starting a scratch server') && performance.now() < deadline) await pause(10);
    // However slow the machine is, the first one is still at it.
    first.child.kill('SIGSTOP');
    const second = await restore(fixture);
    first.child.kill('SIGCONT');
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/LOCK_HELD: The dump is being restored by another process, pid \d+/);
    expect((await first.ended).exitCode).toBe(0);
  }, 240_000);

  test('a work folder that can not be written is said, and nothing is changed', async () => {
    const file = await put('a-file', 'x');
    const { exitCode, stderr } = await db(['restore', fixture, '--confirm', database.name, '--work', join(file, 'inner')], env());
    expect(exitCode).toBe(1);
    expect(stderr).toContain('RESTORE_FAILED');
  });
});
