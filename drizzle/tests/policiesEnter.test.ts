import { randomUUID } from 'node:crypto';
import { withSession } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { insert, Sessions, stateOf } from './policiesSeed.js';

let database: TestDatabase;
let sessions: Sessions;
/** One person of each role of the catalogue, and some who are none of its people. */
const people = new Map<string, string>();

const app = 'case_management_app';
const systems = ['shared_tables', 'case_management', 'audit_system'];
const actions = ['own', 'read', 'write', 'approve', 'admin'];
const namePerson = `select set_config('app.person_id', $1, true)`;

beforeAll(async () => {
  database = await createTestDatabase();
  sessions = new Sessions(database);
  await withSession(database.operatorUrl, 'tests', async (client) => {
    const add = async (name: string, roles: string[], isActive = true) =>
      people.set(name, await insert(client, 'public.people', { full_name: name, roles, is_active: isActive }));
    const { rows } = await client.query<{ name: string }>('select name from identity.roles order by name');
    for (const { name } of rows) await add(name, [name]);
    await add('lawyer and auditor', ['Lawyer', 'Auditor']);
    await add('reader and admin', ['Read-Only', 'System Admin', 'Client']);
    await add('without a role', []);
    await add('inactive', ['System Admin'], false);
    people.set('unknown', randomUUID());
  });
  for (const [name, person] of people)
    expected[name] = await sessions.as(app, undefined, async (client) => {
      await client.query(namePerson, [person]);
      return allowed(client, 'identity.may_by_tables');
    });
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

/** What the person of the transaction may do: "system action" of each that is allowed. */
async function allowed(client: Client, may = 'identity.may'): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(
    `select s || ' ' || a as what from unnest($1::text[]) s, unnest($2::text[]) a where ${may}(s, a) order by 1`,
    [systems, actions],
  );
  return rows.map(({ what }) => what);
}

/** What each may do, by the tables. */
const expected: Record<string, string[]> = {};

test('a person may do the same whether it was remembered or is looked up', async () => {
  for (const [name, person] of people) {
    const remembered = await sessions.as(app, person, async (client) => allowed(client));
    const named = await sessions.as(app, undefined, async (client) => {
      await client.query(namePerson, [person]);
      return allowed(client);
    });
    expect({ name, remembered, named }).toEqual({ name, remembered: expected[name], named: expected[name] });
  }
  expect(expected['unknown']).toEqual([]);
  expect(expected['inactive']).toEqual([]);
  expect(expected['without a role']).toEqual(['shared_tables own', 'shared_tables read']);
  expect(expected['Lawyer']).toEqual([
    'case_management own',
    'case_management read',
    'case_management write',
    'shared_tables own',
    'shared_tables read',
  ]);
  const approves = Object.keys(expected).filter((name) => expected[name]!.some((what) => what.endsWith(' approve')));
  expect(approves.toSorted()).toEqual(
    ['Admin', 'Audit Admin', 'Audit Manager', 'Case Manager', 'Director', 'System Admin', 'reader and admin'].toSorted(),
  );
  expect(expected['Audit Manager']!.filter((what) => what.startsWith('audit_system'))).toEqual([
    'audit_system approve',
    'audit_system own',
    'audit_system read',
    'audit_system write',
  ]);
  expect(expected['lawyer and auditor']).toEqual([...expected['Auditor']!, ...expected['Lawyer']!.slice(0, 3)].sort());
  expect(expected['reader and admin']).toHaveLength(15);
});

test('what was remembered is of no use for another person', async () => {
  const [admin, lawyer] = [people.get('System Admin')!, people.get('Lawyer')!];
  await sessions.as(app, admin, async (client) => {
    await client.query(namePerson, [lawyer]);
    expect(await allowed(client)).toEqual(expected['Lawyer']);
    await client.query(namePerson, ['']);
    expect(await allowed(client)).toEqual([]);
    await client.query(namePerson, [admin]);
    expect(await allowed(client)).toHaveLength(15);
    await client.query('select identity.enter(null)');
    expect(await allowed(client)).toEqual([]);
  });
});

test('what was remembered ends with the transaction, committed or not', async () => {
  const client = await sessions.of(app);
  for (const end of ['commit', 'rollback']) {
    await client.query('begin');
    await client.query('select identity.enter($1)', [people.get('System Admin')]);
    await client.query(end);
    const { rows } = await client.query(
      `select coalesce(current_setting('app.person_id', true), '') || coalesce(current_setting('app.person_levels', true), '') as left`,
    );
    expect({ end, rows }).toEqual({ end, rows: [{ left: '' }] });
  }
});

test('a role that is taken away is gone in the next transaction', async () => {
  const lawyer = people.get('Legal Officer')!;
  const mayWrite = async () =>
    sessions.as(app, lawyer, async (client) => (await allowed(client)).includes('case_management write'));
  expect(await mayWrite()).toBe(true);
  await withSession(database.operatorUrl, 'tests', async (client) =>
    client.query(`update public.people set roles = '{}' where id = $1`, [lawyer]),
  );
  expect(await mayWrite()).toBe(false);
});

test.each([
  ['a system that there is not', `select identity.may('payroll', 'read')`],
  ['an action that there is not', `select identity.may('case_management', 'destroy')`],
])('%s is an error, remembered or not', async (_what, sql) => {
  for (const enter of ['select identity.enter($1)', namePerson])
    await sessions.as(app, undefined, async (client) => {
      await client.query(enter, [people.get('System Admin')]);
      expect(await stateOf(client, sql)).toBe('P0001');
    });
});

test('levels_of is for identity alone', async () => {
  await sessions.as(app, people.get('System Admin'), async (client) => {
    expect(await stateOf(client, `select identity.levels_of('${people.get('Lawyer')}')`)).toBe('42501');
  });
});
