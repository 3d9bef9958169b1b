import { randomUUID } from 'node:crypto';
import { withSession } from '@bailiwick/database/setup/connect';
import pg from 'pg';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { insert } from './policiesSeed.js';

interface Numbered {
  app: 'case_management_app' | 'audit_system_app';
  role: string;
  table: string;
  column: string;
  sequence: string;
  prefix: string;
}

const kinds: Numbered[] = [
  {
    app: 'case_management_app',
    role: 'Lawyer',
    table: 'case_management.legal_cases',
    column: 'case_number',
    sequence: 'case_management.case_number_seq',
    prefix: 'LC',
  },
  {
    app: 'audit_system_app',
    role: 'Auditor',
    table: 'audit_system.engagements',
    column: 'code',
    sequence: 'audit_system.engagement_code_seq',
    prefix: 'EN',
  },
];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => database.drop());

async function personWith(role: string): Promise<string> {
  return withSession(database.operatorUrl, 'tests', async (client) =>
    insert(client, 'public.people', { full_name: role, roles: [role] }),
  );
}

/** Adds a row in a transaction of its own, and returns the number that the database gave it. */
async function open(pool: pg.Pool, { table, column }: Numbered, person: string): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.person_id', $1, true)`, [person]);
    const { rows } = await client.query<{ number: string }>(
      `insert into ${table} (id, title) values ($1, 'New') returning ${column} as number`,
      [randomUUID()],
    );
    await client.query('commit');
    return rows[0]?.number ?? '';
  } finally {
    client.release();
  }
}

describe.each(kinds)('$column of $table', (kind) => {
  let pool: pg.Pool;
  let person: string;
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: database.urlOf(kind.app), max: 20, application_name: 'tests numbers' });
    person = await personWith(kind.role);
  });
  afterAll(async () => pool.end());

  test('is distinct for each of 200 rows that 20 sessions add at the same time', async () => {
    const numbers = await Promise.all(Array.from({ length: 200 }, async () => open(pool, kind, person)));
    expect(new Set(numbers).size).toBe(200);
    for (const number of numbers) expect(number).toMatch(new RegExp(`^${kind.prefix}-\\d{4}-\\d{6}$`));
  });

  test('passes over numbers that an import brought along', async () => {
    const last = await open(pool, kind, person);
    const following = (by: number) => last.replace(/\d{6}$/, (digits) => String(Number(digits) + by).padStart(6, '0'));
    await withSession(database.operatorUrl, 'tests', async (client) => {
      for (const by of [1, 2]) await insert(client, kind.table, { title: 'Imported', [kind.column]: following(by) });
    });
    expect(await open(pool, kind, person)).toBe(following(3));
  });

  test('grows beyond six digits instead of repeating itself', async () => {
    await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query(`select setval($1, 999999)`, [kind.sequence]),
    );
    expect(await open(pool, kind, person)).toMatch(/-1000000$/);
  });
});

test('the app role can not set the sequence back', async () => {
  await withSession(database.urlOf('case_management_app'), 'tests', async (client) => {
    await expect(client.query(`select setval('case_management.case_number_seq', 1)`)).rejects.toMatchObject({ code: '42501' });
    await expect(client.query(`select nextval('case_management.case_number_seq')`)).rejects.toMatchObject({ code: '42501' });
  });
});
