import { randomUUID } from 'node:crypto';
import { connect, withSession } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { insert, pidOf, stateOf, untilBlocked } from './policiesSeed.js';

let database: TestDatabase;
let admin: string;
let one: Client;
let other: Client;

const move = 'update public.org_units set parent_id = $1 where id = $2';

beforeAll(async () => {
  database = await createTestDatabase();
  admin = await withSession(database.operatorUrl, 'tests', async (client) =>
    insert(client, 'public.people', { full_name: 'Admin', roles: ['System Admin'] }),
  );
  one = await connect(database.urlOf('shared_tables_app'), 'tests one');
  other = await connect(database.urlOf('shared_tables_app'), 'tests other');
});
afterEach(async () => {
  await one.query('rollback');
  await other.query('rollback');
});
afterAll(async () => {
  await one.end();
  await other.end();
  await database.drop();
});

/** Units in a line: each is the parent of the next. */
async function line(count: number): Promise<string[]> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const code = randomUUID();
      ids.push(await insert(client, 'public.org_units', { code, name: `Unit ${index}`, parent_id: ids.at(-1) ?? null }));
    }
    return ids;
  });
}

async function begin(client: Client, isolation = 'read committed'): Promise<void> {
  await client.query(`begin isolation level ${isolation}`);
  await client.query(`select set_config('app.person_id', $1, true)`, [admin]);
}

async function cycles(): Promise<number> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `with recursive walk as (
         select id as start, parent_id as at from public.org_units where parent_id is not null
         union select w.start, o.parent_id from walk w join public.org_units o on o.id = w.at where o.parent_id is not null)
       select count(*)::int as count from walk where start = at`,
    );
    return rows[0]?.count ?? -1;
  });
}

describe('a cycle of org units is refused', () => {
  test('when a unit is made its own parent, on insert and on update', async () => {
    const [unit] = await line(1);
    await begin(one);
    const id = randomUUID();
    expect(
      await stateOf(one, `insert into public.org_units (id, code, name, parent_id) values ($1, 'SELF', 'Self', $1)`, [id]),
    ).toBe('23514');
    await expect(one.query(move, [unit, unit])).rejects.toMatchObject({ code: '23514', constraint: 'org_units_no_cycle' });
  });

  test('when it closes over two units and over many', async () => {
    const units = await line(6);
    await begin(one);
    expect(await stateOf(one, move, [units[1], units[0]])).toBe('23514');
    expect(await stateOf(one, move, [units[5], units[0]])).toBe('23514');
    expect(await stateOf(one, move, [units[5], units[4]])).toBe('23514');
    expect(await stateOf(one, move, [units[0], units[5]])).toBeUndefined();
  });

  test('when one INSERT brings all of it', async () => {
    await begin(one);
    const [a, b] = [randomUUID(), randomUUID()];
    const both = `insert into public.org_units (id, code, name, parent_id) values ($1, 'A', 'A', $2), ($2, 'B', 'B', $1)`;
    expect(await stateOf(one, both, [a, b])).toBe('23514');
  });

  test('when one UPDATE brings all of it', async () => {
    const [[a], [b]] = [await line(1), await line(1)];
    await begin(one);
    const both =
      'update public.org_units set parent_id = case id when $1::uuid then $2::uuid else $1::uuid end where id in ($1::uuid, $2::uuid)';
    expect(await stateOf(one, both, [a, b])).toBe('23514');
  });

  test.each([
    ['read committed', '23514'],
    ['repeatable read', '40001'],
    ['serializable', '40001'],
  ])('when two moves at the same time would make it, under %s', async (isolation, expected) => {
    const [[a, belowA], [b, belowB]] = [await line(2), await line(2)];
    await begin(one, isolation);
    await begin(other, isolation);
    const pid = await pidOf(other);
    // Both have their snapshot before either moves.
    for (const client of [one, other]) await client.query('select count(*) from public.org_units');
    await one.query(move, [belowB, a]);
    const second = other.query(move, [belowA, b]).then(
      () => 'moved',
      (error: { code?: string }) => error.code,
    );
    await untilBlocked(database, pid);
    await one.query('commit');
    expect(await second).toBe(expected);
    await other.query('rollback');
    expect(await cycles()).toBe(0);
  });

  test('in a race of twenty rounds, where one mover wins each time and nobody runs into a deadlock', async () => {
    for (let round = 0; round < 20; round++) {
      const [[a], [b]] = [await line(1), await line(1)];
      const attempt = async (client: Client, unit: string | undefined, parent: string | undefined) => {
        try {
          await begin(client);
          await client.query(move, [parent, unit]);
          await client.query('commit');
          return 'moved';
        } catch (error) {
          await client.query('rollback');
          return (error as { code?: string }).code;
        }
      };
      expect((await Promise.all([attempt(one, a, b), attempt(other, b, a)])).sort()).toEqual(['23514', 'moved']);
    }
    expect(await cycles()).toBe(0);
  });
});

test('a tree may be of any depth', async () => {
  const units = await line(200);
  await begin(one);
  const { rows } = await one.query<{ count: number }>('select cardinality(identity.org_unit_and_descendants($1)) as count', [
    units[0],
  ]);
  expect(rows[0]?.count).toBe(200);
});
