import { withSession } from '@bailiwick/database/setup/connect';
import { deployerOf } from '@bailiwick/database/setup/credentials';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { Sessions, insert, stateOf } from './policiesSeed.js';

let database: TestDatabase;
let sessions: Sessions;

const insufficientPrivilege = '42501';

beforeAll(async () => {
  database = await createTestDatabase();
  sessions = new Sessions(database);
  await withSession(database.operatorUrl, 'tests', async (client) => insert(client, 'public.people', { full_name: 'Ana' }));
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

/** A type whose conversion to uuid runs whatever its owner wrote. */
const lure = `
  create type case_management.lure as enum ('x');
  create function case_management.to_uuid(case_management.lure) returns uuid language plpgsql as $$
    begin
      execute 'create table public.planted_by_' || current_user || ' ()';
      return (select id from public.people limit 1);
    end $$;
  grant execute on function case_management.to_uuid(case_management.lure) to public;`;

test("a team can not get its code run as the owner of the shared tables by a foreign key's implicit cast", async () => {
  await sessions.as('case_management_deployer', undefined, async (client) => {
    await client.query('set local role case_management_owner');
    await client.query(lure);
    const cast = `create cast (case_management.lure as uuid) with function case_management.to_uuid(case_management.lure) as implicit`;
    await expect(client.query(`savepoint before; ${cast}`)).rejects.toMatchObject({
      code: insufficientPrivilege,
      message: 'CREATE CAST would let case_management_owner run code with the rights of another role.',
    });
    await client.query('rollback to before');
    expect(
      await stateOf(client, 'create table case_management.bait (x case_management.lure references public.people (id))'),
    ).toBe('42804');
  });
});

test('nobody puts a view, a rule or a function into public, where guard_owner would run it', async () => {
  await sessions.as(deployerOf('shared_tables'), undefined, async (client) => {
    await client.query('set local role shared_tables_owner');
    for (const statement of [
      'alter table public.people rename to persons; create view public.people as select * from public.persons',
      'create materialized view public.copies as select 1 as one',
      'create function public.f() returns int language sql return 1',
      'create procedure public.p() language sql as $$ select 1 $$',
      'create rule r as on update to public.people do also select 1',
    ]) {
      expect({ statement, state: await stateOf(client, statement) }).toEqual({ statement, state: insufficientPrivilege });
    }
    expect(await stateOf(client, 'create table public.plain (id int)')).toBeUndefined();
  });
});

test('a team makes views and functions in its own schema', async () => {
  await sessions.as('audit_system_deployer', undefined, async (client) => {
    await client.query('set local role audit_system_owner');
    expect(await stateOf(client, 'create view audit_system.v as select 1 as one')).toBeUndefined();
    expect(await stateOf(client, 'create function audit_system.f() returns int language sql return 1')).toBeUndefined();
  });
});
