import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fillWithSampleData, sampleCounts, samplePeople, type SamplePerson } from '@bailiwick/database/sample/sample';
import { makeSampleData } from '@bailiwick/database/sample/sampleData';
import { withSession } from '@bailiwick/database/setup/connect';
import type { LoginRole } from '@bailiwick/database/setup/credentials';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../tests/support/database.js';

const uuidVersion7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const tablesWithRows = Object.keys(makeSampleData());

async function ask<T extends object>(url: string, sql: string): Promise<T[]> {
  return withSession(url, 'sample test', async (client) => (await client.query<T>(sql)).rows);
}

/** One number from a statement that gives one row with one column. */
async function number(url: string, sql: string): Promise<number> {
  const [row] = await ask<Record<string, unknown>>(url, sql);
  return Number(Object.values(row ?? {})[0]);
}

/** The number that the person gets, over the connection of the app role. */
async function numberFor(database: TestDatabase, appRole: LoginRole, person: SamplePerson, sql: string): Promise<number> {
  return withSession(database.urlOf(appRole), 'sample test', async (client) => {
    await client.query('begin');
    await client.query(`select set_config('app.person_id', $1, true)`, [person.personId]);
    const { rows } = await client.query<Record<string, unknown>>(sql);
    await client.query('commit');
    return Number(Object.values(rows[0] ?? {})[0]);
  });
}

/** Table name to number of rows and a checksum over everything in them. */
async function contents(url: string): Promise<Record<string, string>> {
  return withSession(url, 'sample test', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select schemaname || '.' || tablename as name from pg_tables
       where schemaname in ('public', 'case_management', 'audit_system') order by 1`,
    );
    const result: Record<string, string> = {};
    for (const { name } of rows) {
      const sums = await client.query<{ sum: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '') as sum from ${name} t`,
      );
      result[name] = sums.rows[0]?.sum ?? '';
    }
    return result;
  });
}

function person(role: SamplePerson['role']): SamplePerson {
  return samplePeople.find((candidate) => candidate.role === role) as SamplePerson;
}

