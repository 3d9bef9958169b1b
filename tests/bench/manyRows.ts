/**
 * Fills a migrated database with a given number of rows in the three schemas, on the server itself. The rows are of the shape of real ones, follow every
 * constraint and foreign key, and are the same in every run. 5,000,000 rows take about 3 minutes on two cores.
 *
 *   node --conditions=bailiwick-source --import tsx tests/bench/manyRows.ts <superuser URL of a migrated database without rows> [5000000]
 */
import { fileURLToPath } from 'node:url';
import { withSession } from '@bailiwick/database/setup/connect';

/** The share of each table in all rows, and the one expression for each column of row n. C, P, U, … are the row counts of the tables referred to. */
interface Filling {
  readonly share: number;
  readonly columns: Readonly<Record<string, string>>;
}

const id = (table: string, n = 'n'): string => `pg_temp.id('${table}', (${n})::bigint)`;
const caseOf = { case_id: id('legal_cases', 'n % C'), case_is_restricted: 'n % C % 20 = 0' };
const someone = id('people', 'n * 7 % P');
const at = `timestamptz '2024-01-01' + (n % 900000) * interval '1 minute'`;
const words = (count: number): string => `pg_temp.words(n, ${count})`;
const key = {
  person_id: id('people', 'n % P'),
  key: `'key-' || n`,
  operation: `'openLegalCase'`,
  input_hash: 'md5(n::text)',
  entity_id: id('legal_cases'),
};
const oneOf = (...values: string[]): string => `(array['${values.join("', '")}'])[1 + n % ${values.length}]`;

const publicTables: Record<string, Filling> = {
  'public.org_units': { share: 0.0002, columns: { id: id('org_units'), code: `'U-' || n`, name: words(3) } },
  'public.people': {
    share: 0.004,
    columns: {
      id: id('people'),
      full_name: words(2),
      email: `'person' || n || '@office.test'`,
      roles: `array['Lawyer', 'Auditor']`,
      org_unit_id: id('org_units', 'n % U'),
    },
  },
  'public.idempotency_keys': { share: 0.01, columns: key },
  'public.notifications': {
    share: 0.12,
    columns: {
      id: id('notifications'),
      recipient_id: someone,
      system: oneOf('case_management', 'audit_system'),
      kind: oneOf('deadline', 'task', 'event', 'finding'),
      title: words(5),
      message: words(14),
      created_at: at,
    },
  },
};

