import type { Client } from 'pg';
import { withSession } from '@bailiwick/database/setup/connect';

/**
 * The rows that the contenders are measured on, made on the server itself and the same in every run: each case with a lead, a second lawyer, two
 * parties, an event, a task, a document, an order, a cost and three linked recommendations, each of a finding of its own.
 */
export interface Amount {
  readonly cases: number;
  readonly people: number;
  readonly orgUnits: number;
  /** How many of the cases have a file (parties, events, documents, findings of their own); the rest have a lead and share findings. */
  readonly withFile: number;
}

/** What the issue asks for; other numbers of cases keep people and units. */
export function amountOf(cases: number): Amount {
  return { cases, people: 5_000, orgUnits: 1_500, withFile: Math.min(cases, 100_000) };
}

/** Four units below each, so that 1,500 units are a tree of seven levels. */
const below = 4;
/** The last unit that has units below it is the one above the last. */
export const innerUnits = (units: number): number => Math.floor((units - 2) / below) + 1;

const id = (table: string, n = 'n'): string => `pg_temp.id('${table}', (${n})::bigint)`;
const at = (n = 'n'): string => `timestamptz '2024-01-01' + (${n}) % 900000 * interval '1 minute'`;
const oneOf = (...values: string[]): string => `(array['${values.join("', '")}'])[1 + (n % ${values.length})::int]`;
/** So many words that are the same for the same n: phrases of two, each from one list. */
const words = (count: number, n = 'n'): string =>
  Array.from({ length: Math.ceil(count / 2) }, (_, i) => `pg_temp.phrase(${n} * ${2 * i + 1} + ${i * 7919})`).join(` || ' ' || `);
const caseOf = { case_id: id('legal_cases', 'n % C'), case_is_restricted: 'n % C % 20 = 0' };
const someone = id('people', 'n * 7 % P');

