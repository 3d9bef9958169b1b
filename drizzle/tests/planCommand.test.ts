import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { removeLeftovers } from '@bailiwick/database/backup/folder';
import { readMigrations } from '@bailiwick/database/migrate/files';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { databaseStatus } from '@bailiwick/database/migrate/status';
import { approveMigration } from '@bailiwick/database/plan/approvals';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import type { TestDatabase } from '../../tests/support/database.js';
import { until } from '../../tests/support/until.js';
import { folderWith, migrated, next, rows, shipped } from './migrateSupport.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await migrated();
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-plan-'));
  await rows(
    database,
    'set role case_management_owner; create table case_management.rooms as select n as id from generate_series(1, 10) n',
  );
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** Runs the command in this process, on the test's database. */
async function db(...args: string[]) {
  const names = ['DATABASE_URL', ...loginRoles.map((role) => `BAILIWICK_PASSWORD_${role.toUpperCase()}`)];
  const before = names.map((name) => process.env[name]);
  process.env.DATABASE_URL = database.operatorUrl;
  for (const role of loginRoles) process.env[`BAILIWICK_PASSWORD_${role.toUpperCase()}`] = database.credentials.roles[role];
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  try {
    return { exitCode: await runProgram([...args, '--data-dir', folder]), stderr: () => stderr, out: () => stdout };
  } finally {
    out.mockRestore();
    err.mockRestore();
    for (const [index, name] of names.entries()) {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    }
  }
}

async function file(name: string, sql: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, sql);
  return path;
}

describe('db plan', () => {
  test('of a file that loses something prints it and ends with exit code 2', async () => {
    const path = await file(`${next}_case_management_drop.sql`, 'drop table case_management.rooms;');
    const { exitCode, out, stderr } = await db('plan', path);
    expect(exitCode).toBe(2);
    expect(out()).toMatch(/LOSES +table case_management\.rooms \(10 rows\), line 1\n/);
    expect(out()).toMatch(/drops +table case_management\.rooms\n/);
    expect(out()).toMatch(/keeps +readers and writers out of case_management\.rooms while it runs\n/);
    expect(out()).toContain('1 of 1 file would lose something. Everything was rolled back; the database is as it was.');
    expect(stderr()).toMatch(/APPROVAL_MISSING: .*\nHint: .*approve --migration/);
    expect(await rows(database, 'select from case_management.rooms')).toHaveLength(10);
  });

  test('of a file that only adds ends with exit code 0, and --json has everything', async () => {
    const path = await file('anything.sql', 'alter table case_management.rooms add column floor int;');
    const { exitCode, out } = await db('plan', path, '--owner', 'case_management', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out())).toMatchObject({
      database: database.name,
      files: [
        {
          ...{ name: 'anything', owner: 'case_management', losses: [], refusedStatements: [], approval: null },
          changes: [{ action: 'created', kind: 'column', name: 'case_management.rooms.floor', detail: 'integer' }],
          locks: [{ schema: 'case_management', table: 'rooms', mode: 'AccessExclusiveLock', blocks: 'readers and writers' }],
        },
      ],
    });
  });

  test('says what is wrong with what was named', async () => {
    for (const [args, message] of [
      [['plan', 'none.sql'], 'BAD_USER_INPUT: none.sql is neither a migration nor a file.'],
      [['plan', await file('whose.sql', 'select 1;')], 'does not say whom it belongs to.'],
      [['plan', shipped[0] ?? ''], `BAD_USER_INPUT: ${shipped[0]} is applied already, since `],
      [['plan', '--lock-timeout', 'x'], 'BAD_USER_INPUT: --lock-timeout got "x"'],
      [
        ['approve', '--migration', 'none', '--because', 'x', '--confirm', database.name],
        'BAD_USER_INPUT: none is not a pending migration.',
      ],
    ] as const) {
      const { exitCode, stderr } = await db(...args);
      expect([exitCode, stderr()]).toEqual([3, expect.stringContaining(message)]);
    }
  });

  test('without pending files says so', async () => {
    const { exitCode, out } = await db('plan');
    expect(exitCode).toBe(0);
    expect(out()).toBe('Nothing to plan: no migration is pending.\n');
  });

  test('shows the step of an error', async () => {
    const { exitCode, stderr, out } = await db('plan', '--no-wait', '--json', '--owner', 'audit_system').then(async () =>
      withSession(database.urlOf('audit_system_deployer'), 'tests', async (holder) => {
        await holder.query('select pg_advisory_lock(6118511)');
        return db('migrate', '--no-wait', '--json');
      }),
    );
    expect(exitCode).toBe(1);
    expect(stderr()).toMatch(/LOCK_HELD: .*\nHint: .*\nStep: lock\.\n/);
    expect(JSON.parse(out())).toMatchObject({ error: { code: 'LOCK_HELD', step: 'lock' } });
  });
});

