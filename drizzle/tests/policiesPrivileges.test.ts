import { bailiwicks, deployerOf, loginRoles, schemaOf } from '@bailiwick/database/setup/credentials';
import type { Bailiwick, LoginRole } from '@bailiwick/database/setup/credentials';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { Sessions, seed, stateOf, tablesOf } from './policiesSeed.js';
import type { Seed, Table } from './policiesSeed.js';

let database: TestDatabase;
let seeded: Seed;
let sessions: Sessions;
let tables: Table[];

const insufficientPrivilege = '42501';
const schemas = ['public', 'case_management', 'audit_system', 'guard', 'identity', 'extensions'];

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  sessions = new Sessions(database);
  tables = await tablesOf(database);
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

/** The statements that are not refused for want of a privilege, with what became of them. */
async function notRefused(role: LoginRole, statements: string[], before?: string): Promise<string[]> {
  return sessions.as(role, seeded.people.systemAdmin, async (client) => {
    if (before) await client.query(before);
    const through: string[] = [];
    for (const statement of statements) {
      const state = await stateOf(client, statement);
      if (state !== insufficientPrivilege) through.push(`${statement}: ${state ?? 'done'}`);
    }
    return through;
  });
}

const ownAndForeign = (owner: Bailiwick) => ({
  own: tables.filter(({ schema }) => schema === schemaOf(owner)),
  foreign: tables.filter(({ schema }) => schema !== schemaOf(owner)),
});

describe.each(bailiwicks)('the app role of %s, for a System Admin', (owner) => {
  const app: LoginRole = `${owner}_app`;

  test('can not empty, drop, alter or build upon its own tables', async () => {
    const { own } = ownAndForeign(owner);
    const statements = own.flatMap(({ name }) => [
      `truncate ${name}`,
      `truncate ${name} cascade`,
      `drop table ${name} cascade`,
      `alter table ${name} disable row level security`,
      `alter table ${name} no force row level security`,
      `alter table ${name} add column x int`,
      `create policy open_to_all on ${name} using (true)`,
      `create trigger t after insert on ${name} execute function guard.touch_row()`,
      `create index on ${name} (created_at)`,
      `grant select on ${name} to public`,
    ]);
    // A GRANT without the right to grant is a warning, not an error: it is refused all the same.
    const through = await notRefused(app, statements);
    expect(through.filter((line) => !line.startsWith('grant '))).toEqual([]);
  });

  test('can not switch row security off', async () => {
    for (const { name } of ownAndForeign(owner).own) {
      await sessions.as(app, undefined, async (client) => {
        await client.query('set local row_security = off');
        expect(await stateOf(client, `select from ${name}`)).toBe(insufficientPrivilege);
      });
    }
  });

  test("can not read, write, drop or empty another system's tables, nor the record of migrations, nor the roles", async () => {
    const names = [...ownAndForeign(owner).foreign.map(({ name }) => name), 'guard.migrations', 'identity.roles'];
    const statements = names.flatMap((name) => [
      `select from ${name}`,
      `insert into ${name} default values`,
      `delete from ${name}`,
      `truncate ${name}`,
      `drop table ${name} cascade`,
    ]);
    expect(await notRefused(app, statements)).toEqual([]);
  });

  test('can not create anything, nor become anybody else', async () => {
    expect(
      await notRefused(app, [
        ...schemas.map((schema) => `create table ${schema}.intruder (id int)`),
        ...schemas.map((schema) => `create function ${schema}.intruder() returns int language sql return 1`),
        ...schemas.map((schema) => `drop schema ${schema} cascade`),
        'create schema intruder',
        'create temporary table intruder (id int)',
        'create role intruder',
        'create extension btree_gist schema extensions',
        `set role ${owner}_owner`,
        'set role guard_owner',
        `set role ${deployerOf(owner)}`,
        'set session authorization postgres',
        `alter role ${app} bypassrls`,
        'drop role backup_reader',
        `drop owned by ${owner}_owner cascade`,
        `reassign owned by ${owner}_owner to ${app}`,
        `select pg_read_file('postgresql.conf')`,
        `copy (select 1) to '/tmp/intruder'`,
        `copy (select 1) to program 'true'`,
        'select lo_create(0)',
        'select lo_creat(-1)',
        `select lo_from_bytea(0, 'kept where no bailiwick answers for it')`,
        `select guard.record_migration(99, 'x', '${owner}', 'x', 1)`,
      ]),
    ).toEqual([]);
  });
});