interface Filling {
  readonly rows: string;
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * By table: how many rows, and one expression for each column of row n. U, P, A, C, F, E stand for the numbers of units, people, all cases, cases with
 * a file, findings and engagements; G for the first unit without units below it.
 */
const tables: Record<string, Filling> = {
  'public.org_units': {
    rows: 'U',
    columns: {
      id: id('org_units'),
      code: `'U-' || lpad(n::text, 5, '0')`,
      name: `initcap(pg_temp.family(n)) || ' ' || ${words(2)}`,
      unit_type: oneOf('department', 'division', 'agency'),
      parent_id: `case when n > 0 then ${id('org_units', `(n - 1) / ${below}`)} end`,
    },
  },
  'public.people': {
    rows: 'P',
    columns: {
      id: id('people'),
      full_name: `initcap(pg_temp.phrase(n * 31)) || ' ' || initcap(pg_temp.family(n))`,
      email: `'person' || n || '@office.test'`,
      title: words(2),
      roles: `case n % 10 when 0 then '{Director}' when 1 then '{Read-Only}' when 2 then '{Lawyer,Auditor}' when 3 then '{Lawyer}' when 4 then '{Auditor}'
        when 5 then '{Audit Manager}' when 6 then '{Case Manager}' when 7 then '{Action Owner}' when 8 then '{System Admin}' else '{Paralegal}' end::text[]`,
      org_unit_id: id('org_units', 'n % U'),
    },
  },
  'case_management.legal_cases': {
    rows: 'A',
    columns: {
      id: id('legal_cases'),
      case_number: `'LC-2024-' || lpad(n::text, 8, '0')`,
      title: `initcap(pg_temp.family(n * 17)) || ' -v- ' || ${words(4)}`,
      description: words(30),
      status: oneOf('under_review', 'in_court', 'mediation', 'judgment', 'tribunal'),
      case_type: oneOf('tort', 'fraud', 'dispute', 'title_claim', 'other', 'court_matter'),
      priority: oneOf('low', 'medium', 'high', 'urgent', 'medium', 'medium', 'low'),
      is_restricted: 'n % 20 = 0',
      region: words(1),
      court_file_number: `'CF ' || n`,
      opened_on: `date '2018-01-01' + (n * 7919 % 2900)::int`,
      org_unit_id: `case when n % 10 = 0 then ${id('org_units', 'n / 10 % G')} else ${id('org_units', 'G + n % (U - G)')} end`,
      created_by: someone,
      created_at: at(),
      updated_at: at('n * 13'),
    },
  },
  'case_management.case_assignments': {
    rows: 'A + C',
    columns: {
      id: id('case_assignments'),
      case_id: id('legal_cases', 'n % A'),
      case_is_restricted: 'n % A % 20 = 0',
      person_id: id('people', '(n % A * 7 + n / A * 13) % P'),
      role: `case when n < A then 'lead' else 'member' end`,
      assigned_at: at(),
      assigned_by: someone,
    },
  },
  'case_management.parties': {
    rows: '2 * C',
    columns: {
      id: id('parties'),
      ...caseOf,
      name: `initcap(pg_temp.family(n * 29)) || ' ' || ${words(2)}`,
      party_type: oneOf('individual', 'company', 'government_entity'),
      role: oneOf('plaintiff', 'defendant', 'witness'),
      address: words(6),
    },
  },
  'case_management.case_events': {
    rows: 'C',
    columns: {
      id: id('case_events'),
      ...caseOf,
      event_type: oneOf('hearing', 'meeting', 'mediation'),
      title: words(4),
      starts_at: at(),
      location: words(2),
    },
  },
  'case_management.tasks': {
    rows: 'C',
    columns: {
      id: id('tasks'),
      ...caseOf,
      title: words(5),
      assigned_to: id('people', 'n * 11 % P'),
      due_on: `date '2026-01-01' + (n % 700)::int`,
      status: oneOf('pending', 'in_progress', 'completed'),
      created_at: at(),
    },
  },
  'case_management.documents': {
    rows: 'C',
    columns: {
      id: id('documents'),
      ...caseOf,
      title: words(5),
      document_type: oneOf('filing', 'affidavit', 'contract'),
      created_by: someone,
      created_at: at(),
    },
  },
  'case_management.document_versions': {
    rows: 'C',
    columns: {
      id: id('document_versions'),
      ...caseOf,
      document_id: id('documents'),
      version_number: '1',
      file_name: `'scan-' || n || '.pdf'`,
      file_type: `'application/pdf'`,
      file_size: '1000 + n * 7919 % 5000000',
      uploaded_by: someone,
      uploaded_at: at(),
    },
  },
  'case_management.court_orders': {
    rows: 'C',
    columns: {
      id: id('court_orders'),
      ...caseOf,
      order_date: `date '2025-01-01' + (n % 600)::int`,
      order_type: oneOf('interlocutory', 'final', 'consent'),
      terms: words(12),
    },
  },
  'case_management.case_costs': {
    rows: 'C',
    columns: {
      id: id('case_costs'),
      ...caseOf,
      cost_type: oneOf('court fee', 'survey', 'counsel'),
      amount: '(n * 7919 % 1000000)::numeric / 100',
      incurred_on: `date '2025-01-01' + (n % 600)::int`,
      payment_status: oneOf('paid', 'unpaid', 'partial'),
    },
  },
  'audit_system.engagements': {
    rows: 'E',
    columns: {
      id: id('engagements'),
      code: `'EN-2024-' || lpad(n::text, 8, '0')`,
      title: `initcap(pg_temp.family(n * 3)) || ' ' || ${words(4)}`,
      scope: words(12),
      lead_id: someone,
      org_unit_id: id('org_units', 'n % U'),
      status: oneOf('planning', 'fieldwork', 'reporting', 'closed'),
      created_by: someone,
      created_at: at(),
    },
  },
  'audit_system.findings': {
    rows: 'F',
    columns: {
      id: id('findings'),
      engagement_id: id('engagements', 'n % E'),
      reference: `'F-' || n / E`,
      title: `initcap(pg_temp.family(n * 7)) || ' ' || ${words(4)}`,
      condition: words(20),
      criteria: words(8),
      risk_rating: oneOf('critical', 'high', 'medium', 'low', 'low'),
      status: oneOf('draft', 'approved', 'closed'),
      created_by: someone,
      created_at: at(),
    },
  },
  'audit_system.recommendations': {
    rows: 'F',
    columns: {
      id: id('recommendations'),
      finding_id: id('findings'),
      recommendation_text: words(12),
      priority: oneOf('critical', 'high', 'medium', 'low'),
      status: oneOf('draft', 'published', 'accepted', 'implementing'),
      owner_person_id: someone,
      owner_unit_id: id('org_units', 'n % U'),
      target_date: `date '2026-01-01' + (n % 700)::int`,
      created_at: at(),
    },
  },
  'audit_system.action_plans': {
    rows: 'C / 2',
    columns: {
      id: id('action_plans'),
      recommendation_id: id('recommendations', 'n * 5 % F'),
      action_text: words(8),
      owner_person_id: someone,
      target_date: `date '2026-01-01' + (n % 700)::int`,
      created_at: at(),
    },
  },
  'audit_system.recommendation_case_links': {
    rows: '3 * A',
    columns: {
      id: id('recommendation_case_links'),
      // Case n names the recommendations 3n, 3n + 1 and 3n + 2; past the last one it begins again.
      recommendation_id: id('recommendations', '(n % A * 3 + n / A) % F'),
      legal_case_id: id('legal_cases', 'n % A'),
      relation: oneOf('adopted_as_basis', 'supporting_reference', 'information_only'),
      created_by: someone,
    },
  },
};

const vocabulary = (
  'land title dispute boundary survey lease tenure claim clan customary owner portion district province village road bridge school clinic ' +
  'contract tender supplier payment invoice ledger receipt asset vehicle fuel store stock count variance control approval signature review ' +
  'court hearing order judgment appeal affidavit witness counsel registry filing notice service deadline extension costs settlement mediation'
).split(' ');
const phrases = Array.from(
  { length: 1024 },
  (_, i) => `${vocabulary[(i * 37 + 11) % vocabulary.length]} ${vocabulary[(i * 53 + (i >> 6)) % vocabulary.length]}`,
);
const syllables =
  'ba bel bor da dun fa fel gar ha hol ka kel kor la lim lor ma mel mir na nor ol pa pel ra ren ro sa sel tar tem to ul va vel wa wen yo za zel'.split(
    ' ',
  );
const list = (texts: readonly string[]): string => `'{${texts.map((text) => `"${text}"`).join(',')}}'::text[]`;

/** Ids sort by time like UUIDv7. One family name in some 1,600, so that a search for one finds few rows. */
const functions = `
  create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable
  return (lpad(to_hex(1704067200000 + n * 40), 12, '0') || '7' || substr(md5(kind), 1, 3) || 'a' || substr(md5(kind || n), 1, 15))::uuid;
  create function pg_temp.phrase(n bigint) returns text language sql immutable
  return (${list(phrases)})[1 + (hashint8(n) & 1023)];
  create function pg_temp.family(n bigint) returns text language sql immutable
  return (${list(syllables)})[1 + n % ${syllables.length}] || (${list(syllables)})[1 + n / ${syllables.length} % ${syllables.length}]
    || (${list(syllables)})[1 + (n * 7 + 3) % ${syllables.length}]`;

/** How a table's expressions read with the numbers in place of the letters. */
function spelled(expression: string, amount: Amount): string {
  const { cases, people, orgUnits, withFile } = amount;
  const numbers: Record<string, number> = {
    U: orgUnits,
    P: people,
    A: cases,
    C: withFile,
    F: 3 * withFile,
    E: Math.max(40, Math.floor(withFile / 20)),
    G: innerUnits(orgUnits),
  };
  return expression.replace(/(?<!['\w-])[UPACFEG](?!['\w-])/g, (letter) => String(numbers[letter]));
}

/** Fills a migrated database without rows. Returns how many rows it holds then. */
export async function fillBench(operatorUrl: string, amount: Amount, onStep: (sentence: string) => void): Promise<number> {
  const names = Object.keys(tables);
  const halves = [names.filter((name) => name.startsWith('case_')), names.filter((name) => !name.startsWith('case_'))];
  let total = 0;
  await Promise.all(
    halves.map((half) =>
      withSession(operatorUrl, 'bench', async (client) => {
        // The rows are right already: no trigger and no foreign key has to look at each of them.
        await client.query(
          `set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'; ${functions}`,
        );
        for (const table of half) {
          const { rows, columns } = tables[table]!;
          const values = Object.values(columns).map((value) => spelled(value, amount));
          const remade = await withoutIndexes(client, table);
          const { rowCount } = await client.query(
            `insert into ${table} (${Object.keys(columns).join(', ')}) select ${values.join(', ')} from generate_series(0::bigint, ${spelled(rows, amount)} - 1) n`,
          );
          await remade();
          total += rowCount ?? 0;
          onStep(`${table}: ${(rowCount ?? 0).toLocaleString('en-US')} rows`);
        }
      }),
    ),
  );
  await withSession(operatorUrl, 'bench', async (client) => {
    await client.query(
      `select setval('case_management.case_number_seq', ${amount.cases}), setval('audit_system.engagement_code_seq', ${amount.cases})`,
    );
    await client.query('vacuum (analyze, freeze)');
    await client.query('checkpoint');
  });
  return total;
}

/** Takes away a table's indexes that carry no constraint; what it returns makes them again. An index over all rows at once is made several times as fast. */
async function withoutIndexes(client: Client, table: string): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = $1::regclass and not indisunique`,
    [table],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return async () => {
    for (const { definition } of rows) await client.query(definition);
  };
}

/** Takes away what the writing operation made, so that the next one meets the same rows. In small statements: the guard refuses a large one. */
export async function takeBackWrites(operatorUrl: string): Promise<void> {
  await withSession(operatorUrl, 'bench', async (client) => {
    await client.query(`set session_replication_role = replica; set synchronous_commit = off;
      create temp table made as select id from case_management.legal_cases where case_number not like 'LC-2024-%'; analyze made`);
    const tables = { parties: 'case_id', case_assignments: 'case_id', legal_cases: 'id' };
    let removed = 0;
    for (const [table, column] of Object.entries(tables)) {
      const some = `select t.id from case_management.${table} t join made m on m.id = t.${column} limit 900`;
      for (let rows = 1; rows > 0; removed += rows)
        rows = (await client.query(`delete from case_management.${table} where id in (${some})`)).rowCount ?? 0;
    }
    if (removed > 0)
      await client.query(
        `vacuum (analyze) ${Object.keys(tables)
          .map((table) => `case_management.${table}`)
          .join(', ')}`,
      );
  });
}
