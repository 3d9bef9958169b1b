import { randomUUID } from 'node:crypto';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { Sessions, pidOf, seed, stateOf, tablesOf, untilBlocked } from './policiesSeed.js';
import type { Seed } from './policiesSeed.js';

let database: TestDatabase;
let seeded: Seed;
let sessions: Sessions;
/** Every table of the case system whose rows hang on a case, and legal_cases itself: [table, column with the case's id]. */
let hanging: [string, string][];

const app = 'case_management_app';
const insufficientPrivilege = '42501';

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  sessions = new Sessions(database);
  const tables = (await tablesOf(database)).filter(
    ({ schema, name }) => schema === 'case_management' && !name.endsWith('.idempotency_keys'),
  );
  hanging = tables.map(({ name }) => [name, name.endsWith('.legal_cases') ? 'id' : 'case_id']);
  expect(hanging.length).toBeGreaterThanOrEqual(9);
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

/** The tables in which a person sees something of the case. */
async function tablesWith(caseId: string, person: string): Promise<string[]> {
  return sessions.as(app, person, async (client) => {
    const seen: string[] = [];
    for (const [table, column] of hanging) {
      const { rowCount } = await client.query(`select from ${table} where ${column} = $1`, [caseId]);
      if (rowCount) seen.push(table);
    }
    return seen;
  });
}

describe('a restricted case and everything that hangs on it', () => {
  test.each(['lead', 'caseManager', 'systemAdmin'] as const)('is visible to: %s', async (who) => {
    expect(await tablesWith(seeded.restrictedCase, seeded.people[who])).toEqual(hanging.map(([table]) => table));
  });

  test.each(['lawyer', 'formerMember', 'readOnly', 'auditor', 'inactive'] as const)('is hidden from: %s', async (who) => {
    expect(await tablesWith(seeded.restrictedCase, seeded.people[who])).toEqual([]);
  });

  test.each(['lawyer', 'formerMember', 'readOnly'] as const)('hides nothing of an open case from: %s', async (who) => {
    expect(await tablesWith(seeded.openCase, seeded.people[who])).toEqual(hanging.map(([table]) => table));
  });

  test('is in no count', async () => {
    const count = async (person: string, table: string) =>
      sessions.as(
        app,
        person,
        async (client) => (await client.query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]?.count,
      );
    for (const [table] of hanging) {
      const [seen, all] = [await count(seeded.people.lawyer, table), await count(seeded.people.caseManager, table)];
      expect({ table, seen }).toEqual({ table, seen: (all ?? 0) / 2 });
    }
  });

  test.each([
    ['its title', 'Restricted Kokoda'],
    ['the name of a party', 'Zephyr Secret'],
  ])('is found by %s only by those who may see it', async (_what, text) => {
    const found = async (person: string) =>
      sessions.as(app, person, async (client) => {
        const { rows } = await client.query<{ ids: string[] }>('select case_management.search_legal_case_ids($1) as ids', [text]);
        return rows[0]?.ids;
      });
    expect(await found(seeded.people.lead)).toEqual([seeded.restrictedCase]);
    expect(await found(seeded.people.caseManager)).toEqual([seeded.restrictedCase]);
    for (const who of ['lawyer', 'formerMember', 'readOnly', 'auditor', 'inactive'] as const)
      expect(await found(seeded.people[who])).toEqual([]);
  });

  test('is found by its number only by those who may see it', async () => {
    const search =
      'select case_management.search_legal_case_ids((select case_number from case_management.legal_cases where id = $1)) as ids';
    const found = async (person: string, text?: string) =>
      sessions.as(app, person, async (client) => {
        const sql = text ? search.replace(/\(select case_number.*\$1\)/, '$1') : search;
        return (await client.query<{ ids: string[] }>(sql, [text ?? seeded.restrictedCase])).rows[0]?.ids;
      });
    const number = await withSession(database.operatorUrl, 'tests', async (client) => {
      const { rows } = await client.query<{ number: string }>(
        'select case_number as number from case_management.legal_cases where id = $1',
        [seeded.restrictedCase],
      );
      return rows[0]?.number ?? '';
    });
    expect(await found(seeded.people.lead, number)).toEqual([seeded.restrictedCase]);
    expect(await found(seeded.people.lawyer, number)).toEqual([]);
  });

  test('the wildcards of LIKE in a search are ordinary characters', async () => {
    for (const text of ['%', '_', '\\']) {
      const { rows } = await sessions.as(app, seeded.people.lawyer, async (client) =>
        client.query('select case_management.search_legal_case_ids($1) as ids', [text]),
      );
      expect(rows).toEqual([{ ids: [] }]);
    }
  });
});