describe.each(bailiwicks)('the deployer of %s', (owner) => {
  const deployer = deployerOf(owner);
  const becomeOwner = `set local role ${owner}_owner`;

  test('has no right to its own tables before SET ROLE', async () => {
    const { own } = ownAndForeign(owner);
    const statements = own.flatMap(({ name }) => [
      `select from ${name}`,
      `drop table ${name} cascade`,
      `truncate ${name} cascade`,
    ]);
    expect(await notRefused(deployer, statements)).toEqual([]);
  });

  test("can not touch another owner's tables, as itself or as its owner", async () => {
    const statements = ownAndForeign(owner).foreign.flatMap(({ name }) => [
      `select from ${name}`,
      `insert into ${name} default values`,
      `update ${name} set created_at = created_at`,
      `delete from ${name}`,
      `truncate ${name} cascade`,
      `drop table ${name} cascade`,
      `alter table ${name} add column x int`,
      `alter table ${name} disable row level security`,
      `create index on ${name} (created_at)`,
      `create trigger t after insert on ${name} execute function guard.touch_row()`,
    ]);
    expect(await notRefused(deployer, statements)).toEqual([]);
    expect(await notRefused(deployer, statements, becomeOwner)).toEqual([]);
  });

  test('can not drop any schema, its own included, nor become anybody else', async () => {
    const others = bailiwicks.filter((other) => other !== owner);
    const statements = [
      ...schemas.map((schema) => `drop schema ${schema} cascade`),
      ...schemas.filter((schema) => schema !== schemaOf(owner)).map((schema) => `create table ${schema}.intruder (id int)`),
      ...others.map((other) => `set role ${other}_owner`),
      ...others.map((other) => `drop owned by ${other}_owner cascade`),
      'set role guard_owner',
      'set session authorization postgres',
      'create schema intruder',
      'create role intruder',
      `alter role ${owner}_owner bypassrls`,
      `alter database ${database.name} owner to ${deployer}`,
      'delete from guard.migrations',
      `select guard.record_migration(99, '099_${others[0]}_x', '${others[0]}', 'x', 1)`,
      // Another team's name under the own team's flag: its file would count as applied.
      `select guard.record_migration(99, '099_${others[0]}_x', '${owner}', 'x', 1)`,
      `select guard.record_migration(98, '099_${owner}_x', '${owner}', 'x', 1)`,
      `select guard.take_migration_approval('099_${others[0]}_x', '${owner}', 'x')`,
    ];
    expect(await notRefused(deployer, statements)).toEqual([]);
    expect(await notRefused(deployer, statements, becomeOwner)).toEqual([]);
  });
});

test('backup_reader reads every table past row security and writes none', async () => {
  await sessions.as('backup_reader', undefined, async (client) => {
    for (const { name } of [...tables, { name: 'guard.migrations' }, { name: 'identity.roles' }]) {
      expect({ name, empty: !(await client.query(`select from ${name} limit 1`)).rowCount }).toEqual({ name, empty: false });
    }
  });
  const client = await sessions.of('backup_reader');
  expect((await client.query<{ it: string }>(`select current_setting('transaction_read_only') as it`)).rows[0]?.it).toBe('on');
  await client.query('begin read write');
  for (const { name } of tables) expect(await stateOf(client, `delete from ${name}`)).toBe(insufficientPrivilege);
  await client.query('rollback');
});

test.each(loginRoles)('%s can not drop the database', async (role) => {
  const client = await sessions.of(role);
  await client.query('set default_transaction_read_only = off');
  // DROP DATABASE runs in no transaction, and not in the database itself: another one stands for it, with the same rights.
  await expect(client.query('drop database template1')).rejects.toMatchObject({ code: insufficientPrivilege });
  await expect(client.query(`alter database ${database.name} rename to lost`)).rejects.toMatchObject({
    code: insufficientPrivilege,
  });
});

test('no role of Bailiwick owns the database, and nobody else may connect', async () => {
  const client = await sessions.of('backup_reader');
  const { rows } = await client.query(
    `select (select rolname from pg_roles where oid = datdba) !~ '(owner|deployer|app|reader)$' as "isOperators",
       datacl::text !~ '[{,]=' as "closedToOthers" from pg_database where datname = current_database()`,
  );
  expect(rows).toEqual([{ isOperators: true, closedToOthers: true }]);
});
