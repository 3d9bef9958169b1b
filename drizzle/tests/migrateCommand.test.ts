import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { runProgram } from '@bailiwick/database/program';
import { passwordKey, readDatabaseConfig } from '@bailiwick/database/config';
import { withSession } from '@bailiwick/database/setup/connect';
import { connectToRunningServer } from '@bailiwick/database/embedded/server';
import { completePasswordFile, passwordFileOf, readPasswordFile } from '@bailiwick/database/setup/passwordFile';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import { createEmptyDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { nodeArguments } from '../../tests/support/programs.js';

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-command-'));
  database = await createEmptyDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the db command; the environment holds nothing of Bailiwick but what is given. */
async function db(args: string[], environment: Record<string, string>) {
  const bare = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !key.startsWith('BAILIWICK_') && key !== 'DATABASE_URL'),
  );
  const child = spawn(process.execPath, [...nodeArguments('drizzle/src/main.ts'), ...args], {
    env: { ...bare, ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  return { exitCode, stdout, stderr };
}

const existing = () => ({
  DATABASE_URL: database.operatorUrl,
  BAILIWICK_DATA_DIR: join(folder, 'existing'),
  ...Object.fromEntries(loginRoles.map((role) => [passwordKey(role), database.credentials.roles[role] ?? ''])),
});

describe('npm run db', () => {
  test.each([
    ['an unknown verb', ['destroy'], `error: unknown command 'destroy'`],
    ['an unknown option', ['status', '--verbose'], `error: unknown option '--verbose'`],
    ['an unknown owner', ['migrate', '--owner', 'finance'], `error: option '--owner <owner>' argument 'finance' is invalid.`],
    ['no verb', [], 'Usage: db'],
    ['a wait that is no number', ['migrate', '--wait', 'long'], 'BAD_USER_INPUT: --wait got "long"'],
  ])('with %s means exit code 3', async (_what, args, message) => {
    const written: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    try {
      expect(await runProgram(args)).toBe(3);
    } finally {
      write.mockRestore();
    }
    expect(written.join('')).toContain(message);
  });

  test('a lone % in the password of DATABASE_URL is a character, and no fault', async () => {
    const url = new URL(database.operatorUrl);
    const { exitCode, stderr } = await db(['status'], {
      DATABASE_URL: `postgres://audit_system_deployer:100%@${url.host}${url.pathname}`,
      BAILIWICK_DATA_DIR: join(folder, 'nowhere'),
    });
    // A server that asks for passwords refuses this one; one that trusts its own machine gets as far as the empty database.
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^(PRIVILEGE_MISSING|DATABASE_NOT_INITIALISED): /),
    });
  });

  test('init refuses to give existing roles new passwords that their services do not know, and says how to go on', async () => {
    const { exitCode, stderr } = await db(['init'], {
      DATABASE_URL: database.operatorUrl,
      BAILIWICK_DATA_DIR: join(folder, 'a second machine'),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^PASSWORDS_UNKNOWN: The server at .+ has the roles .*case_management_app.* already/m);
    expect(stderr).toContain('Hint: Give the passwords in BAILIWICK_PASSWORD_');
    await expect(stat(join(folder, 'a second machine'))).rejects.toThrow('ENOENT');
  });

  test('with a setting that does not exist ends with exit code 3 and names it', async () => {
    const { exitCode, stderr } = await db(['status'], { ...existing(), BAILIWICK_DATADIR: '/x' });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining('CONFIG_INVALID: The configuration is not usable: BAILIWICK_DATADIR is not a setting'),
    });
  });

  test('says what to run first, then initialises, migrates, and tells the state', async () => {
    const early = await db(['migrate'], existing());
    expect(early).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/DATABASE_NOT_INITIALISED: .+\nHint: .+ init/),
    });
    expect(await db(['init'], existing())).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is initialised') });
    const migrated = await db(['migrate', '--json'], existing());
    expect(migrated.exitCode).toBe(0);
    const { applied } = JSON.parse(migrated.stdout) as { applied: string[] };
    expect(applied[0]).toBe('001_shared_tables_schema');
    expect(migrated.stderr).toContain(`Applying 001_shared_tables_schema as shared_tables_deployer (1 of ${applied.length}).`);
    expect(await db(['migrate', '--no-wait'], existing())).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Nothing to apply: all \d+ /),
    });
    const status = await db(['status'], existing());
    expect(status).toMatchObject({ exitCode: 0, stderr: '' });
    const ofCases = applied.filter((name) => name.includes('_case_management_')).length;
    const { rowCount: tables } = await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query(`select from pg_tables where schemaname = 'case_management'`),
    );
    expect(status.stdout).toMatch(new RegExp(`case_management +case_management +${tables} +${ofCases} +0`));
    expect(status.stdout).toContain('Pending: nothing.\nDrift: none.\nThe migration lock is free.');
  }, 120_000);

  test('prints an error as JSON too, and no stack trace', async () => {
    const { exitCode, stdout, stderr } = await db(['status', '--json'], {
      ...existing(),
      DATABASE_URL: 'postgres://bob:hunter2@127.0.0.1:1/x',
    });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'DATABASE_UNREACHABLE', message: expect.stringContaining('127.0.0.1:1') },
    });
    expect(stderr).toMatch(/^DATABASE_UNREACHABLE: [^\n]+\nHint: [^\n]+\n$/);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test('without DATABASE_URL starts the embedded server for as long as it needs it', async () => {
    const environment = { BAILIWICK_DATA_DIR: join(folder, 'embedded') };
    expect(await db(['status'], environment)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('There is no database in'),
    });
    expect(await db(['init'], environment)).toMatchObject({ exitCode: 0 });
    expect(await db(['migrate'], environment)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Applied \d+ migrations/),
    });
    expect(await connectToRunningServer(environment.BAILIWICK_DATA_DIR)).toBeUndefined();
  });
});