test('two that migrate at once: the one that waits says for whom, and finds the work done', async () => {
  const other = await migrated();
  const migrations = await folderWith({ [`${next}_audit_system_add.sql`]: 'create table audit_system.added (id int);' });
  const steps: string[] = [];
  const results = await Promise.all(
    [1, 2].map(async () =>
      migrateDatabase({ ...other, folder: migrations, owner: 'audit_system', onStep: (step) => steps.push(step) }),
    ),
  );
  expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 1]);
  expect(steps).toContainEqual(
    expect.stringMatching(
      /^The migration lock is held by pid \d+ \(audit_system_deployer, since .+\)\. Waiting up to 60 s for it\.$/,
    ),
  );
});

test('a migrate that is killed between its backup and its first statement leaves the old state, and the next one goes on', async () => {
  const other = await migrated();
  await rows(
    other,
    'set role case_management_owner; create table case_management.rooms as select n as id from generate_series(1, 10) n',
  );
  const name = `${next}_case_management_drop`;
  const migrations = await folderWith({ [`${name}.sql`]: 'drop table case_management.rooms;' });
  const backups = join(folder, 'killed-backups');
  const pending = (await readMigrations(migrations)).find((one) => one.name === name)!;
  await withSession(other.operatorUrl, 'tests', async (client) =>
    approveMigration(client, pending, ['drop table case_management.rooms;'], 'a test'),
  );
  // It ends itself, as a kill would, when the backup is complete and nothing is applied yet.
  const script = `
    import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
    import pg from 'pg';
    const query = pg.Client.prototype.query;
    pg.Client.prototype.query = function (...args) {
      if (String(args[0]?.text ?? args[0]).includes('make_restore_point')) process.kill(process.pid, 'SIGKILL');
      return query.apply(this, args);
    };
    await migrateDatabase(JSON.parse(process.argv[1]));`;
  const options = JSON.stringify({
    ...{ operatorUrl: other.operatorUrl, credentials: other.credentials, folder: migrations },
    ...{ withoutRules: true, backupFolder: backups },
  });
  const child = spawn(
    process.execPath,
    ['--conditions=bailiwick-source', '--import', 'tsx', '--input-type=module', '-e', script, options],
    { stdio: 'inherit' },
  );
  expect(await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))).toBe('SIGKILL');
  await until(async () => (await databaseStatus(other.operatorUrl, migrations)).lock === null);
  expect(await rows(other, 'select from case_management.rooms')).toHaveLength(10);
  expect(await rows(other, 'select from guard.approvals where used_at is null')).toHaveLength(1);
  expect(await removeLeftovers(backups)).toEqual([]);
  const { protections } = await migrateDatabase({ ...other, folder: migrations, withoutRules: true, backupFolder: backups });
  expect(protections).toMatchObject([{ migration: name, losses: ['table case_management.rooms (10 rows)'] }]);
  expect((await databaseStatus(other.operatorUrl, migrations)).protections).toMatchObject([
    { name, losses: 1, restorePoint: `before_${name}` },
  ]);
});
