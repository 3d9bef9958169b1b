import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { Sessions, attempts, seed, tablesOf } from './policiesSeed.js';
import type { Seed, Table } from './policiesSeed.js';

let database: TestDatabase;
let seeded: Seed;
let sessions: Sessions;
let tables: Table[];

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  sessions = new Sessions(database);
  tables = (await tablesOf(database)).filter(({ schema }) => schema === 'audit_system');
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

async function titles(sql: string): Promise<string[]> {
  return sessions.as('audit_system_app', seeded.people.actionOwner, async (client) =>
    (await client.query<{ it: string }>(sql)).rows.map(({ it }) => it).sort(),
  );
}

describe('an action owner', () => {
  test('sees the recommendations that are theirs, or have an action plan of theirs', async () => {
    const seen = await titles('select id as it from audit_system.recommendations');
    expect(seen).toEqual([seeded.ownRecommendation, seeded.planRecommendation].sort());
    expect(seen).not.toContain(seeded.foreignRecommendation);
  });

  test('sees the action plans that are theirs', async () => {
    expect(await titles('select id as it from audit_system.action_plans')).toEqual([seeded.ownPlan]);
  });

  test('sees the findings above those, and no other', async () => {
    expect(await titles('select title as it from audit_system.findings')).toEqual(['Above their plan', 'Above theirs']);
  });

  test('sees nothing else of the audit system', async () => {
    const visible = ['findings', 'recommendations', 'action_plans'].map((name) => `audit_system.${name}`);
    for (const { name } of tables.filter((table) => !visible.includes(table.name))) {
      expect({ name, seen: await titles(`select 'x' as it from ${name}`) }).toEqual({ name, seen: [] });
    }
  });

  test('writes nothing', async () => {
    for (const table of tables) {
      const sample = await withSession(database.operatorUrl, 'tests', async (client) => {
        const { rows } = await client.query<{ row: unknown }>(`select to_jsonb(t) as row from ${table.name} t limit 1`);
        return rows[0]?.row;
      });
      const { inserted, updated, deleted } = await attempts(sessions, table, seeded.people.actionOwner, sample);
      expect({ table: table.name, inserted, updated, deleted }).toEqual({
        table: table.name,
        inserted: '42501',
        updated: 0,
        deleted: 0,
      });
    }
  });

  test('who is an auditor too sees everything', async () => {
    await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query(`update public.people set roles = '{Action Owner,Auditor}' where id = $1`, [seeded.people.actionOwner]),
    );
    expect(await titles('select id as it from audit_system.findings')).toHaveLength(3);
  });
});

test('an auditor writes, and only an audit admin deletes', async () => {
  const remove = async (person: string) =>
    sessions.as('audit_system_app', person, async (client) => {
      const updated = await client.query('update audit_system.evidence set description = $1', ['Seen']);
      return [updated.rowCount, (await client.query('delete from audit_system.evidence')).rowCount];
    });
  expect(await remove(seeded.people.auditor)).toEqual([1, 0]);
  expect(await remove(seeded.people.systemAdmin)).toEqual([1, 1]);
});