describe('readDatabaseConfig', () => {
  test('tells all problems at once, and shows no password', () => {
    const environment = {
      DATABASE_URL: 'mysql://root:hunter2@x',
      BAILIWICK_PASSWORD_BACKUP_READER: 'short',
      BAILIWICK_OOPS: '1',
    };
    let message = '';
    try {
      readDatabaseConfig(environment);
    } catch (error) {
      ({ message } = error as Error);
    }
    for (const key of ['DATABASE_URL', 'BAILIWICK_PASSWORD_BACKUP_READER', 'BAILIWICK_OOPS']) expect(message).toContain(key);
    expect(message).not.toMatch(/hunter2|short,|"short"/);
  });

  test('knows every password that a role that logs in can have', () => {
    const environment = Object.fromEntries(loginRoles.map((role) => [passwordKey(role), `password of ${role}`]));
    expect(Object.keys(readDatabaseConfig(environment).passwords)).toEqual([...loginRoles]);
  });
});

describe('the password file', () => {
  test('is made once for each server, for its user alone, and keeps what is known', async () => {
    const path = passwordFileOf(join(folder, 'passwords'), { host: 'db.example', port: 5433 });
    expect(path).toMatch(/credentials-db\.example-5433\.json$/);
    expect(await readPasswordFile(path)).toEqual({});
    const first = await completePasswordFile(path, { backup_reader: 'known before' });
    expect(first.backup_reader).toBe('known before');
    expect(new Set(Object.values(first)).size).toBe(loginRoles.length);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readPasswordFile(path)).toEqual(first);
    const before = await readFile(path, 'utf8');
    await completePasswordFile(path, await readPasswordFile(path));
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('of a server that is reached by a socket folder has a name without slashes', () => {
    expect(passwordFileOf('/d', { host: '/var/run/postgresql', port: 5432 })).toBe(
      '/d/credentials-_var_run_postgresql-5432.json',
    );
  });
});
