import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { migrationsFolder } from '@bailiwick/database/migrate/files';
import { migrationLockKey } from '@bailiwick/database/migrate/lock';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { databaseStatus } from '@bailiwick/database/migrate/status';
import { connect, withSession } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

let shipped: string[];
let next: string;
const folders: string[] = [];
const databases: TestDatabase[] = [];

beforeAll(async () => {
  shipped = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  next = String(shipped.length + 1).padStart(3, '0');
});
afterAll(async () => {
  await Promise.all(folders.map(async (folder) => rm(folder, { recursive: true })));
  await Promise.all(databases.map(async (database) => database.drop()));
});

/** The shipped migrations with files added, exchanged, or (null) left out. */
async function folderWith(files: Record<string, string | null>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-migrations-'));
  folders.push(folder);
  await Promise.all(
    shipped.filter((name) => !(name in files)).map(async (name) => copyFile(join(migrationsFolder, name), join(folder, name))),
  );
  for (const [name, sql] of Object.entries(files)) if (sql !== null) await writeFile(join(folder, name), sql);
  return folder;
}

async function migrated(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  return database;
}

async function initialised(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  databases.push(database);
  await initialiseDatabase(database);
  return database;
}

async function rows<T extends object>(database: TestDatabase, sql: string): Promise<T[]> {
  return withSession(database.operatorUrl, 'tests', async (client) => (await client.query<T>(sql)).rows);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('The condition did not come true within 20 s.');
    await pause(20);
  }
}

const tables = `select count(*)::int as count from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'case_management'::regnamespace, 'audit_system'::regnamespace)`;

