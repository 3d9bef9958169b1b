import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counts, openImportBench } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(async () => bench.close());
beforeEach(async () => {
  await bench.query('truncate audit_system.engagements cascade');
});

describe('rows that repeat', () => {
  const merging = `
title: Audits
sources: { audits: { file: audits.csv } }
targets:
  - name: audits
    table: audit_system.engagements
    from: audits
    key: code
    repeats: merge
    columns:
      code: code
      title: title
      scope: { column: scope, repeats: join }
      start_date: { column: day, format: DD/MM/YYYY, repeats: min }
      end_date: { column: day, format: DD/MM/YYYY, repeats: max }
      status: { column: status, repeats: { strictest: [closed, follow_up, fieldwork, planning] } }
      objectives: { column: note, repeats: last }
`;
  const importAudits = async (csv: string) => {
    const rejectsFile = join(bench.folder, 'audit-rejects.csv');
    const report = await bench.run(merging, await bench.files({ 'audits.csv': csv }), { rejectsFile });
    return { report, rejectsFile };
  };

  test('become one after the rule of each column', async () => {
    await importAudits(
      'code,title,scope,day,status,note\nE1,Audit,land,5/2/2024,Fieldwork,first\nE1,Audit,cash,1/12/2023,Follow-up,second\nE1,,land,01/01/2024,planning,\n',
    );
    expect(
      await bench.query(
        'select code, title, scope, start_date::text, end_date::text, status, objectives from audit_system.engagements',
      ),
    ).toEqual([
      {
        code: 'E1',
        title: 'Audit',
        scope: 'cash; land',
        start_date: '2023-12-01',
        end_date: '2024-02-05',
        status: 'follow_up',
        objectives: 'second',
      },
    ]);
  });

  test('must agree where nothing else is said: who differs is rejected, and completes the row when mended', async () => {
    const { report, rejectsFile } = await importAudits(
      'code,title,scope,day,status,note\nE1,Audit,land,5/2/2024,Fieldwork,first\nE1,Other title,cash,1/12/2023,closed,second\nE2,Second,x,32/01/2024,planning,\n',
    );
    expect(report.rejectsByCode).toEqual([
      { code: 'ROWS_DISAGREE', count: 1 },
      { code: 'VALUE_INVALID', count: 1 },
    ]);
    const text = await readFile(rejectsFile, 'utf8');
    expect(text).toContain('""Other title"" differs from ""Audit"" on line 2');
    expect(text).toContain('""32/01/2024"" is not a date like DD/MM/YYYY.');
    const mended = join(bench.folder, 'audit-mended.csv');
    await writeFile(mended, text.replace('E1,Other title', 'E1,Audit').replaceAll('32/01/2024', '31/01/2024'));
    const second = await bench.run(merging, mended);
    expect(counts(second, 'audits')).toEqual([1, 1, 0]);
    expect(await bench.query('select code, scope, start_date::text, status from audit_system.engagements order by 1')).toEqual([
      { code: 'E1', scope: 'cash; land', start_date: '2023-12-01', status: 'closed' },
      { code: 'E2', scope: 'x', start_date: '2024-01-31', status: 'planning' },
    ]);
  });
});
