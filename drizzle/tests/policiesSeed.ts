import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, withSession } from '@bailiwick/database/setup/connect';
import type { LoginRole } from '@bailiwick/database/setup/credentials';
import { isUuid } from '@bailiwick/kernel/postgres';
import type { Client } from 'pg';
import type { TestDatabase } from '../../tests/support/database.js';

type Row = Record<string, unknown>;

/** One row, as the operator; returns its id. */
export async function insert(client: Client, table: string, row: Row): Promise<string> {
  const full: Row = table.endsWith('.idempotency_keys') ? row : { id: randomUUID(), ...row };
  const columns = Object.keys(full);
  const places = columns.map((_, index) => `$${index + 1}`).join(', ');
  await client.query(`insert into ${table} (${columns.join(', ')}) values (${places})`, Object.values(full));
  return (full.id as string | undefined) ?? '';
}

export interface Seed {
  readonly people: Record<
    | 'systemAdmin'
    | 'caseManager'
    | 'lead'
    | 'formerMember'
    | 'lawyer'
    | 'auditor'
    | 'actionOwner'
    | 'readOnly'
    | 'inactive'
    | 'withoutRole',
    string
  >;
  readonly orgUnit: string;
  readonly openCase: string;
  readonly restrictedCase: string;
  readonly finding: string;
  readonly ownFinding: string;
  readonly planFinding: string;
  readonly planRecommendation: string;
  readonly ownRecommendation: string;
  readonly foreignRecommendation: string;
  readonly ownPlan: string;
}

/** At least one row in every table; everything of the case system twice, for an open and for a restricted case. */
export async function seed(database: TestDatabase): Promise<Seed> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    const orgUnit = await insert(client, 'public.org_units', { code: 'LEGAL', name: 'Legal' });
    const person = async (name: string, roles: string[], isActive = true) =>
      insert(client, 'public.people', { full_name: name, roles, is_active: isActive, org_unit_id: orgUnit });
    const people = {
      systemAdmin: await person('System Admin', ['System Admin']),
      caseManager: await person('Case Manager', ['Case Manager']),
      lead: await person('Lead', ['Lawyer']),
      formerMember: await person('Former member', ['Lawyer']),
      lawyer: await person('Lawyer', ['Lawyer']),
      auditor: await person('Auditor', ['Auditor']),
      actionOwner: await person('Action Owner', ['Action Owner']),
      readOnly: await person('Read-Only', ['Read-Only']),
      inactive: await person('Inactive', ['System Admin', 'Lawyer', 'Auditor'], false),
      withoutRole: await person('Without a role', []),
    };
    await insert(client, 'public.notifications', { recipient_id: people.lawyer, system: 'case_management', title: 'Hearing' });
    const key = { person_id: people.lawyer, key: 'k', operation: 'o', input_hash: 'h', entity_id: orgUnit };
    for (const schema of ['public', 'case_management', 'audit_system']) await insert(client, `${schema}.idempotency_keys`, key);
    const openCase = await seedCase(client, orgUnit, people, false);
    const restrictedCase = await seedCase(client, orgUnit, people, true);
    const seeded = { people, orgUnit, openCase, restrictedCase, ...(await seedAudit(client, orgUnit, people)) };
    await seedOtherTables(client, [openCase, restrictedCase]);
    return seeded;
  });
}

async function seedCase(client: Client, orgUnit: string, people: Seed['people'], isRestricted: boolean): Promise<string> {
  const title = isRestricted ? 'Restricted Kokoda matter' : 'Open Kokoda matter';
  const caseId = await insert(client, 'case_management.legal_cases', {
    title,
    is_restricted: isRestricted,
    org_unit_id: orgUnit,
  });
  const hang = async (table: string, row: Row) => insert(client, `case_management.${table}`, { case_id: caseId, ...row });
  await hang('parties', { name: isRestricted ? 'Zephyr Secret Holdings' : 'Zephyr Public Holdings' });
  await hang('case_assignments', { person_id: people.lead, role: 'lead' });
  await hang('case_assignments', { person_id: people.formerMember, assigned_at: '2026-01-01', ended_at: '2026-02-01' });
  const documentId = await hang('documents', { title: 'Affidavit' });
  await hang('document_versions', { document_id: documentId, version_number: 1, file_name: 'affidavit.pdf' });
  await hang('case_events', { title: 'Hearing', starts_at: '2026-06-01' });
  await hang('tasks', { title: 'File the defence' });
  await hang('court_orders', { order_date: '2026-05-01' });
  await hang('case_costs', { cost_type: 'filing', amount: '100.00' });
  return caseId;
}

async function seedAudit(client: Client, orgUnit: string, people: Seed['people']) {
  const engagement = await insert(client, 'audit_system.engagements', {
    title: 'Payroll',
    org_unit_id: orgUnit,
    lead_id: people.auditor,
  });
  await insert(client, 'audit_system.engagement_members', { engagement_id: engagement, person_id: people.auditor });
  const workpaper = await insert(client, 'audit_system.workpapers', { engagement_id: engagement, title: 'Sample of payments' });
  await insert(client, 'audit_system.evidence', { workpaper_id: workpaper, file_path: '/e/1', file_name: '1.pdf' });
  const finding = await insert(client, 'audit_system.findings', { engagement_id: engagement, title: 'Not theirs' });
  const ownFinding = await insert(client, 'audit_system.findings', { engagement_id: engagement, title: 'Above theirs' });
  const planFinding = await insert(client, 'audit_system.findings', { engagement_id: engagement, title: 'Above their plan' });
  const recommend = async (findingId: string, owner: string | null) =>
    insert(client, 'audit_system.recommendations', {
      finding_id: findingId,
      recommendation_text: 'Mend it',
      owner_person_id: owner,
    });
  const foreignRecommendation = await recommend(finding, people.auditor);
  const ownRecommendation = await recommend(ownFinding, people.actionOwner);
  const planRecommendation = await recommend(planFinding, null);
  const plan = async (recommendation: string, owner: string) =>
    insert(client, 'audit_system.action_plans', {
      recommendation_id: recommendation,
      action_text: 'Do it',
      owner_person_id: owner,
    });
  await plan(ownRecommendation, people.auditor);
  const ownPlan = await plan(planRecommendation, people.actionOwner);
  await insert(client, 'audit_system.recommendation_case_links', {
    recommendation_id: ownRecommendation,
    legal_case_id: randomUUID(),
  });
  return { finding, ownFinding, planFinding, foreignRecommendation, ownRecommendation, planRecommendation, ownPlan };
}