describe('migrateDatabase', () => {
  test("applies every file in order, as the deployer of its owner, and makes the owner's role own what it makes", async () => {
    const database = await initialised();
    const steps: string[] = [];
    const result = await migrateDatabase({ ...database, onStep: (step) => steps.push(step) });
    expect(result).toEqual({ applied: shipped.map((name) => name.replace('.sql', '')), alreadyApplied: 0 });
    expect(steps[0]).toBe(`Applying 001_shared_tables_schema as shared_tables_deployer (1 of ${shipped.length}).`);
    const record = await rows<{ owner: string; applied_by: string }>(database, 'select * from guard.migrations order by number');
    expect(record.map(({ owner, applied_by }) => applied_by === `${owner}_deployer`)).toEqual(shipped.map(() => true));
    const strangers = await rows(
      database,
      `select c.oid::regclass::text, c.relowner::regrole::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where nspname in ('public', 'case_management', 'audit_system') and c.relowner <> (replace(nspname, 'public', 'shared_tables') || '_owner')::regrole`,
    );
    expect(strangers).toEqual([]);
  });

  test('a second run applies nothing', async () => {
    const database = await migrated();
    expect(await migrateDatabase(database)).toEqual({ applied: [], alreadyApplied: shipped.length });
  });

  test('before init it says what to run first', async () => {
    const database = await createEmptyDatabase();
    databases.push(database);
    await expect(migrateDatabase(database)).rejects.toMatchObject({
      code: 'DATABASE_NOT_INITIALISED',
      hint: expect.stringContaining('npm run db -- init'),
    });
  });

  test('a file that was edited after it had been applied is refused with time and both checksums', async () => {
    const database = await migrated();
    const name = shipped[2] ?? '';
    const folder = await folderWith({
      [name]: `${await readFile(join(migrationsFolder, name), 'utf8')}-- x\n`,
      [`${next}_audit_system_new.sql`]: 'select 1;',
    });
    await expect(migrateDatabase({ ...database, folder })).rejects.toMatchObject({
      code: 'MIGRATION_EDITED',
      message: expect.stringMatching(
        new RegExp(
          `^${name} was edited after it had been applied at \\d{4}-.+Z: the applied one has SHA-256 [0-9a-f]{12}…, the file has [0-9a-f]{12}…\\.$`,
        ),
      ),
    });
    expect(await rows(database, 'select from guard.migrations')).toHaveLength(shipped.length);
    expect((await databaseStatus(database.operatorUrl, folder)).drift).toMatchObject([
      { code: 'MIGRATION_EDITED', name: name.replace('.sql', '') },
    ]);
    // Another team's deployment does not stop for it.
    expect(await migrateDatabase({ ...database, folder, owner: 'audit_system' })).toMatchObject({
      applied: [`${next}_audit_system_new`],
    });
  });

  test('an applied file that is gone is refused', async () => {
    const database = await migrated();
    const added = await folderWith({ [`${next}_audit_system_new.sql`]: 'select 1;' });
    await migrateDatabase({ ...database, folder: added });
    await expect(migrateDatabase(database)).rejects.toMatchObject({
      code: 'MIGRATION_MISSING',
      message: expect.stringMatching(new RegExp(`^${next}_audit_system_new was applied at .+, but has no file any more\\.$`)),
    });
  });

  test('a late file before an applied one of the same owner is refused, one of another owner is applied', async () => {
    const database = await migrated();
    const later = String(shipped.length + 2).padStart(3, '0');
    const ahead = await folderWith({
      [`${next}_case_management_early.sql`]: 'select 1;',
      [`${later}_audit_system_later.sql`]: 'select 1;',
    });
    await migrateDatabase({ ...database, folder: ahead, owner: 'audit_system' });
    const late = await folderWith({
      [`${next}_audit_system_late.sql`]: 'select 1;',
      [`${later}_audit_system_later.sql`]: 'select 1;',
    });
    await expect(migrateDatabase({ ...database, folder: late })).rejects.toMatchObject({
      code: 'MIGRATION_MISSING',
      message: `${next}_audit_system_late.sql is not applied, but ${later}_audit_system_later of the same owner, which comes after it, is.`,
    });
    expect(await migrateDatabase({ ...database, folder: ahead })).toMatchObject({ applied: [`${next}_case_management_early`] });
  });

  test('an error shows file, line, column, the line and a caret, and leaves nothing of the file behind', async () => {
    const database = await migrated();
    const name = `${next}_case_management_broken`;
    const sql =
      '-- Ümläut 🎉\ncreate table case_management.half (id uuid primary key);\nalter table case_management.half\n  add column x nope;\n';
    const folder = await folderWith({ [`${name}.sql`]: sql });
    await expect(migrateDatabase({ ...database, folder })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: [
        `${name}.sql:4:16: type "nope" does not exist (SQLSTATE 42704).`,
        '    4 |   add column x nope;',
        '      |                ^',
        `Nothing of ${name}.sql was applied.`,
      ].join('\n'),
    });
    expect(await rows(database, `select to_regclass('case_management.half') as half`)).toEqual([{ half: null }]);
    expect(await rows(database, 'select from guard.migrations')).toHaveLength(shipped.length);
  });

  test('an error without a position names the statement that it came from', async () => {
    const database = await migrated();
    const folder = await folderWith({
      [`${next}_case_management_zero.sql`]: `select 1;\n\n  do $$ begin\n  perform 1 / 0;\nend $$;`,
    });
    await expect(migrateDatabase({ ...database, folder })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^\d+_case_management_zero\.sql:3:3: division by zero \(SQLSTATE 22012\)\.\n    3 \|   do \$\$ begin\n      \|   \^\nContext: /,
      ),
    });
  });

  test.each([
    ["alters another owner's table", 'alter table public.people add column shoe_size integer;', /must be owner of table people/],
    [
      "drops another owner's table",
      'drop table audit_system.findings cascade;',
      /permission denied for schema audit_system|must be owner of table findings/,
    ],
    [
      "empties another owner's table",
      'truncate audit_system.findings;',
      /permission denied for (schema audit_system|table findings)/,
    ],
    ["creates in another owner's schema", 'create table public.mine (id int);', /permission denied for schema public/],
    ["reads another system's table", 'select * from audit_system.findings;', /permission denied for schema audit_system/],
    ['drops its own schema', 'drop schema case_management cascade;', /must be owner of schema case_management/],
    ['takes on another role', 'set role audit_system_owner;', /permission denied to set role "audit_system_owner"/],
    ['edits the record', 'delete from guard.migrations;', /permission denied for table migrations/],
    ['names no schema', 'create table mine (id int);', /no schema has been selected to create in/],
    [
      'records a file that was never applied',
      `reset role; select guard.record_migration(99, 'x', 'audit_system', 'x', 1);`,
      /may not record a migration of audit_system/,
    ],
  ])('a file that %s fails', async (_what, sql, message) => {
    const database = await migrated();
    const folder = await folderWith({ [`${next}_case_management_trespass.sql`]: sql });
    const before = await rows(database, tables);
    await expect(migrateDatabase({ ...database, folder })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(message),
    });
    expect(await rows(database, tables)).toEqual(before);
  });

  test('a data migration reaches the rows: the owner has a policy of its own', async () => {
    const database = await migrated();
    await rows(database, `insert into public.org_units (id, code, name) values (gen_random_uuid(), 'A', 'Before')`);
    const folder = await folderWith({ [`${next}_shared_tables_data.sql`]: `update public.org_units set name = 'After';` });
    await migrateDatabase({ ...database, folder });
    expect(await rows(database, 'select name from public.org_units')).toEqual([{ name: 'After' }]);
  });
});

