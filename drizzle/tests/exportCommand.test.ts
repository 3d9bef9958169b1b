import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { AppError } from '@bailiwick/kernel/errors';
import { passwordKey } from '@bailiwick/database/config';
import { exportData } from '@bailiwick/database/export/exportData';
import { withSession } from '@bailiwick/database/setup/connect';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { createDatabaseToSave, db, environmentOf, startDb } from './backupSupport.js';

jest.setTimeout(240_000);

let database: TestDatabase;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await createDatabaseToSave();
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-export-'));
  env = environmentOf(database, join(folder, 'none'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const run = async (to: string, target = database) => exportData({ ...target, folder: to, kind: 'csv', onlySchema: 'public' });

/** The code and the message that it is refused with. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'It was not refused.';
}

describe('npm run db -- export', () => {
  test('says what it does, where it is, and how it comes back; for its owner alone', async () => {
    const to = join(folder, 'said');
    const { exitCode, stdout, stderr } = await db(['export', '--to', to, '--schema', 'public'], env);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^Exported [\d,]+ rows of 4 tables in [\d,]+ bytes, [\d.]+ s: .+\nBack into a migrated database: npm run db -- import .+\/export\.yaml --from .+\n$/,
      ),
    });
    expect(stderr).toContain(`Exporting schema public of database ${database.name}`);
    expect(await readFile(join(to, 'README.md'), 'utf8')).toContain('An empty field is NULL, `""` is the empty text.');
    const json = await db(['export', '--to', to, '--format', 'sql', '--json'], env);
    expect(JSON.parse(json.stdout)).toMatchObject({ path: to, format: 'sql', onlySchema: null, rows: expect.any(Number) });
    // Two spawned processes: the command line's own mistakes are told in one more.
    const wrong = await db(['export', '--to', to, '--schema', 'guard'], env);
    expect(wrong).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining('public, case_management, audit_system'),
    });
  });

  test('by a role that row security holds is refused, and leaves no folder behind', async () => {
    // With a deployer in DATABASE_URL and no other password known, as a team has it.
    const bare = Object.fromEntries(Object.entries(env).filter(([key]) => key !== passwordKey('backup_reader')));
    const to = join(folder, 'deployer');
    const found = await db(['export', '--to', to, '--data-dir', join(folder, 'nowhere')], {
      ...bare,
      DATABASE_URL: database.urlOf('audit_system_deployer'),
    });
    // A server that trusts everybody asks for no password: the export is then complete, as backup_reader.
    if (found.exitCode === 0) expect(found.stdout).not.toContain('Exported 0 rows');
    else {
      expect(found).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringMatching(/^PRIVILEGE_MISSING: .*backup_reader/m),
      });
      expect(existsSync(to)).toBe(false);
    }
    // backup_reader itself, had somebody taken its right to pass row security by.
    const held = await createTestDatabase();
    try {
      await withSession(held.operatorUrl, 'tests', async (client) =>
        client.query('create table public.strict (id uuid primary key)'),
      );
      const asApp = { ...held, credentials: { ...held.credentials, roles: { ...held.credentials.roles } } };
      const url = new URL(held.operatorUrl);
      url.searchParams.set('options', '-c role=shared_tables_app');
      expect(await refusal(run(join(folder, 'held'), { ...asApp, operatorUrl: url.href }))).toMatch(/^PRIVILEGE_MISSING: /);
      expect(existsSync(join(folder, 'held'))).toBe(false);
    } finally {
      await held.drop();
    }
  });

  test('of a database without tables is refused with what comes first', async () => {
    const empty = await createEmptyDatabase();
    try {
      await withSession(empty.operatorUrl, 'tests', async (client) =>
        client.query(`grant connect on database ${empty.name} to backup_reader`),
      );
      expect(await refusal(run(join(folder, 'empty'), empty))).toMatch(
        /^DATABASE_NOT_INITIALISED: Database \w+ has no table in public\.$/,
      );
      expect(existsSync(join(folder, 'empty'))).toBe(false);
    } finally {
      await empty.drop();
    }
  });
});

describe('the folder of an export', () => {
  test('is refused when it holds anything else, and that stays as it is', async () => {
    const mine = join(folder, 'mine');
    await mkdir(mine);
    expect(await run(mine)).toMatchObject({ path: mine });
    await writeFile(join(mine, 'notes.txt'), 'my own');
    expect(await refusal(run(mine))).toBe(
      `BACKUP_FOLDER_INVALID: ${mine} holds files that no export wrote: notes.txt. Nothing was written.`,
    );
    expect(await readFile(join(mine, 'notes.txt'), 'utf8')).toBe('my own');

    const photos = join(folder, 'photos');
    await mkdir(photos);
    for (const name of ['1.jpg', '2.jpg', '3.jpg', '4.jpg']) await writeFile(join(photos, name), '');
    expect(await refusal(run(photos))).toBe(
      `BACKUP_FOLDER_INVALID: ${photos} holds something else than an export: 1.jpg, 2.jpg, 3.jpg and 1 more. Nothing was written.`,
    );
    expect(await readdir(photos)).toHaveLength(4);
    expect(await refusal(run(join(photos, '1.jpg')))).toMatch(/^BACKUP_FOLDER_INVALID: .+ is a file\.$/);
    // A folder that happens to have the name of an unfinished one.
    await mkdir(join(folder, 'third.partial'));
    await writeFile(join(folder, 'third.partial', 'thesis.doc'), '');
    expect(await refusal(run(join(folder, 'third')))).toContain('thesis.doc');
    expect(existsSync(join(folder, 'third.partial', 'thesis.doc'))).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  test('takes one export at a time', async () => {
    const to = join(folder, 'two');
    const both = await Promise.allSettled([run(to), run(to)]);
    const refused = both.flatMap((end) => (end.status === 'rejected' ? [end.reason as AppError] : []));
    for (const error of refused) expect(error).toMatchObject({ code: 'LOCK_HELD', hint: expect.stringContaining('--to') });
    expect(refused.length).toBeLessThan(2);
    expect((await readdir(to)).sort()).toContain('export.json');
  });

  test('that can not be written is named', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await refusal(run(join(folder, 'file', 'export')))).toMatch(
      /^BACKUP_FOLDER_UNWRITABLE: .+ can not be written: (a part of the path|it) is a file\.$/,
    );
    if (process.getuid?.() === 0) return;
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    expect(await refusal(run(join(locked, 'export')))).toMatch(/^BACKUP_FOLDER_UNWRITABLE: .+ permission denied\.$/);
  });

  test('is whole or not there after a kill, and the next run says what it found', async () => {
    const to = join(folder, 'killed');
    const count = 200_000;
    await withSession(database.operatorUrl, 'tests', async (client) => {
      await client.query(`insert into public.notifications (id, recipient_id, system, title)
        select gen_random_uuid(), (select id from public.people limit 1), 'audit_system', repeat('x', 100) from generate_series(1, ${count})`);
    });
    for (const isReplacing of [false, true]) {
      const { child, ended } = startDb(['export', '--to', to], env);
      const deadline = performance.now() + 60_000;
      while (!existsSync(join(`${to}.partial`, 'public.notifications.csv')) && performance.now() < deadline)
        await new Promise(setImmediate);
      child.kill('SIGKILL');
      await ended;
      expect(existsSync(`${to}.partial`)).toBe(true);
      expect(existsSync(to)).toBe(isReplacing);
      const { exitCode, stderr } = await db(['export', '--to', to], env);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: expect.stringContaining('Removed killed.partial, which an export left that was killed.'),
      });
      expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual(['killed']);
    }
    // Between the two renames.
    await rename(to, `${to}.replaced`);
    const { exitCode, stderr } = await db(['export', '--to', to, '--schema', 'audit_system'], env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining(`Put ${to} back`) });
    expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual(['killed']);
  });
});
