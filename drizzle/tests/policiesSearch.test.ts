import { withSession } from '@bailiwick/database/setup/connect';
import type { LoginRole } from '@bailiwick/database/setup/credentials';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { Sessions, seed, stateOf } from './policiesSeed.js';
import type { Seed } from './policiesSeed.js';

interface Search {
  readonly app: LoginRole;
  readonly table: string;
  /** What a search without an index would ask; $1 is the pattern. */
  readonly condition: string;
  /** Of all its columns; a case is searched for in two tables, each column with an index of its own. */
  readonly index?: string;
}

const searches: Record<string, Search> = {
  'identity.search_person_ids': {
    app: 'shared_tables_app',
    table: 'public.people',
    condition: 'full_name ilike $1 or email ilike $1',
    index: 'people_text_trigrams',
  },
  'identity.search_org_unit_ids': {
    app: 'shared_tables_app',
    table: 'public.org_units',
    condition: 'code ilike $1 or name ilike $1',
    index: 'org_units_text_trigrams',
  },
  'case_management.search_legal_case_ids': {
    app: 'case_management_app',
    table: 'case_management.legal_cases',
    condition:
      'title ilike $1 or case_number ilike $1 or id in (select case_id from case_management.parties where name ilike $1)',
  },
  'audit_system.search_finding_ids': {
    app: 'audit_system_app',
    table: 'audit_system.findings',
    condition: 'reference ilike $1 or title ilike $1',
    index: 'findings_text_trigrams',
  },
  'audit_system.search_engagement_ids': {
    app: 'audit_system_app',
    table: 'audit_system.engagements',
    condition: 'code ilike $1 or title ilike $1',
    index: 'engagements_text_trigrams',
  },
};
const names = Object.keys(searches);

let database: TestDatabase;
let seeded: Seed;
let sessions: Sessions;

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seed(database);
  sessions = new Sessions(database);
});
afterAll(async () => {
  await sessions.end();
  await database.drop();
});

test('the searches of the catalogue are those tested here', async () => {
  await withSession(database.operatorUrl, 'tests', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%s.%s', pronamespace::regnamespace, proname) as name from pg_proc where proname like 'search\\_%\\_ids' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...names].sort());
  });
});

describe.each(names)('%s', (name) => {
  const { app, table, condition } = searches[name]!;

  test('finds for each person what a condition on the rows that they may see would find', async () => {
    const found: Record<string, number> = {};
    for (const [who, person] of [...Object.entries(seeded.people), ['nobody', undefined] as const]) {
      await sessions.as(app, person, async (client) => {
        for (const text of ['LEGAL', 'er', 'THEIR', 'kokoda', 'zephyr', '2026', 'l', 'payroll', '%', '_', '\\']) {
          const pattern = `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
          const { rows } = await client.query<{ fast: string[]; slow: string[] }>(
            `select array(select unnest(${name}($2)) order by 1) as fast, array(select id from ${table} where ${condition} order by 1) as slow`,
            [pattern, text],
          );
          expect({ who, text, ids: rows[0]!.fast }).toEqual({ who, text, ids: rows[0]!.slow });
          found[who] = (found[who] ?? 0) + rows[0]!.fast.length;
        }
      });
    }
    expect(found).toMatchObject({ inactive: 0, nobody: 0 });
    expect(found['systemAdmin']).toBeGreaterThan(0);
  });

  test('is for the system whose table it searches, and for no other', async () => {
    for (const other of ['shared_tables_app', 'case_management_app', 'audit_system_app'] as const)
      await sessions.as(other, seeded.people.systemAdmin, async (client) => {
        expect({ other, state: await stateOf(client, `select ${name}('legal')`) }).toEqual({
          other,
          state: other === app ? undefined : '42501',
        });
      });
  });
});

test.each(names.filter((name) => searches[name]!.index))('the condition of %s fits an index', async (name) => {
  const { table, condition, index } = searches[name]!;
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query('set enable_seqscan = off');
    const { rows } = await client.query(`explain select id from ${table} where ${condition.replaceAll('$1', `'%kokoda%'`)}`);
    expect(JSON.stringify(rows)).toContain(index);
  });
});
