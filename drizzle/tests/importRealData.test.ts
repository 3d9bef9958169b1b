import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, openImportBench, readRejects } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

/** The sets of SOURCES.md lie beside the project, never in it. */
const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const isThere = existsSync(data);
if (!isThere) process.stderr.write(`importRealData.test.ts is skipped: there is no ${data}.\n`);
const describeWithData = isThere ? describe : describe.skip;

describeWithData('the real sets, with the counts of SOURCES.md', () => {
  let bench: ImportBench;
  const folder = (name: string): string => join(data, name);
  const count = async (sql: string): Promise<number> =>
    Number((await bench.query<{ n: string }>(`select count(*) as n from ${sql}`))[0]?.n);

  beforeAll(async () => {
    bench = await openImportBench();
  });
  afterAll(async () => bench.close());

  test('cases and audits say which set must come first', async () => {
    const error = await failure(bench.run('nlrb_cases', folder('nlrb_cases')));
    expect(error.code).toBe('SOURCE_INVALID');
    expect(error.hint).toContain('import us_federal_agencies');
  });

  test('us_federal_agencies: 178 agencies, 1,475 sub-tiers, 32 rejects with reasons', async () => {
    const rejectsFile = join(bench.folder, 'agencies-rejects.csv');
    const report = await bench.run('us_federal_agencies', folder('us_federal_agencies'), { rejectsFile });
    expect(report.rejectedRows).toBe(32);
    expect(await count(`public.org_units where code like 'CGAC-%' and parent_id is null`)).toBe(178);
    expect(await count(`public.org_units where code like 'SUBTIER-%' and parent_id is not null`)).toBe(1475);
    expect(await count('public.org_units')).toBe(1653);
    const rejects = readRejects(await readFile(rejectsFile, 'utf8'));
    expect(rejects).toHaveLength(32);
    expect(rejects.filter((row) => row.reject_value === 'Unknown (may not exist)')).toHaveLength(29);
    expect(rejects.filter((row) => row.reject_value?.startsWith('Subsumed under DOD submissions'))).toHaveLength(3);
    expect(new Set(rejects.map((row) => row.reject_column))).toEqual(new Set(['SUBTIER CODE']));
  });

  test('us_congress: 230 committees as a tree, 537 people without e-mail', async () => {
    const report = await bench.run('us_congress', folder('us_congress'));
    expect(report.rejectedRows).toBe(0);
    expect(await count(`public.org_units where unit_type like '%committee'`)).toBe(230);
    expect(await count(`public.org_units o where unit_type = 'subcommittee' and parent_id is not null`)).toBe(181);
    expect(await count('public.people where email is null')).toBe(537);
    expect(await count(`public.people where full_name in ('Analilia Mejia', 'James Gallagher')`)).toBe(2);
    expect(report.leftOut.map((left) => left.file)).toEqual(['memberships.csv']);
  });

  test('nlrb_cases: 6,371 cases of 6,927 rows, 107 rows of open ones, their parties', async () => {
    const report = await bench.run('nlrb_cases', folder('nlrb_cases'));
    expect(report.rejectedRows).toBe(0);
    expect(report.sources[0]?.rows).toBe(6927);
    expect(await count('case_management.legal_cases')).toBe(6371);
    expect(await count(`case_management.legal_cases where (status = 'closed') <> (closed_on is not null)`)).toBe(0);
    expect(
      await count(
        `case_management.legal_cases c join public.org_units o on o.id = c.org_unit_id where o.name = 'National Labor Relations Board'`,
      ),
    ).toBe(6371);
    expect(await count(`case_management.parties where party_type = 'company'`)).toBe(6371);
    expect(
      await count(`case_management.legal_cases where closure_type = 'withdrawn' and closure_notes not like 'Withdrawal%'`),
    ).toBe(0);
  });

  test('fac_findings: 2,808 engagements, 6,183 findings, 2,323 material weaknesses, 1,857 repeats', async () => {
    const report = await bench.run('fac_findings', folder('fac_findings'));
    expect(report.rejectedRows).toBe(0);
    expect(await count('audit_system.engagements')).toBe(2808);
    expect(await count('audit_system.findings')).toBe(6183);
    expect(await count('audit_system.findings where is_material_weakness')).toBe(2323);
    expect(await count(`audit_system.findings where is_material_weakness and risk_rating <> 'high'`)).toBe(0);
    expect(await count('audit_system.findings where is_repeat')).toBe(1857);
  });

  test('finding_texts: 134 findings in 9 audits of their own', async () => {
    await bench.run('finding_texts', folder('fac_findings'));
    expect(await count('audit_system.findings where condition is not null')).toBe(134);
    expect(await count('audit_system.action_plans')).toBe(134);
    expect(await count('audit_system.engagements')).toBe(2808 + 9);
  });

  test.each([
    ['us_federal_agencies', 'us_federal_agencies'],
    ['us_congress', 'us_congress'],
    ['nlrb_cases', 'nlrb_cases'],
    ['fac_findings', 'fac_findings'],
    ['finding_texts', 'fac_findings'],
  ])('a second run of %s changes nothing', async (mapping, set) => {
    const report = await bench.run(mapping, folder(set));
    expect(report.targets.map(({ inserted, changed }) => inserted + changed)).toEqual(report.targets.map(() => 0));
    expect(report.targets.every((target) => target.unchanged > 0)).toBe(true);
    const versions = await count('public.org_units where version > 1');
    expect(versions).toBe(0);
  });
});