/** A value of each type that a table may ask for. */
const sampleValues: Row = {
  text: 'Sample',
  integer: 1,
  bigint: 1,
  numeric: 1,
  boolean: false,
  date: '2026-05-01',
  'timestamp with time zone': '2026-05-01T00:00:00Z',
  jsonb: {},
};

/** A row in every table that has none yet, once for each case where it hangs on one: a team that adds a table need not write a row here. */
async function seedOtherTables(client: Client, cases: readonly string[]): Promise<void> {
  // In the order of their making, because a table refers to older ones.
  const { rows: tables } = await client.query<{ name: string; columns: { name: string; type: string; target: string | null }[] }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'target',
            (select k.confrelid::regclass::text from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]))), '[]')
          from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attname <> 'id') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('public', 'case_management', 'audit_system') order by c.oid`,
  );
  for (const { name, columns } of tables) {
    if ((await client.query(`select from ${name} limit 1`)).rowCount) continue;
    const row: Row = {};
    for (const column of columns) {
      const referred =
        column.target && (await client.query<{ id: string }>(`select id from ${column.target} limit 1`)).rows[0]!.id;
      row[column.name] = referred ?? sampleValues[column.type] ?? randomUUID();
    }
    if ('case_id' in row) for (const caseId of cases) await insert(client, name, { ...row, case_id: caseId });
    else await insert(client, name, row);
  }
}

/** Sessions of the login roles to one database, opened when they are first used. */
export class Sessions {
  readonly #database: TestDatabase;
  readonly #open = new Map<LoginRole, Promise<Client>>();

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  async of(role: LoginRole): Promise<Client> {
    const session = this.#open.get(role) ?? connect(this.#database.urlOf(role), 'tests');
    this.#open.set(role, session);
    return session;
  }

  /** Runs `work` as an app role in a transaction for a person (undefined: none is set), and rolls it back. */
  async as<T>(role: LoginRole, person: string | undefined, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.of(role);
    await client.query('begin');
    try {
      // As a service does; by hand where it could not: for a role that is no service's, and for what is no id.
      const isEntered = role.endsWith('_app') && person !== undefined && isUuid(person);
      const enter = isEntered ? 'select identity.enter($1)' : `select set_config('app.person_id', $1, true)`;
      if (person !== undefined) await client.query(enter, [person]);
      return await work(client);
    } finally {
      await client.query('rollback');
    }
  }

  async end(): Promise<void> {
    for (const session of this.#open.values()) await (await session).end();
  }
}

export interface Table {
  /** With its schema. */
  readonly name: string;
  readonly schema: string;
  readonly app: LoginRole;
  readonly columns: string[];
}

/** Every table of the three schemas, from the catalogue: one that is added later is tested too. */
export async function tablesOf(database: TestDatabase): Promise<Table[]> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    const { rows } = await client.query<Table>(
      `select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema,
         replace(n.nspname, 'public', 'shared_tables') || '_app' as app,
         array(select quote_ident(attname) from pg_attribute a where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname in ('public', 'case_management', 'audit_system') order by 1`,
    );
    return rows;
  });
}

/** The SQLSTATE that a statement fails with, or undefined when it succeeds. Only this statement is undone. */
export async function stateOf(client: Client, sql: string, values: unknown[] = []): Promise<string | undefined> {
  await client.query('savepoint attempt');
  try {
    await client.query(sql, values);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.query('rollback to attempt');
  }
}

/** How many rows a person sees, and what becomes of each kind of write. */
export async function attempts(sessions: Sessions, table: Table, person: string | undefined, sample: unknown) {
  const columns = table.columns.join(', ');
  return sessions.as(table.app, person, async (client) => {
    const seen = await client.query(`select from ${table.name}`);
    const inserted = await stateOf(
      client,
      `insert into ${table.name} (${columns}) select ${columns} from jsonb_populate_record(null::${table.name}, $1)`,
      [JSON.stringify(sample)],
    );
    const updated = await client.query(`update ${table.name} set created_at = created_at`);
    const deleted = await client.query(`delete from ${table.name}`);
    return { seen: seen.rowCount, inserted, updated: updated.rowCount, deleted: deleted.rowCount };
  });
}

/** Waits until a session waits for a lock that another one holds. */
export async function untilBlocked(database: TestDatabase, pid: number): Promise<void> {
  await withSession(database.operatorUrl, 'tests', async (client) => {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const { rowCount } = await client.query('select where cardinality(pg_blocking_pids($1)) > 0', [pid]);
      if (rowCount) return;
      if (performance.now() > deadline) throw new Error(`Session ${pid} did not come to wait for a lock within 10 s.`);
      await pause(10);
    }
  });
}

export async function pidOf(client: Client): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
}