const caseTables: Record<string, Filling> = {
  'case_management.legal_cases': {
    share: 0.05,
    columns: {
      id: id('legal_cases'),
      case_number: `'LC-2026-' || lpad(n::text, 8, '0')`,
      title: words(6),
      description: words(30),
      status: oneOf('under_review', 'in_court', 'mediation', 'judgment'),
      case_type: oneOf('tort', 'fraud', 'dispute', 'title_claim', 'other'),
      is_restricted: 'n % 20 = 0',
      region: words(1),
      opened_on: `date '2020-01-01' + (n % 2200)::int`,
      org_unit_id: id('org_units', 'n % U'),
      created_by: someone,
      created_at: at,
    },
  },
  'case_management.parties': {
    share: 0.09,
    columns: {
      id: id('parties'),
      ...caseOf,
      name: words(3),
      role: oneOf('plaintiff', 'defendant', 'witness'),
      address: words(8),
      phone: `'+675 ' || n`,
    },
  },
  'case_management.case_assignments': {
    share: 0.08,
    columns: {
      id: id('case_assignments'),
      ...caseOf,
      person_id: id('people', '(n % C * 7 + n / C * 13) % P'),
      role: `case when n < C then 'lead' else 'member' end`,
      assigned_by: someone,
    },
  },
  'case_management.documents': {
    share: 0.09,
    columns: {
      id: id('documents'),
      ...caseOf,
      title: words(5),
      description: words(12),
      document_type: oneOf('filing', 'affidavit', 'contract'),
      created_by: someone,
      created_at: at,
    },
  },
  'case_management.document_versions': {
    share: 0.115,
    columns: {
      id: id('document_versions'),
      case_id: id('legal_cases', 'n % D % C'),
      case_is_restricted: 'n % D % C % 20 = 0',
      document_id: id('documents', 'n % D'),
      version_number: '(n / D + 1)::int',
      file_url: `'https://files.test/' || md5(n::text)`,
      file_name: `'scan-' || n || '.pdf'`,
      file_type: `'application/pdf'`,
      file_size: '1000 + n * 7919 % 5000000',
      uploaded_by: someone,
      uploaded_at: at,
    },
  },
  'case_management.case_events': {
    share: 0.09,
    columns: {
      id: id('case_events'),
      ...caseOf,
      event_type: oneOf('hearing', 'meeting', 'mediation'),
      title: words(4),
      description: words(10),
      starts_at: at,
      location: words(2),
      created_by: someone,
    },
  },
  'case_management.tasks': {
    share: 0.1,
    columns: {
      id: id('tasks'),
      ...caseOf,
      title: words(5),
      description: words(10),
      assigned_to: id('people', 'n * 11 % P'),
      due_on: `date '2026-01-01' + (n % 700)::int`,
      status: oneOf('pending', 'in_progress', 'completed'),
      created_by: someone,
      created_at: at,
    },
  },
  'case_management.court_orders': {
    share: 0.03,
    columns: {
      id: id('court_orders'),
      ...caseOf,
      court_reference: `'CO ' || n`,
      order_date: `date '2025-01-01' + (n % 600)::int`,
      order_type: oneOf('interlocutory', 'final', 'consent'),
      terms: words(25),
    },
  },
  'case_management.case_costs': {
    share: 0.09,
    columns: {
      id: id('case_costs'),
      ...caseOf,
      cost_type: oneOf('court fee', 'survey', 'counsel'),
      amount: '(n * 7919 % 1000000)::numeric / 100',
      incurred_on: `date '2025-01-01' + (n % 600)::int`,
      payment_status: oneOf('paid', 'unpaid', 'partial'),
      payee_name: words(3),
    },
  },
};

const auditTables: Record<string, Filling> = {
  'audit_system.engagements': {
    share: 0.004,
    columns: {
      id: id('engagements'),
      code: `'EN-2026-' || lpad(n::text, 8, '0')`,
      title: words(5),
      scope: words(20),
      lead_id: someone,
      org_unit_id: id('org_units', 'n % U'),
      created_by: someone,
      created_at: at,
    },
  },
  'audit_system.engagement_members': {
    share: 0.012,
    columns: {
      id: id('engagement_members'),
      engagement_id: id('engagements', 'n % E'),
      person_id: id('people', '(n % E * 7 + n / E * 13) % P'),
    },
  },
  'audit_system.workpapers': {
    share: 0.025,
    columns: {
      id: id('workpapers'),
      engagement_id: id('engagements', 'n % E'),
      title: words(5),
      procedure: words(20),
      created_by: someone,
      created_at: at,
    },
  },
  'audit_system.evidence': {
    share: 0.03,
    columns: {
      id: id('evidence'),
      workpaper_id: id('workpapers', 'n % W'),
      file_path: `'/evidence/' || md5(n::text)`,
      file_name: `'scan-' || n || '.pdf'`,
      description: words(8),
      uploaded_by: someone,
      uploaded_at: at,
    },
  },
  'audit_system.findings': {
    share: 0.015,
    columns: {
      id: id('findings'),
      engagement_id: id('engagements', 'n % E'),
      reference: `'F-' || n / E`,
      title: words(5),
      condition: words(20),
      criteria: words(10),
      risk_rating: oneOf('critical', 'high', 'medium', 'low'),
      created_by: someone,
      created_at: at,
    },
  },
  'audit_system.recommendations': {
    share: 0.015,
    columns: {
      id: id('recommendations'),
      finding_id: id('findings', 'n % F'),
      recommendation_text: words(20),
      owner_person_id: someone,
      owner_unit_id: id('org_units', 'n % U'),
      target_date: `date '2026-01-01' + (n % 700)::int`,
      created_at: at,
    },
  },
  'audit_system.action_plans': {
    share: 0.02,
    columns: {
      id: id('action_plans'),
      recommendation_id: id('recommendations', 'n % R'),
      action_text: words(15),
      owner_person_id: someone,
      target_date: `date '2026-01-01' + (n % 700)::int`,
      created_at: at,
    },
  },
  'audit_system.recommendation_case_links': {
    share: 0.01,
    columns: {
      id: id('recommendation_case_links'),
      recommendation_id: id('recommendations', 'n % R'),
      legal_case_id: id('legal_cases', 'n % C'),
      created_by: someone,
    },
  },
};

