import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationsFolder } from '@bailiwick/database/migrate/files';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { databaseStatus } from '@bailiwick/database/migrate/status';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { emptyDatabase, folderWith, initialised, migrated, next, rows, shipped } from './migrateSupport.js';

const tables = `select count(*)::int as count from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'case_management'::regnamespace, 'audit_system'::regnamespace)`;

describe('migrateDatabase', () => {
  test("applies every file in order, as the deployer of its owner, and makes the owner's role own what it makes", async () => {
    const database = await initialised();
    const steps: string[] = [];
    const result = await migrateDatabase({ ...database, onStep: (step) => steps.push(step) });
    expect(result).toEqual({ applied: shipped.map((name) => name.replace('.sql', '')), alreadyApplied: 0, protections: [] });
    expect(steps[0]).toBe(`Rehearsing ${shipped.length} migrations.`);
    expect(steps[1]).toBe(`Applying 001_shared_tables_schema as shared_tables_deployer (1 of ${shipped.length}).`);
    const record = await rows<{ owner: string; applied_by: string }>(database, 'select * from guard.migrations order by number');
    expect(record.map(({ owner, applied_by }) => applied_by === `${owner}_deployer`)).toEqual(shipped.map(() => true));
    const strangers = await rows(
      database,
      `select c.oid::regclass::text, c.relowner::regrole::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where nspname in ('public', 'case_management', 'audit_system') and c.relowner <> (replace(nspname, 'public', 'shared_tables') || '_owner')::regrole`,
    );
    expect(strangers).toEqual([]);
  }, 120_000);

  test('a second run applies nothing', async () => {
    const database = await migrated();
    expect(await migrateDatabase(database)).toMatchObject({ applied: [], alreadyApplied: shipped.length });
  });

  test('before init it says what to run first', async () => {
    const database = await emptyDatabase();
    await expect(migrateDatabase(database)).rejects.toMatchObject({
      code: 'DATABASE_NOT_INITIALISED',
      hint: expect.stringContaining('npm run db -- init'),
    });
  });

  test('where the identity is that of an older version it says what to run first', async () => {
    const database = await initialised();
    const drop = 'drop function identity.enter(uuid)';
    await rows(database, `insert into guard.approvals (statement, because) values ('${drop}', 'a test')`);
    await rows(database, drop);
    await expect(migrateDatabase(database)).rejects.toMatchObject({
      code: 'DATABASE_NOT_INITIALISED',
      message: expect.stringContaining('has no identity.enter'),
      hint: expect.stringContaining('npm run db -- init'),
    });
    expect(await rows(database, tables)).toEqual([{ count: 0 }]);
    await initialiseDatabase(database);
    expect(await migrateDatabase(database)).toMatchObject({ alreadyApplied: 0 });
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
      step: 'plan',
      message: [
        `${name}.sql:4:16: type "nope" does not exist (SQLSTATE 42704).`,
        '    4 |   add column x nope;',
        '      |                ^',
        'This was a rehearsal; nothing was changed.',
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
    // The rules of `db check` would say it first; what is tested here is what PostgreSQL holds on its own.
    await expect(migrateDatabase({ ...database, folder, withoutRules: true })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(message),
    });
    expect(await rows(database, tables)).toEqual(before);
  });

  test('a COMMIT that hides behind a word which looks like a body is refused by the server', async () => {
    const database = await migrated();
    const folder = await folderWith({
      [`${next}_case_management_smuggled.sql`]:
        'create function case_management.f(begin int) returns int language sql as $$ select 1 $$; commit; select 1 / 0;',
    });
    await expect(migrateDatabase({ ...database, folder })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('cannot insert multiple commands into a prepared statement'),
    });
    expect(await rows(database, `select to_regprocedure('case_management.f(int)') as f`)).toEqual([{ f: null }]);
  });

  test('what a file has set does not hold for the next one of the same owner', async () => {
    const database = await migrated();
    const folder = await folderWith({
      [`${next}_case_management_sets.sql`]: `set statement_timeout = '77s'; prepare p as select 1;`,
      [`${String(shipped.length + 2).padStart(3, '0')}_case_management_next.sql`]: `create table case_management.found as select current_setting('statement_timeout') as setting;`,
    });
    await migrateDatabase({ ...database, folder });
    expect(await rows(database, 'select setting from case_management.found')).toEqual([{ setting: '0' }]);
  });

  test('a data migration reaches the rows: the owner has a policy of its own', async () => {
    const database = await migrated();
    await rows(database, `insert into public.org_units (id, code, name) values (gen_random_uuid(), 'A', 'Before')`);
    const folder = await folderWith({
      [`${next}_shared_tables_data.sql`]: `update public.org_units set name = 'After' where code = 'A';`,
    });
    await migrateDatabase({ ...database, folder });
    expect(await rows(database, 'select name from public.org_units')).toEqual([{ name: 'After' }]);
  });
});

describe('migrateDatabase for one owner', () => {
  test('needs no other session than that of its deployer', async () => {
    const database = await migrated();
    const folder = await folderWith({
      [`${next}_audit_system_new.sql`]: 'create table audit_system.extra (id int);',
      [`${String(Number(next) + 1).padStart(3, '0')}_case_management_new.sql`]: 'select 1;',
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
