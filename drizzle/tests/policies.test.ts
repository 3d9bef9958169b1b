import { randomUUID } from 'node:crypto';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { Sessions, attempts, seed, stateOf, tablesOf } from './policiesSeed.js';
import type { Seed, Table } from './policiesSeed.js';

let database: TestDatabase;
let seeded: Seed;
let tables: Table[];
let sessions: Sessions;
/** A row of each table that could be inserted again, but for row security. */
const samples = new Map<string, unknown>();

const insufficientPrivilege = '42501';
const personal = ['notifications', 'idempotency_keys'];
const isPersonal = ({ name }: Table) => personal.includes(name.split('.')[1] ?? '');

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  tables = await tablesOf(database);
  sessions = new Sessions(database);
  await withSession(database.operatorUrl, 'tests', async (client) => {
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from ${name} t order by created_at limit 1`,
      );
      const row = rows[0]?.row;
      if (!row) throw new Error(`policiesSeed.ts has no row for ${name}: add one, or its policies go untested.`);
      samples.set(name, 'id' in row ? { ...row, id: randomUUID() } : { ...row, key: randomUUID() });
    }
  });
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

test('every table enables and forces row security, and has a policy for its app role and for its owner', async () => {
  const found = await withSession(database.operatorUrl, 'tests', async (client) =>
    client.query(
      `select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
         array(select distinct r.rolname::text from pg_policy p, unnest(p.polroles) role join pg_roles r on r.oid = role where p.polrelid = c.oid order by 1) as roles
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname in ('public', 'case_management', 'audit_system') order by 1`,
    ),
  );
  expect(found.rows).toEqual(
    tables.map(({ name, app }) => ({ name, enabled: true, forced: true, roles: [app, app.replace('_app', '_owner')] })),
  );
});

test('every table has id, created_at, updated_at and version, but for the idempotency keys', () => {
  for (const { name, columns } of tables) {
    const wanted = name.endsWith('.idempotency_keys')
      ? ['person_id', 'key', 'created_at']
      : ['id', 'created_at', 'updated_at', 'version'];
    expect({ name, missing: wanted.filter((column) => !columns.includes(column)) }).toEqual({ name, missing: [] });
  }
});

describe('nothing is visible and nothing can be written', () => {
  test.each([
    ['no person is set', () => undefined],
    ['the person is an empty text', () => ''],
    ['the person is unknown', () => randomUUID()],
    ['the person is inactive', () => seeded.people.inactive],
  ])('when %s', async (_who, person) => {
    for (const table of tables) {
      const result = await attempts(sessions, table, person(), samples.get(table.name));
      expect({ table: table.name, ...result }).toEqual({
        table: table.name,
        seen: 0,
        inserted: insufficientPrivilege,
        updated: 0,
        deleted: 0,
      });
    }
  });

  test('when the person is no UUID: the statement fails', async () => {
    for (const table of tables) {
      const state = await sessions.as(table.app, 'nobody', async (client) => stateOf(client, `select from ${table.name}`));
      expect({ table: table.name, state }).toEqual({ table: table.name, state: '22P02' });
    }
  });

  test('in the two systems when the person has no role; the shared tables can be read', async () => {
    for (const table of tables) {
      const result = await attempts(sessions, table, seeded.people.withoutRole, samples.get(table.name));
      const isShared = table.schema === 'public' && !isPersonal(table);
      expect({ table: table.name, ...result, seen: result.seen !== 0 }).toEqual({
        table: table.name,
        seen: isShared,
        inserted: insufficientPrivilege,
        updated: 0,
        deleted: 0,
      });
    }
  });

  test.each([
    ['a lawyer', 'audit system', 'audit_system', () => seeded.people.lawyer],
    ['an auditor', 'case system', 'case_management', () => seeded.people.auditor],
  ] as const)('for %s in the %s', async (_who, _where, schema, person) => {
    for (const table of tables.filter((one) => one.schema === schema)) {
      const result = await attempts(sessions, table, person(), samples.get(table.name));
      expect({ table: table.name, ...result }).toEqual({
        table: table.name,
        seen: 0,
        inserted: insufficientPrivilege,
        updated: 0,
        deleted: 0,
      });
    }
  });
});

/** In the system this grew out of, most tables had policies for anonymous users only, and the "fix" was USING (true) for everyone. */
describe('whoever is signed in with a role', () => {
  test.each([
    ['a lawyer', 'case_management', () => seeded.people.lawyer],
    ['an auditor', 'audit_system', () => seeded.people.auditor],
    ['a system admin', 'public', () => seeded.people.systemAdmin],
  ] as const)('%s reads and writes every table of %s', async (_who, schema, person) => {
    for (const table of tables.filter((one) => one.schema === schema && !isPersonal(one))) {
      const columns = table.columns.join(', ');
      await sessions.as(table.app, person(), async (client) => {
        const copy = `insert into ${table.name} (${columns}) select ${columns} from jsonb_populate_record(null::${table.name}, $1)`;
        const inserted = await stateOf(client, copy, [JSON.stringify(samples.get(table.name))]);
        const { rowCount: seen } = await client.query(`select from ${table.name}`);
        const { rowCount: updated } = await client.query(`update ${table.name} set created_at = created_at`);
        // The copy of a row may meet a unique key: then it got past row security.
        const got = {
          table: table.name,
          isAdded: inserted === undefined || inserted === '23505',
          isRead: seen !== 0,
          isChanged: updated !== 0,
        };
        expect(got).toEqual({ table: table.name, isAdded: true, isRead: true, isChanged: true });
      });
    }
  });

  test('no policy of an app role is true for everybody', async () => {
    const open = await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query(
        `select tablename, policyname from pg_policies where (roles::text[] && array['public'] or roles::text ~ '_app')
           and (coalesce(qual, with_check) !~ 'identity\\.may' or coalesce(with_check, qual) !~ 'identity\\.may')`,
      ),
    );
    expect(open.rows).toEqual([]);
  });
});

test('Read-Only reads every table of both systems and writes none', async () => {
  for (const table of tables) {
    const result = await attempts(sessions, table, seeded.people.readOnly, samples.get(table.name));
    expect({ table: table.name, ...result, seen: result.seen !== 0 }).toEqual({
      table: table.name,
      seen: !isPersonal(table),
      inserted: insufficientPrivilege,
      updated: 0,
      deleted: 0,
    });
  }
});

test('a role that is taken away is gone at the next statement of the same session', async () => {
  const { lawyer } = seeded.people;
  const count = async () =>
    sessions.as(
      'case_management_app',
      lawyer,
      async (client) => (await client.query('select from case_management.legal_cases')).rowCount,
    );
  const setRoles = async (roles: string[]) =>
    withSession(database.operatorUrl, 'tests', async (client) =>
      client.query('update public.people set roles = $1 where id = $2', [roles, lawyer]),
    );
  expect(await count()).toBe(1);
  await setRoles([]);
  expect(await count()).toBe(0);
  await setRoles(['Lawyer']);
  expect(await count()).toBe(1);
});

test('roles add up: a lawyer who is an auditor too works in both systems', async () => {
  const both = await withSession(database.operatorUrl, 'tests', async (client) => {
    const id = randomUUID();
    await client.query(`insert into public.people (id, full_name, roles) values ($1, 'Both', '{Lawyer,Auditor}')`, [id]);
    return id;
  });
  for (const name of ['case_management.legal_cases', 'audit_system.engagements']) {
    const table = tables.find((one) => one.name === name);
    expect(
      table &&
        (await sessions.as(table.app, both, async (client) => (await client.query(`update ${name} set title = title`)).rowCount)),
    ).toBe(1);
  }
});

describe('shared tables', () => {
  test('only roles with admin on them write', async () => {
    const rename = async (person: string) =>
      sessions.as(
        'shared_tables_app',
        person,
        async (client) => (await client.query(`update public.org_units set name = 'New'`)).rowCount,
      );
    expect(await rename(seeded.people.systemAdmin)).toBe(1);
    for (const person of [seeded.people.lawyer, seeded.people.caseManager, seeded.people.auditor])
      expect(await rename(person)).toBe(0);
  });

  test('nobody raises their own roles', async () => {
    const raise = `update public.people set roles = '{System Admin}' where id = $1`;
    const { lawyer } = seeded.people;
    expect(await sessions.as('shared_tables_app', lawyer, async (client) => (await client.query(raise, [lawyer])).rowCount)).toBe(
      0,
    );
  });

  test("a notification is its recipient's alone", async () => {
    const count = async (person: string) =>
      sessions.as(
        'shared_tables_app',
        person,
        async (client) => (await client.query('select from public.notifications')).rowCount,
      );
    expect(await count(seeded.people.lawyer)).toBe(1);
    expect(await count(seeded.people.systemAdmin)).toBe(0);
  });

  test('a recipient marks a notification as read, but can not pass it on', async () => {
    await sessions.as('shared_tables_app', seeded.people.lawyer, async (client) => {
      expect((await client.query('update public.notifications set read_at = now()')).rowCount).toBe(1);
      expect(await stateOf(client, 'update public.notifications set recipient_id = $1', [seeded.people.auditor])).toBe(
        insufficientPrivilege,
      );
    });
  });

  test('an e-mail is unique without regard to case, and may be absent from many', async () => {
    await sessions.as('shared_tables_app', seeded.people.systemAdmin, async (client) => {
      const add = `insert into public.people (id, full_name, email) values (gen_random_uuid(), 'P', $1)`;
      await client.query(add, ['Ana@Example.org']);
      expect(await stateOf(client, add, ['ana@example.ORG'])).toBe('23505');
      await client.query(add, [null]);
      await client.query(add, [null]);
    });
  });

  test('a role that the catalogue does not know is refused by name, on insert and on update', async () => {
    await sessions.as('shared_tables_app', seeded.people.systemAdmin, async (client) => {
      const add = `insert into public.people (id, full_name, roles) values (gen_random_uuid(), 'P', '{Lawyer,Wizard}')`;
      expect(await stateOf(client, add)).toBe('23514');
      await expect(client.query(`update public.people set roles = '{Wizard}'`)).rejects.toMatchObject({
        message: "Unknown role 'Wizard'.",
        constraint: 'people_roles_known',
      });
    });
  });
});