/** What the letters in the expressions stand for. */
const letters: Record<string, string> = {
  U: 'public.org_units',
  P: 'public.people',
  C: 'case_management.legal_cases',
  D: 'case_management.documents',
  E: 'audit_system.engagements',
  W: 'audit_system.workpapers',
  F: 'audit_system.findings',
  R: 'audit_system.recommendations',
};

const vocabulary =
  'land title dispute boundary survey lease tenure claim clan customary owner portion district province village road bridge school clinic ' +
  'contract tender supplier payment invoice ledger receipt asset vehicle fuel store stock count variance control approval signature review ' +
  'court hearing order judgment appeal affidavit witness counsel registry filing notice service deadline extension costs settlement mediation';

/** Ids sort by time like UUIDv7; one word a number, so that texts compress as texts do. */
const functions = `
  create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable
  return (lpad(to_hex(1704067200000 + n * 40), 12, '0') || '7' || substr(md5(kind), 1, 3) || 'a' || substr(md5(kind || n), 1, 15))::uuid;
  create function pg_temp.words(n bigint, many integer) returns text language sql immutable
  as $$ select string_agg(w[1 + abs(hashint8extended(n, i)) % ${vocabulary.split(' ').length}], ' ') from (select '{${vocabulary.replaceAll(' ', ',')}}'::text[]) v (w), generate_series(1, many) i $$`;

/**
 * @param rows of all tables together; each table gets its share.
 * @returns how many there are then, a little less or more.
 */
export async function fillWithManyRows(
  operatorUrl: string,
  rows: number,
  onStep: (sentence: string) => void = () => undefined,
): Promise<number> {
  const all = { ...publicTables, ...caseTables, ...auditTables };
  const countOf = (table: string): number => Math.max(40, Math.round((all[table]?.share ?? 0) * rows));
  const [first, second] = [Object.keys(caseTables), [...Object.keys(publicTables), ...Object.keys(auditTables)]];
  let total = 0;
  const fill = async (tables: readonly string[]): Promise<void> =>
    withSession(operatorUrl, 'bench', async (client) => {
      // The rows are right already: no trigger and no foreign key has to look at each of them.
      await client.query(`set session_replication_role = replica; set synchronous_commit = off; ${functions}`);
      for (const table of tables) {
        const columns = Object.entries(all[table]?.columns ?? {});
        const values = columns
          .map(([, value]) => value.replace(/\b[UPCDEWFR]\b(?!')/g, (letter) => String(countOf(letters[letter] ?? ''))))
          .join(', ');
        const names = columns.map(([name]) => `"${name}"`).join(', ');
        const { rowCount } = await client.query(
          `insert into ${table} (${names}) select ${values} from generate_series(0, ${countOf(table) - 1}::bigint) n`,
        );
        total += rowCount ?? 0;
        onStep(`${table}: ${(rowCount ?? 0).toLocaleString('en-US')} rows.`);
      }
    });
  await Promise.all([fill(first), fill(second)]);
  await withSession(operatorUrl, 'bench', async (client) => {
    await client.query(
      `select setval('case_management.case_number_seq', ${countOf('case_management.legal_cases')}), setval('audit_system.engagement_code_seq', ${countOf('audit_system.engagements')})`,
    );
    await client.query('vacuum (analyze)');
  });
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [url = '', rows = '5000000'] = process.argv.slice(2);
  const started = performance.now();
  const filled = await fillWithManyRows(url, Number(rows), (sentence) => process.stderr.write(`${sentence}\n`));
  process.stdout.write(`${filled.toLocaleString('en-US')} rows in ${((performance.now() - started) / 1000).toFixed(0)} s.\n`);
}
