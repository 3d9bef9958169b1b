import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { counts, openImportBench, readRejects } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

const fixtures = fileURLToPath(new URL('fixtures/legacy/', import.meta.url));
const ada = '0b000000-0000-4000-8000-000000000001';
const ben = '0b000000-0000-4000-8000-000000000002';
const adasProfile = '0c000000-0000-4000-8000-000000000001';
const firstCase = '0d000000-0000-4000-8000-000000000001';

describe('the legacy layout', () => {
  let bench: ImportBench;
  let rejectsFile: string;

  beforeAll(async () => {
    bench = await openImportBench();
    rejectsFile = join(bench.folder, 'rejects.csv');
    await bench.run('legacy', fixtures, { rejectsFile });
  });
  afterAll(async () => bench.close());

  test('people and profiles with one e-mail address are one person with the roles of both', async () => {
    const [person] = await bench.query(
      `select id, user_id, full_name, email, roles, phone from public.people where lower(email) = 'ada.sample@example.org'`,
    );
    expect(person).toEqual({
      id: ada,
      user_id: adasProfile,
      full_name: 'Ada Sample',
      email: 'Ada.Sample@example.org',
      roles: ['Legal Officer', 'System Admin'],
      phone: '555-0101',
    });
  });

  test('a profile without a person becomes one, an inactive one stays inactive', async () => {
    const people = await bench.query(
      'select full_name, roles, is_active from public.people where email like $1 or email like $2 order by 1',
      ['eve@%', 'fay@%'],
    );
    expect(people).toEqual([
      { full_name: 'Eve Sample', roles: ['Registrar'], is_active: true },
      { full_name: 'Fay Sample', roles: ['Survey Officer'], is_active: false },
    ]);
  });

  test('a person without e-mail keeps the id and comes in', async () => {
    expect(await bench.query(`select full_name from public.people where email is null`)).toEqual([{ full_name: 'Dee Sample' }]);
  });

  test('an unknown role is a reject with a reason', async () => {
    const rejects = readRejects(await readFile(rejectsFile, 'utf8'));
    expect(rejects.find((row) => row.reject_source === 'people')).toMatchObject({
      reject_file: 'people.csv',
      reject_line: '4',
      reject_column: 'role',
      reject_value: 'Chief Internal Auditor',
      reject_code: 'ROLE_UNKNOWN',
    });
  });

  test('statuses find their values whatever their spelling', async () => {
    const [one] = await bench.query(
      `select status, workflow_state, case_type, priority, our_role from case_management.legal_cases where id = $1`,
      [firstCase],
    );
    expect(one).toEqual({
      status: 'in_court',
      workflow_state: 'in_progress',
      case_type: 'tort',
      priority: 'high',
      our_role: 'defendant',
    });
    expect(await bench.query('select status, lifecycle_stage from audit_system.engagements')).toEqual([
      { status: 'follow_up', lifecycle_stage: 'management_response' },
    ]);
    expect(await bench.query('select status from audit_system.findings order by id')).toEqual([
      { status: 'under_review' },
      { status: 'approved' },
    ]);
    expect(await bench.query('select status, priority from audit_system.recommendations order by id')).toEqual([
      { status: 'implementing', priority: 'high' },
      { status: 'verified', priority: 'critical' },
    ]);
  });

  test('a status that contradicts the state, and the words of the closure dialog, come home as one truth', async () => {
    const found = await bench.query(
      `select title, status, workflow_state, closure_type, closed_on::text from case_management.legal_cases where title like 'Contradiction%' order by title`,
    );
    expect(found).toEqual([
      { title: 'Contradiction 1', status: 'judgment', workflow_state: 'judgment_entered', closure_type: null, closed_on: null },
      { title: 'Contradiction 2', status: 'under_review', workflow_state: 'drafting', closure_type: null, closed_on: null },
      {
        title: 'Contradiction 3',
        status: 'closed',
        workflow_state: 'closed',
        closure_type: 'judgment_dismissed',
        closed_on: '2023-05-06',
      },
    ]);
  });

  test('the assigned officer, named by the id of the profile, leads the case', async () => {
    const leads = await bench.query(`select case_id, person_id, role from case_management.case_assignments`);
    expect(leads).toEqual([{ case_id: firstCase, person_id: ada, role: 'lead' }]);
  });

  test('the division responsible is found by code or by name', async () => {
    const units = await bench.query(
      `select c.case_number, o.code from case_management.legal_cases c join public.org_units o on o.id = c.org_unit_id order by 1`,
    );
    expect(units).toEqual([
      { case_number: 'LC-1998-000002', code: 'LSD' },
      { case_number: 'LC-2023-000001', code: 'LSD' },
    ]);
  });

  test('a case that was closed before it was registered counts as opened by then', async () => {
    const [old] = await bench.query(
      `select opened_on::text, closed_on::text from case_management.legal_cases where case_number = 'LC-1998-000002'`,
    );
    expect(old).toEqual({ opened_on: '1998-06-30', closed_on: '1998-06-30' });
  });

  test('empty and NULL stay different', async () => {
    const [one] = await bench.query(
      `select allegations, reliefs_sought, description from case_management.legal_cases where id = $1`,
      [firstCase],
    );
    expect(one).toEqual({ allegations: null, reliefs_sought: '', description: 'Two lines\nof "prose"' });
  });

  test('a chain of documents is one document with versions, in whatever order the rows stand', async () => {
    const versions = await bench.query(
      `select d.title, d.description, v.version_number, v.file_name from case_management.documents d
       join case_management.document_versions v on v.document_id = d.id order by d.title, v.version_number`,
    );
    expect(versions).toEqual([
      { title: 'Map', description: null, version_number: 1, file_name: 'map.png' },
      { title: 'Statement of claim', description: 'First filing', version_number: 1, file_name: 'claim.pdf' },
      { title: 'Statement of claim', description: 'First filing', version_number: 2, file_name: 'claim-2.pdf' },
      { title: 'Statement of claim', description: 'First filing', version_number: 3, file_name: 'claim-3.pdf' },
    ]);
  });

  test('"A -v- B" in the litigation register becomes two parties', async () => {
    const parties = await bench.query(
      `select c.case_number, p.name, p.role, c.opened_on::text from case_management.parties p join case_management.legal_cases c on c.id = p.case_id
       where c.case_number like '% of %' order by 1, 3 desc`,
    );
    expect(parties).toEqual([
      { case_number: 'OS 3 of 2004', name: 'Beta Ltd & Ors', role: 'plaintiff', opened_on: '2004-01-01' },
      { case_number: 'OS 3 of 2004', name: 'The Registrar of Titles', role: 'defendant', opened_on: '2004-01-01' },
      { case_number: 'WS 17 of 1991', name: 'Alpha Trading', role: 'plaintiff', opened_on: '1991-03-14' },
      { case_number: 'WS 17 of 1991', name: 'Sample Ministry', role: 'defendant', opened_on: '1991-03-14' },
    ]);
  });

  test('a case of the register that cases.csv brings too keeps its own title and parties', async () => {
    const [one] = await bench.query(
      `select title, (select count(*)::int from case_management.parties p where p.case_id = c.id) as parties from case_management.legal_cases c where id = $1`,
      [firstCase],
    );
    expect(one).toEqual({ title: 'Sample Holdings -v- Sample Ministry', parties: 2 });
  });

  test('the two notifications tables become one', async () => {
    const notifications = await bench.query(
      `select recipient_id, system, kind, read_at is not null as is_read from public.notifications order by id`,
    );
    expect(notifications).toEqual([
      { recipient_id: ben, system: 'audit_system', kind: 'other', is_read: false },
      { recipient_id: ada, system: 'case_management', kind: 'deadline', is_read: true },
      { recipient_id: '0c000000-0000-4000-8000-000000000005', system: 'case_management', kind: 'cost_alert', is_read: false },
    ]);
  });

  test('a recommendation with a case becomes a link', async () => {
    expect(await bench.query('select legal_case_id, relation from audit_system.recommendation_case_links')).toEqual([
      { legal_case_id: firstCase, relation: 'information_only' },
    ]);
  });

  test('every rejected row is named with file, line, column and code', async () => {
    const rejects = readRejects(await readFile(rejectsFile, 'utf8'));
    const named = rejects.map((row) => [row.reject_file, row.reject_line, row.reject_column, row.reject_code].join(' '));
    expect(named.sort()).toEqual([
      'cases.csv 5 closure_type RULE_BROKEN',
      'cases.csv 6 case_number KEY_REPEATED',
      'cases.csv 7 closure_type + status + workflow_state VALUE_UNKNOWN',
      'documents.csv 6 parent_document_id REFERENCE_MISSING',
      'litigation_costs.csv 3 amount VALUE_INVALID',
      'org_units.csv 5 parent_id REFERENCE_MISSING',
      'parties.csv 4 case_id REFERENCE_MISSING',
      'people.csv 4 role ROLE_UNKNOWN',
    ]);
    expect(rejects.find((row) => row.reject_line === '7')?.reject_also).toContain('"2023-13-45" is not a date');
  });

  test('a second run changes nothing', async () => {
    const report = await bench.run('legacy', fixtures);
    expect(report.targets.filter((target) => target.inserted + target.changed > 0)).toEqual([]);
    expect(report.rejectedRows).toBe(8);
  });

  test('people.csv alone does not take away what profiles.csv brought', async () => {
    const folder = await bench.files({ 'people.csv': await readFile(join(fixtures, 'people.csv')) });
    const report = await bench.run('legacy', folder);
    expect(counts(report, 'people')).toEqual([0, 0, 3]);
  });

  test('the rejects file, mended, brings the rest in, and references to united people still hold', async () => {
    const mended = join(bench.folder, 'mended.csv');
    const text = await readFile(rejectsFile, 'utf8');
    await writeFile(
      mended,
      text
        .replaceAll('0a000000-0000-4000-8000-000000000063', '0a000000-0000-4000-8000-000000000002')
        .replace(/^(people,.*)Chief Internal Auditor,(?=0a)/m, '$1Auditor,')
        .replace(/^(cases,cases\.csv,5,.*),2023-06-30,/m, '$1settled,2023-06-30,')
        .replace(/^(cases,cases\.csv,6,.*)LC-2023-000001,Same/m, '$1LC-2023-000004,Same')
        .replace(/^(cases,cases\.csv,7,.*)on_the_shelf,/m, '$1mediation,')
        .replace(/2023-13-45,(?!")/g, '2023-12-15,')
        .replaceAll('0e000000-0000-4000-8000-00000000004d', '0e000000-0000-4000-8000-000000000004')
        .replaceAll('1.234,', '1.23,'),
    );
    const again = join(bench.folder, 'again.csv');
    const report = await bench.run('legacy', mended, { rejectsFile: again });
    expect(report.examples).toEqual([]);
    expect(counts(report, 'org units')).toEqual([1, 0, 0]);
    expect(counts(report, 'people')).toEqual([1, 0, 0]);
    expect(counts(report, 'cases')).toEqual([3, 0, 0]);
    expect(counts(report, 'document versions')).toEqual([1, 0, 0]);
    const [version] = await bench.query(
      `select version_number from case_management.document_versions where file_name = 'orphan.pdf'`,
    );
    expect(version).toEqual({ version_number: 2 });
  });
});