describe('the sample data', () => {
  let database: TestDatabase;
  const count = (sql: string): Promise<number> => number(database.operatorUrl, `select count(*) from ${sql}`);

  beforeAll(async () => {
    database = await createTestDatabase();
    const steps: string[] = [];
    const result = await fillWithSampleData({ operatorUrl: database.operatorUrl, onStep: (sentence) => steps.push(sentence) });
    expect(result).toEqual({ filled: true, people: samplePeople });
    expect(steps).toHaveLength(2);
  });
  afterAll(async () => database.drop());

  test('has the promised number of rows', async () => {
    expect(await count('public.org_units')).toBe(sampleCounts.orgUnits);
    expect(await count('public.people')).toBe(sampleCounts.people);
    expect(await count('case_management.legal_cases')).toBe(sampleCounts.legalCases);
    expect(await count('audit_system.engagements')).toBe(sampleCounts.engagements);
    expect(await count('audit_system.findings')).toBe(sampleCounts.findings);
    for (const table of tablesWithRows) expect(await count(table)).toBeGreaterThan(50);
  });

  test('comes out the same in a second database, byte for byte', async () => {
    const other = await createTestDatabase();
    try {
      await fillWithSampleData({ operatorUrl: other.operatorUrl });
      expect(await contents(other.operatorUrl)).toEqual(await contents(database.operatorUrl));
    } finally {
      await other.drop();
    }
  });

  test('is written only once', async () => {
    const before = await contents(database.operatorUrl);
    expect((await fillWithSampleData({ operatorUrl: database.operatorUrl })).filled).toBe(false);
    expect(await contents(database.operatorUrl)).toEqual(before);
  });

  test('is dated before its base day and never by the clock of the fill', async () => {
    for (const table of tablesWithRows) {
      expect(await count(`${table} where greatest(created_at, updated_at) > '2026-11-02' or updated_at < created_at`)).toBe(0);
    }
  });

  test('has ids that are UUIDs of version 7', () => {
    const ids = Object.values(makeSampleData()).flatMap((rows) => rows.map((row) => String(row['id'])));
    expect(ids.filter((id) => !uuidVersion7.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('holds every constraint of the database, and leaves none of them unchecked', async () => {
    expect(await count('pg_constraint where not convalidated')).toBe(0);
    expect(await count(`pg_trigger where tgenabled not in ('O', 'A')`)).toBe(0);
    expect(
      await count(`audit_system.recommendation_case_links l
        where not exists (select from case_management.legal_cases c where c.id = l.legal_case_id)`),
    ).toBe(0);
  });

  test('has a tree of org units of depth four', async () => {
    const [row] = await ask<{ depth: number; roots: number }>(
      database.operatorUrl,
      `with recursive tree as (
         select id, 1 as depth from public.org_units where parent_id is null
         union all select o.id, depth + 1 from public.org_units o join tree on o.parent_id = tree.id)
       select max(depth) as depth, count(*) filter (where depth = 1)::int as roots from tree`,
    );
    expect(row).toEqual({ depth: 4, roots: 1 });
  });

  test('has people with two roles, inactive ones, and some without e-mail', async () => {
    expect(await count(`public.people where roles @> '{Auditor,Lawyer}'`)).toBeGreaterThan(0);
    expect(await count('public.people where not is_active')).toBe(8);
    expect(await count('public.people where email is null')).toBe(7);
    const rows = await ask(
      database.operatorUrl,
      `select roles[1] as role, id as "personId", full_name as "fullName", email from public.people
       where title like '%(sample)' and is_active and cardinality(roles) = 1 order by id`,
    );
    expect(rows).toEqual(samplePeople);
  });

  test('has cases of every year since 1991, each with one lead and two sides, about 3 percent restricted', async () => {
    const cases = 'case_management.legal_cases c';
    expect(await count(`(select distinct extract(year from opened_on) from ${cases}) years`)).toBe(36);
    expect(await count(`${cases} where is_restricted`)).toBe(61);
    const assignments = 'case_management.case_assignments a where a.case_id = c.id';
    expect(await count(`${cases} where 1 <> (select count(*) from ${assignments} and role = 'lead' and ended_at is null)`)).toBe(
      0,
    );
    for (const side of ['plaintiff', 'defendant']) {
      const parties = `select from case_management.parties p where p.case_id = c.id and p.role = '${side}'`;
      expect(await count(`${cases} where not exists (${parties})`)).toBe(0);
    }
    expect(await count(`${cases} where title not like '% -v- %'`)).toBe(0);
    expect(await count(`${cases} where (status in ('closed', 'settled')) <> (closed_on is not null)`)).toBe(0);
  });

  test('has events to come for years', async () => {
    for (const year of [2027, 2030, 2033, 2036]) {
      expect(await count(`case_management.case_events where extract(year from starts_at) = ${year}`)).toBeGreaterThan(0);
    }
  });

  test('links the systems: departments with sub-units, own cases and own engagements with findings, and findings with cases', async () => {
    expect(
      await count(`public.org_units o
        where exists (select from public.org_units c where c.parent_id = o.id)
          and exists (select from case_management.legal_cases c where c.org_unit_id = o.id)
          and exists (select from audit_system.engagements e join audit_system.findings f on f.engagement_id = e.id where e.org_unit_id = o.id)`),
    ).toBeGreaterThanOrEqual(7);
    expect(
      await count(`(select from case_management.legal_cases c join audit_system.recommendation_case_links l on l.legal_case_id = c.id
        where c.opened_on >= '2025-01-01') recent`),
    ).toBeGreaterThan(50);
  });

  test('leaves the next case number and engagement code behind its own', async () => {
    const [row] = await ask<{ case_number: string; code: string }>(
      database.operatorUrl,
      'select case_management.next_case_number() as case_number, audit_system.next_engagement_code() as code',
    );
    expect(row?.case_number).toMatch(/^LC-\d{4}-002001$/);
    expect(row?.code).toMatch(/^EN-\d{4}-000121$/);
  });

  test.each([
    { role: 'System Admin', cases: 2000, restricted: 61, engagements: 120, findings: 700 },
    { role: 'Lawyer', cases: 1942, restricted: 3, engagements: 0, findings: 0 },
    { role: 'Auditor', cases: 0, restricted: 0, engagements: 120, findings: 700 },
    { role: 'Action Owner', cases: 0, restricted: 0, engagements: 0, findings: null },
    { role: 'Read-Only', cases: 1939, restricted: 0, engagements: 120, findings: 700 },
  ] as const)('shows the $role what the role allows', async ({ role, cases, restricted, engagements, findings }) => {
    const reader = person(role);
    const seen = (appRole: LoginRole, sql: string): Promise<number> =>
      numberFor(database, appRole, reader, `select count(*) from ${sql}`);
    expect(await seen('shared_tables_app', 'public.org_units')).toBe(60);
    expect(await seen('shared_tables_app', 'public.people')).toBe(200);
    expect(await seen('shared_tables_app', 'public.notifications')).toBeGreaterThan(0);
    expect(await seen('shared_tables_app', `public.notifications where recipient_id <> '${reader.personId}'`)).toBe(0);
    expect(await seen('case_management_app', 'case_management.legal_cases')).toBe(cases);
    expect(await seen('case_management_app', 'case_management.legal_cases where is_restricted')).toBe(restricted);
    expect(await seen('audit_system_app', 'audit_system.engagements')).toBe(engagements);
    if (findings !== null) expect(await seen('audit_system_app', 'audit_system.findings')).toBe(findings);
  });

  test('gives the action owner several recommendations and plans, and the findings above them', async () => {
    const owner = person('Action Owner');
    const seen = (sql: string): Promise<number> => numberFor(database, 'audit_system_app', owner, `select count(*) from ${sql}`);
    const recommendations = await seen('audit_system.recommendations');
    expect(recommendations).toBe(await count(`audit_system.recommendations where owner_person_id = '${owner.personId}'`));
    expect(recommendations).toBeGreaterThan(20);
    expect(await seen('audit_system.action_plans')).toBeGreaterThan(20);
    expect(await seen(`audit_system.action_plans where status in ('in_progress', 'overdue')`)).toBeGreaterThan(2);
    const findings = await seen('audit_system.findings');
    expect(findings).toBeGreaterThan(20);
    expect(findings).toBeLessThanOrEqual(recommendations);
  });
});

describe('filling with sample data', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => database.drop());

  test('twice at once fills once', async () => {
    const { operatorUrl } = database;
    const results = await Promise.all([fillWithSampleData({ operatorUrl }), fillWithSampleData({ operatorUrl })]);
    expect(results.map(({ filled }) => filled).sort()).toEqual([false, true]);
    expect(await number(operatorUrl, 'select count(*) from public.people')).toBe(sampleCounts.people);
  });

  test('does nothing where somebody has added a person', async () => {
    const { operatorUrl } = database;
    await ask(operatorUrl, `insert into public.people (id, full_name) values (gen_random_uuid(), 'Somebody Real')`);
    expect((await fillWithSampleData({ operatorUrl })).filled).toBe(false);
    expect(await number(operatorUrl, 'select count(*) from case_management.legal_cases')).toBe(0);
  });

  test('that is killed midway leaves nothing, and the next one fills', async () => {
    const { operatorUrl } = database;
    const empty = await contents(operatorUrl);
    await withSession(operatorUrl, 'sample test', async (blocker) => {
      await blocker.query('begin');
      await blocker.query('lock table audit_system.action_plans in access exclusive mode');
      const child = spawnFill(operatorUrl);
      const ended = once(child, 'exit');
      await until(
        operatorUrl,
        `select exists (select from pg_locks where not granted and relation = 'audit_system.action_plans'::regclass)`,
      );
      child.kill('SIGKILL');
      await ended;
      await blocker.query('commit');
    });
    await until(
      operatorUrl,
      `select not exists (select from pg_stat_activity where datname = current_database() and application_name = 'bailiwick sample data')`,
    );
    expect(await contents(operatorUrl)).toEqual(empty);
    expect(await number(operatorUrl, 'select last_value from case_management.case_number_seq')).toBe(1);
    expect((await fillWithSampleData({ operatorUrl })).filled).toBe(true);
  });

  test('a database without tables says which command is missing', async () => {
    const bare = await createEmptyDatabase();
    try {
      await expect(fillWithSampleData({ operatorUrl: bare.operatorUrl })).rejects.toMatchObject({
        code: 'MIGRATION_MISSING',
        hint: 'Apply the migrations first: npm run db -- migrate',
      });
    } finally {
      await bare.drop();
    }
  });

  test('an app role is refused', async () => {
    await expect(fillWithSampleData({ operatorUrl: database.urlOf('shared_tables_app') })).rejects.toMatchObject({
      code: 'PRIVILEGE_MISSING',
    });
  });
});

/** The fill in a process of its own, so that it can be killed. */
function spawnFill(operatorUrl: string) {
  const program = `import { fillWithSampleData } from '@bailiwick/database/sample/sample';
    await fillWithSampleData({ operatorUrl: ${JSON.stringify(operatorUrl)} });`;
  return spawn(process.execPath, ['--conditions=bailiwick-source', '--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'ignore',
  });
}

/** Waits until the statement answers true. @throws after 30 s */
async function until(url: string, sql: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const [row] = await ask<Record<string, boolean>>(url, sql);
    if (Object.values(row ?? {})[0]) return;
    if (performance.now() > deadline) throw new Error(`This did not become true within 30 s: ${sql}`);
    await pause(20);
  }
}
