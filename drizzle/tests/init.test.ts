import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingLayers } from '@bailiwick/database/guard/status';
import { initFolder, initialiseDatabase, refuseUnfitServer } from '@bailiwick/database/setup/init';
import { scramVerifier } from '@bailiwick/database/setup/passwords';
import { urlAs, urlOfDatabase, withSession } from '@bailiwick/database/setup/connect';
import { bailiwicks, loginRoles } from '@bailiwick/database/setup/credentials';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

let empty: TestDatabase;

beforeAll(async () => {
  empty = await createEmptyDatabase();
  await initialiseDatabase(empty);
});
afterAll(async () => empty.drop());

async function rows<T extends object>(sql: string, ...values: unknown[]): Promise<T[]> {
  return withSession(empty.operatorUrl, 'tests', async (client) => (await client.query<T>(sql, values)).rows);
}

describe('initialiseDatabase', () => {
  test('gives every schema to guard_owner, whom nobody is a member of', async () => {
    const owners = await rows<{ schema: string; owner: string }>(
      `select nspname as schema, nspowner::regrole::text as owner from pg_namespace
       where nspname in ('public', 'case_management', 'audit_system', 'guard', 'identity', 'extensions') order by 1`,
    );
    expect(owners.map(({ owner }) => owner)).toEqual(Array(6).fill('guard_owner'));
    const members = await rows(`select from pg_auth_members where roleid = 'guard_owner'::regrole`);
    // From PostgreSQL 16 on, the creator of a role is its admin, unless that is a superuser.
    expect(members).toEqual([]);
  });

  test('makes deployers that have no right of their own until they SET ROLE, and app roles without any special attribute', async () => {
    const found = await rows<{ name: string; memberships: string[]; special: boolean; inherits: boolean }>(
      `select rolname as name, rolinherit as inherits, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as special,
         array(select roleid::regrole::text from pg_auth_members where member = r.oid) as memberships
       from pg_roles r where rolname ~ '_(app|deployer|owner)$' and rolname !~ '^(guard|pg)_' order by 1`,
    );
    expect(found).toHaveLength(9);
    for (const { name, memberships, special, inherits } of found) {
      expect({ name, special, inherits }).toEqual({ name, special: false, inherits: false });
      expect(memberships).toEqual(name.endsWith('_deployer') ? [name.replace('_deployer', '_owner')] : []);
    }
  });

  test('leaves nothing but tables to public, and nobody but the owner may create there', async () => {
    expect(await rows(`select proname from pg_proc where pronamespace = 'public'::regnamespace`)).toEqual([]);
    expect(await rows(`select typname from pg_type where typnamespace = 'public'::regnamespace`)).toEqual([]);
    const [may] = await rows<{ app: boolean; owner: boolean; other: boolean }>(
      `select has_schema_privilege('shared_tables_app', 'public', 'create') as app,
         has_schema_privilege('shared_tables_owner', 'public', 'create') as owner,
         has_schema_privilege('case_management_owner', 'public', 'create') as other`,
    );
    expect(may).toEqual({ app: false, owner: true, other: false });
  });

  test('teaches a database the level approve that was made before there was one, and does not give it again to whom it was taken from', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-init-'));
    const old = await createEmptyDatabase();
    const levelOf = async (role: string) =>
      withSession(old.operatorUrl, 'tests', async (client) => {
        const { rows } = await client.query('select audit_system from identity.roles where name = $1', [role]);
        return rows[0].audit_system;
      });
    try {
      for (const name of await readdir(initFolder)) {
        const sql = await readFile(join(initFolder, name), 'utf8');
        // As it was: the ladder and its checks without the level, and nothing that brings it.
        const before = sql.replace(/-- A database that was made before there was the level approve[^]*?\$\$;\n/, '');
        await writeFile(
          join(folder, name),
          before.replaceAll("'write', 'approve', 'admin'", "'write', 'admin'").replaceAll("'approve'", "'write'"),
        );
      }
      await initialiseDatabase({ ...old, folder });
      expect(await levelOf('Audit Manager')).toBe('write');
      await initialiseDatabase(old);
      expect(await levelOf('Audit Manager')).toBe('approve');
      expect(await levelOf('Auditor')).toBe('write');
      expect(await withSession(old.operatorUrl, 'tests', missingLayers)).toEqual([]);
      await withSession(old.operatorUrl, 'tests', (client) =>
        client.query(`update identity.roles set audit_system = 'read' where name = 'Audit Manager'`),
      );
      await initialiseDatabase(old);
      expect(await levelOf('Audit Manager')).toBe('read');
    } finally {
      await rm(folder, { recursive: true });
      await old.drop();
    }
  });

  test('says which layers are missing where the server lets nobody make event triggers, and makes the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-init-'));
    const bare = await createEmptyDatabase();
    try {
      for (const name of await readdir(initFolder)) {
        const sql = await readFile(join(initFolder, name), 'utf8');
        await writeFile(
          join(folder, name),
          sql.replace(/(?:execute format\(')?create event trigger [^;]+;/g, 'raise insufficient_privilege;'),
        );
      }
      const said: string[] = [];
      await initialiseDatabase({ ...bare, folder, onStep: (sentence) => said.push(sentence) });
      const missing = said.filter((sentence) => sentence.startsWith('The guard does not stand whole'));
      expect(missing).toHaveLength(6);
      expect(missing).toContain('The guard does not stand whole: event trigger guard_drop: it is not there.');
      // status goes on saying so, until there is a server that lets init make them.
      expect(await withSession(bare.operatorUrl, 'tests', missingLayers)).toEqual(missing);
      await initialiseDatabase(bare);
      expect(await withSession(bare.operatorUrl, 'tests', missingLayers)).toEqual([]);
    } finally {
      await bare.drop();
      await rm(folder, { recursive: true });
    }
  });

  test('takes from a role that was there before what lifts it above the others', async () => {
    // Not BYPASSRLS, which goes the same way: roles are of the whole server, and other test files would see it.
    await rows('alter role audit_system_app createdb inherit');
    await initialiseDatabase(empty);
    expect(await rows(`select rolcreatedb, rolinherit from pg_roles where rolname = 'audit_system_app'`)).toEqual([
      { rolcreatedb: false, rolinherit: false },
    ]);
  });

  test('brings pg_trgm out of public where it was installed before', async () => {
    const database = await createEmptyDatabase();
    await withSession(database.operatorUrl, 'tests', async (client) => client.query('create extension pg_trgm schema public'));
    await initialiseDatabase(database);
    const found = await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query(`select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_trgm'`),
    );
    expect(found.rows).toEqual([{ schema: 'extensions' }]);
    await database.drop();
  });

  test('may be run again, and changes nothing', async () => {
    const catalogue = `select (select json_agg(r order by rolname) from (select rolname, rolinherit, rolconfig from pg_roles where rolname !~ '^pg_') r)::text as roles,
      (select json_agg(n order by nspname) from (select nspname, nspowner, nspacl::text from pg_namespace where nspname !~ '^pg_') n)::text as schemas,
      (select json_agg(p order by proname) from (select proname, proacl::text, prosrc from pg_proc where pronamespace::regnamespace::text in ('guard', 'identity')) p)::text as functions`;
    const before = await rows(catalogue);
    await initialiseDatabase(empty);
    expect(await rows(catalogue)).toEqual(before);
  });

  test('keeps what was added to identity.roles', async () => {
    await rows(`insert into identity.roles (name, description, audit_system) values ('Trainee', 'Learns.', 'read')`);
    await rows(`update identity.roles set description = 'Ours' where name = 'Lawyer'`);
    await initialiseDatabase(empty);
    const found = await rows(`select name, description from identity.roles where name in ('Trainee', 'Lawyer') order by 1`);
    expect(found).toEqual([
      { name: 'Lawyer', description: 'Ours' },
      { name: 'Trainee', description: 'Learns.' },
    ]);
  });

  test('can be run on two databases of one server, and twice on one, at the same time', async () => {
    const others = await Promise.all([createEmptyDatabase(), createEmptyDatabase()]);
    await Promise.all([...others, ...others, empty].map(async (database) => initialiseDatabase(database)));
    await Promise.all(others.map(async (database) => database.drop()));
  });

  test('sets the passwords that it is given, as verifiers, and leaves the others alone', async () => {
    // Other test files set the same passwords on the same server meanwhile, each time with another salt.
    const areThose = async () => {
      const stored = await rows<{ role: (typeof loginRoles)[number]; verifier: string }>(
        'select rolname as role, rolpassword as verifier from pg_authid where rolname = any ($1)',
        loginRoles,
      );
      const saltOf = (verifier: string) => Buffer.from(/:([^$]+)\$/.exec(verifier)?.[1] ?? '', 'base64');
      expect(stored).toHaveLength(loginRoles.length);
      for (const { role, verifier } of stored)
        expect(scramVerifier(empty.credentials.roles[role] ?? '', saltOf(verifier))).toBe(verifier);
    };
    await areThose();
    await initialiseDatabase({ operatorUrl: empty.operatorUrl, credentials: { roles: {} } });
    await areThose();
  });

  test('a password that clients would send differently is refused, and nothing is changed', async () => {
    const credentials = { roles: { backup_reader: 'passwörd' } };
    await expect(initialiseDatabase({ operatorUrl: empty.operatorUrl, credentials })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  test('a role that is no superuser is named, with the statement that mends it', async () => {
    const database = await createTestDatabase();
    const operatorUrl = database.urlOf('case_management_deployer');
    await expect(initialiseDatabase({ operatorUrl, credentials: { roles: {} } })).rejects.toMatchObject({
      code: 'PRIVILEGE_MISSING',
      message: expect.stringMatching(/^Role case_management_deployer is not a superuser of PostgreSQL at [\w.]+:\d+/),
      hint: expect.stringContaining('ALTER ROLE "case_management_deployer" SUPERUSER;'),
    });
    await database.drop();
  });

  test('a server older than 15 is refused with its version', () => {
    const facts = { versionNumber: 140_012, version: '14.12', role: 'postgres', isSuperuser: true, encoding: 'UTF8' };
    const refuse = () => refuseUnfitServer('postgres://postgres@db.example:5433/x', facts);
    expect(refuse).toThrow('PostgreSQL at db.example:5433 is version 14.12; Bailiwick needs 15 or newer.');
  });

  test('a server that does not answer is named with host, port and reason, and never with the password', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const { port } = listener.address() as AddressInfo;
    await new Promise((resolve) => listener.close(resolve));
    const failure = await initialiseDatabase({
      operatorUrl: `postgres://bob:hunter2@127.0.0.1:${port}/x`,
      credentials: { roles: {} },
    }).catch((error: unknown) => error as Error & { hint: string });
    expect(failure).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: `PostgreSQL at 127.0.0.1:${port} can not be reached: the connection was refused.`,
    });
    expect(JSON.stringify([failure?.message, failure?.hint])).not.toContain('hunter2');
  });

  test('a database that does not exist is named, with the statement that makes it', async () => {
    const operatorUrl = urlOfDatabase(empty.operatorUrl, 'no_such_database');
    await expect(initialiseDatabase({ operatorUrl, credentials: { roles: {} } })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('has no database "no_such_database"'),
      hint: expect.stringContaining('CREATE DATABASE "no_such_database";'),
    });
  });
});

describe('urlAs', () => {
  test.each([
    [
      'postgres://postgres:old@db.example:5433/x?sslmode=require',
      'postgres://audit_system_app:p%40%2Fw%25@db.example:5433/x?sslmode=require',
    ],
    ['postgres:///x?host=%2Frun%2Fpg&user=postgres', 'postgres:///x?host=%2Frun%2Fpg&user=audit_system_app&password=p%40%2Fw%25'],
  ])('keeps all of %s but user and password', (url, expected) => {
    expect(urlAs(url, 'audit_system_app', 'p@/w%')).toBe(expected);
  });

  test('leaves no password of the former user behind', () => {
    expect(urlAs('postgres://postgres:old@db.example/x', 'audit_system_app', undefined)).toBe(
      'postgres://audit_system_app@db.example/x',
    );
  });
});

test('every bailiwick has an app role and a deployer among the roles that log in', () => {
  expect(loginRoles.filter((role) => role !== 'backup_reader').sort()).toEqual(
    bailiwicks.flatMap((owner) => [`${owner}_app`, `${owner}_deployer`]).sort(),
  );
});