describe('migrateDatabase for one owner', () => {
  test('needs no other session than that of its deployer', async () => {
    const database = await migrated();
    const folder = await folderWith({
      [`${next}_audit_system_new.sql`]: 'create table audit_system.extra (id int);',
      [`${next.slice(0, 2)}${Number(next) + 1}_case_management_new.sql`]: 'select 1;',
    });
    const operatorUrl = database.operatorUrl.replace(/\/\/[^@]*@/, '//nobody:nothing@');
    const { audit_system_deployer } = database.credentials.roles;
    const result = await migrateDatabase({
      operatorUrl,
      credentials: { roles: { audit_system_deployer } },
      folder,
      owner: 'audit_system',
    });
    expect(result).toMatchObject({ applied: [`${next}_audit_system_new`] });
  });

  test("is refused while a required file of another owner isn't applied", async () => {
    const database = await initialised();
    await expect(migrateDatabase({ ...database, owner: 'case_management' })).rejects.toMatchObject({
      code: 'MIGRATION_MISSING',
      message: '003_case_management_schema.sql requires 001_shared_tables_schema, which is not applied. Nothing was changed.',
    });
    await migrateDatabase({ ...database, owner: 'shared_tables' });
    expect((await migrateDatabase({ ...database, owner: 'case_management' })).applied).not.toEqual([]);
  });
});

describe('the migration lock', () => {
  test('is refused at once with pid, role and time when there is no waiting', async () => {
    const database = await migrated();
    const holder = await connect(database.urlOf('audit_system_deployer'), 'tests');
    try {
      const { rows: found } = await holder.query<{ pid: number }>('select pg_advisory_lock($1), pg_backend_pid() as pid', [
        migrationLockKey,
      ]);
      await expect(migrateDatabase({ ...database, lockWait: 0 })).rejects.toMatchObject({
        code: 'LOCK_HELD',
        message: expect.stringMatching(
          new RegExp(
            `^The migration lock is held by pid ${found[0]?.pid} \\(audit_system_deployer, since \\d\\d:\\d\\d:\\d\\d\\)\\.$`,
          ),
        ),
        hint: 'Wait, or look at it with: npm run db -- status.',
      });
      expect((await databaseStatus(database.operatorUrl)).lock).toMatchObject({
        pid: found[0]?.pid,
        role: 'audit_system_deployer',
      });
    } finally {
      await holder.end();
    }
  });

  test('of two runs at once, one waits for the other and finds its work done', async () => {
    const database = await initialised();
    const steps: string[] = [];
    const results = await Promise.all(
      [1, 2].map(async () => migrateDatabase({ ...database, onStep: (step) => steps.push(step) })),
    );
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, shipped.length]);
    expect(steps).toContainEqual(
      expect.stringMatching(
        /^The migration lock is held by pid \d+ \(shared_tables_deployer, since .+\)\. Waiting up to 60 s for it\.$/,
      ),
    );
  });

  test('of another database of the same server does not count', async () => {
    const [one, other] = [await migrated(), await migrated()];
    await withSession(one.urlOf('audit_system_deployer'), 'tests', async (holder) => {
      await holder.query('select pg_advisory_lock($1)', [migrationLockKey]);
      await expect(migrateDatabase({ ...other, lockWait: 0 })).resolves.toMatchObject({ applied: [] });
    });
  });
});

test('a run that is killed in the middle of a file leaves the database as it was, and the next run goes on', async () => {
  const database = await migrated();
  const name = `${next}_case_management_long`;
  const sql = (wait: number) =>
    `create table case_management.long_one (id int);\nselect pg_sleep(${wait});\ninsert into case_management.long_one values (1);`;
  const folder = await folderWith({ [`${name}.sql`]: sql(120) });
  const script = `import { migrateDatabase } from '@bailiwick/database/migrate/migrate'; await migrateDatabase(JSON.parse(process.argv[1]));`;
  const options = JSON.stringify({ operatorUrl: database.operatorUrl, credentials: database.credentials, folder });
  const child = spawn(
    process.execPath,
    ['--conditions=bailiwick-source', '--import', 'tsx', '--input-type=module', '-e', script, options],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const busy = async () =>
    (
      await rows(
        database,
        `select from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`,
      )
    ).length > 0;
  await until(busy);
  child.kill('SIGKILL');
  await ended;
  // The server notices that the client is gone when the statement ends, or when it is asked to look.
  await rows(
    database,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'`,
  );
  await until(async () => !(await busy()));
  expect(await rows(database, `select to_regclass('case_management.long_one') as it`)).toEqual([{ it: null }]);
  const { pending, lock } = await databaseStatus(database.operatorUrl, folder);
  expect({ pending, lock }).toEqual({ pending: [name], lock: null });
  await writeFile(join(folder, `${name}.sql`), sql(0));
  expect(await migrateDatabase({ ...database, folder, lockWait: 5_000 })).toMatchObject({ applied: [name] });
});