describe('a lawyer who is not assigned', () => {
  test('can not assign anybody to a restricted case, themself least of all', async () => {
    const assign =
      'insert into case_management.case_assignments (id, case_id, case_is_restricted, person_id) values ($1, $2, $3, $4)';
    await sessions.as(app, seeded.people.lawyer, async (client) => {
      for (const claimed of [true, false]) {
        const values = [randomUUID(), seeded.restrictedCase, claimed, seeded.people.lawyer];
        expect(await stateOf(client, assign, values)).toBe(insufficientPrivilege);
      }
      expect(await stateOf(client, assign, [randomUUID(), seeded.openCase, false, seeded.people.lawyer])).toBeUndefined();
    });
  });

  test('who once was a member can not come back by ending the end', async () => {
    await sessions.as(app, seeded.people.formerMember, async (client) => {
      const again = 'update case_management.case_assignments set ended_at = null where person_id = $1 and case_id = $2';
      expect((await client.query(again, [seeded.people.formerMember, seeded.restrictedCase])).rowCount).toBe(0);
    });
  });

  test('can not hang anything on a restricted case, nor move anything to it', async () => {
    await sessions.as(app, seeded.people.lawyer, async (client) => {
      const add = `insert into case_management.parties (id, case_id, case_is_restricted, name) values ($1, $2, false, 'X')`;
      expect(await stateOf(client, add, [randomUUID(), seeded.restrictedCase])).toBe(insufficientPrivilege);
      for (const [table, column] of hanging.filter(([, name]) => name === 'case_id')) {
        const state = await stateOf(client, `update ${table} set ${column} = $1 where ${column} = $2`, [
          seeded.restrictedCase,
          seeded.openCase,
        ]);
        expect({ table, state }).toEqual({ table, state: insufficientPrivilege });
      }
    });
  });

  test('gets one answer for a restricted case and for one that does not exist', async () => {
    await sessions.as(app, seeded.people.lawyer, async (client) => {
      for (const [table] of hanging.filter(([, column]) => column === 'case_id')) {
        const move = `update ${table} set case_id = $1 where case_id = $2`;
        const answers = [
          await stateOf(client, move, [seeded.restrictedCase, seeded.openCase]),
          await stateOf(client, move, [randomUUID(), seeded.openCase]),
        ];
        expect({ table, answers }).toEqual({ table, answers: [insufficientPrivilege, insufficientPrivilege] });
      }
    });
  });

  test('can not change a restricted case, nor restrict an open one, which would hide it from themself', async () => {
    await sessions.as(app, seeded.people.lawyer, async (client) => {
      const change = await client.query('update case_management.legal_cases set is_restricted = false where id = $1', [
        seeded.restrictedCase,
      ]);
      expect(change.rowCount).toBe(0);
      const restrict = 'update case_management.legal_cases set is_restricted = true where id = $1';
      expect(await stateOf(client, restrict, [seeded.openCase])).toBe(insufficientPrivilege);
    });
  });

  test('learns nothing about a restricted case from an expression that fails on it', async () => {
    await sessions.as(app, seeded.people.lawyer, async (client) => {
      const probe = `select from case_management.legal_cases where 1 / (case when title like 'Restricted%' then 0 else 1 end) = 1`;
      expect(await stateOf(client, probe)).toBeUndefined();
    });
  });
});

describe('the copy of is_restricted', () => {
  test('follows the case both ways, in every table', async () => {
    const restrict = async (isRestricted: boolean) =>
      sessions.of(app).then(async (client) => {
        await client.query('begin');
        await client.query(`select set_config('app.person_id', $1, true)`, [seeded.people.lead]);
        await client.query('update case_management.legal_cases set is_restricted = $1 where id = $2', [
          isRestricted,
          seeded.openCase,
        ]);
        await client.query('commit');
      });
    await restrict(true);
    expect(await tablesWith(seeded.openCase, seeded.people.lawyer)).toEqual([]);
    expect(await tablesWith(seeded.openCase, seeded.people.lead)).toEqual(hanging.map(([table]) => table));
    await restrict(false);
    expect(await tablesWith(seeded.openCase, seeded.people.lawyer)).toEqual(hanging.map(([table]) => table));
  });

  test('can not be set apart from the case, not even by an assigned person', async () => {
    await sessions.as(app, seeded.people.lead, async (client) => {
      for (const [table] of hanging.filter(([, column]) => column === 'case_id')) {
        const state = await stateOf(
          client,
          `update ${table} set case_is_restricted = not case_is_restricted where case_id = $1`,
          [seeded.restrictedCase],
        );
        expect({ table, state }).toEqual({ table, state: '23503' });
      }
    });
  });

  test('of a row that is added while the case is being restricted is refused: its copy would be stale', async () => {
    const [restricting, adding] = [await sessions.of(app), await sessions.of('case_management_deployer')];
    for (const [client, role] of [
      [restricting, undefined],
      [adding, 'case_management_owner'],
    ] as const) {
      await client.query('begin');
      if (role) await client.query(`set local role ${role}`);
      await client.query(`select set_config('app.person_id', $1, true)`, [seeded.people.lead]);
    }
    await restricting.query('update case_management.legal_cases set is_restricted = true where id = $1', [seeded.openCase]);
    const pid = await pidOf(adding);
    const added = adding
      .query(
        `insert into case_management.tasks (id, case_id, case_is_restricted, title) values (gen_random_uuid(), $1, false, 'Racing')`,
        [seeded.openCase],
      )
      .then(
        () => undefined,
        (error: { code?: string }) => error.code,
      );
    await untilBlocked(database, pid);
    await restricting.query('commit');
    expect(await added).toBe('23503');
    await adding.query('rollback');
    await restricting.query('begin');
    await restricting.query(`select set_config('app.person_id', $1, true)`, [seeded.people.lead]);
    await restricting.query('update case_management.legal_cases set is_restricted = false where id = $1', [seeded.openCase]);
    await restricting.query('commit');
  });
});
