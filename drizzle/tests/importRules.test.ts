import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counts, failure, openImportBench, readRejects } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

const unitId = (n: number): string => `0a000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const units = `
title: Units
sources: { units: { file: units.csv } }
targets:
  - name: units
    table: public.org_units
    from: units
    key: code
    columns:
      code: code
      name: name
      description: { column: description, optional: true }
      is_active: { column: active, optional: true }
      parent_id: { column: parent, optional: true, lookup: { table: public.org_units, by: [code, name] } }
`;

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(async () => bench.close());
beforeEach(async () => {
  await bench.query('truncate public.org_units, public.people, case_management.legal_cases, audit_system.engagements cascade');
});

const importUnits = async (csv: string, mapping = units) => {
  const rejectsFile = join(bench.folder, 'rejects.csv');
  const report = await bench.run(mapping, await bench.files({ 'units.csv': csv }), { rejectsFile });
  const rejects = report.rejectsFile ? readRejects(await readFile(report.rejectsFile, 'utf8')) : [];
  return { report, rejects };
};
const unitNames = async () =>
  (await bench.query<{ name: string }>('select name from public.org_units order by code')).map((row) => row.name);

describe('files that can not be trusted change nothing', () => {
  test('a missing column is named beside the columns that are there', async () => {
    const error = await failure(bench.run(units, await bench.files({ 'units.csv': 'code,title\nA,Alpha\n' })));
    expect(error).toMatchObject({
      code: 'SOURCE_INVALID',
      exitCode: 3,
      message: 'units.csv has no column "name".',
      hint: 'It has: code, title.',
    });
  });

  test('a missing file is named beside the files that are there', async () => {
    const error = await failure(bench.run(units, await bench.files({ 'division.csv': 'code\n' })));
    expect(error.message).toMatch(/has no units\.csv\.$/);
    expect(error.hint).toBe('There are: division.csv.');
  });

  test('bad encoding far down in the file takes back everything before it', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `U${n},Unit ${n}\n`).join('');
    const bytes = Buffer.concat([Buffer.from(`code,name\n${rows}`), Buffer.from('X,caf\xe9\n', 'latin1')]);
    const error = await failure(bench.run(units, await bench.files({ 'units.csv': bytes })));
    expect(error.message).toMatch(/^units\.csv is not UTF-8 text: byte 0xE9 at position \d+ \(line 20002\)/);
    expect(await unitNames()).toEqual([]);
  });

  test('UTF-16, an empty file, and a cut-off file each have a sentence', async () => {
    const said = async (content: string | Buffer) =>
      (await failure(bench.run(units, await bench.files({ 'units.csv': content })))).message;
    expect(await said(Buffer.from('\ufeffcode,name\n', 'utf16le'))).toMatch(/byte 0xFF at position 0/);
    expect(await said('')).toBe('units.csv is empty.');
    expect(await said('code,name\nA,"Alph')).toMatch(/ends inside a quoted value/);
    expect(await said('code,name,description\nA,Alpha,x\nB,Be')).toMatch(
      /is cut off: its last record, on line 3, has 2 of 3 fields/,
    );
    expect(await unitNames()).toEqual([]);
  });

  test('a mapping that names what the database does not have is refused with all its faults', async () => {
    const faulty = units.replace('name: name', 'nam: name').replace('by: [code, name]', 'by: [code, nickname]');
    const error = await failure(bench.run(faulty, await bench.files({ 'units.csv': 'code,name\n' })));
    expect(error.code).toBe('MAPPING_INVALID');
    expect(error.message).toContain('columns.nam: public.org_units has no column nam');
    expect(error.message).toContain('columns: lacks name, which public.org_units needs');
    expect(error.message).toContain('lookup: public.org_units has no column nickname');
  });
});

describe('rows', () => {
  test('children may stand before their parents, and find them by code or name', async () => {
    await importUnits('code,name,parent\nC,Child,B\nB,Branch,Top unit\nA,Top unit,\n');
    const tree = await bench.query(
      `select c.code, p.code as parent from public.org_units c left join public.org_units p on p.id = c.parent_id order by 1`,
    );
    expect(tree).toEqual([
      { code: 'A', parent: null },
      { code: 'B', parent: 'A' },
      { code: 'C', parent: 'B' },
    ]);
  });

  test('a circle of parents is rejected, with all that hangs on it', async () => {
    const { rejects } = await importUnits('code,name,parent\nA,Alpha,B\nB,Beta,A\nC,Gamma,B\nD,Delta,\n');
    expect(rejects.map((row) => [row.reject_line, row.reject_code])).toEqual([
      ['2', 'REFERENCE_CYCLE'],
      ['3', 'REFERENCE_CYCLE'],
      ['4', 'REFERENCE_CYCLE'],
    ]);
    expect(await unitNames()).toEqual(['Delta']);
  });

  test('a repeated key is rejected and names the first line', async () => {
    const { rejects } = await importUnits('code,name\nA,Alpha\nB,Beta\nA,Again\n');
    expect(rejects).toMatchObject([{ reject_line: '4', reject_code: 'KEY_REPEATED', reject_column: 'code', reject_value: 'A' }]);
    expect(rejects[0]?.reject_reason).toBe('Line 2 has the same key, A.');
  });

  test('rows of another length, blank names and wrong values are rejected one by one', async () => {
    const { rejects, report } = await importUnits(
      'code,name,active\nA,Alpha,yes\nB\nC,"  ",yes\nD,Delta,perhaps\nE,Epsilon,no,surplus\nF,,yes\n,Zeta,yes\n',
    );
    expect(rejects.map((row) => [row.reject_line, row.reject_column, row.reject_code])).toEqual([
      ['3', '', 'ROW_LENGTH'],
      ['4', 'name', 'RULE_BROKEN'],
      ['5', 'active', 'VALUE_INVALID'],
      ['6', '', 'ROW_LENGTH'],
      ['7', 'name', 'VALUE_MISSING'],
      ['8', 'code', 'VALUE_MISSING'],
    ]);
    expect(report.rejectsByCode[0]).toEqual({ code: 'ROW_LENGTH', count: 2 });
    expect(await unitNames()).toEqual(['Alpha']);
  });

  test('a value too long for an index is rejected, not a failure of the import', async () => {
    const long = Array.from({ length: 400 }, (_, n) => `unit ${n * 7919}`).join(' ');
    const { rejects } = await importUnits(`code,name\nA,${long}\nB,Beta\n`);
    expect(rejects).toMatchObject([{ reject_code: 'VALUE_TOO_LONG', reject_column: 'name' }]);
  });

  test('a name that fits two units is ambiguous', async () => {
    await importUnits('code,name\nA,Registry\nB,Registry\n');
    const people = `
title: People
sources: { people: { file: people.csv } }
targets:
  - name: people
    table: public.people
    from: people
    id: { from: 'test/{name}' }
    columns: { full_name: name, org_unit_id: { column: unit, lookup: { table: public.org_units, by: [code, name], ignoreCase: true } } }
`;
    const folder = await bench.files({ 'people.csv': 'name,unit\nAda,registry\nBen,a\nCal,nowhere\n' });
    const rejectsFile = join(bench.folder, 'people-rejects.csv');
    await bench.run(people, folder, { rejectsFile });
    const rejects = readRejects(await readFile(rejectsFile, 'utf8'));
    expect(rejects.map((row) => [row.reject_value, row.reject_code])).toEqual([
      ['registry', 'REFERENCE_AMBIGUOUS'],
      ['nowhere', 'REFERENCE_MISSING'],
    ]);
  });

  test('a unique value that another row of the database has is rejected', async () => {
    await bench.query(`insert into public.org_units (id, code, name) values ($1, 'A', 'Alpha')`, [unitId(1)]);
    const withIds = units.replace('key: code', 'id: { column: id }');
    const { rejects } = await importUnits(`id,code,name\n${unitId(2)},A,Also A\n${unitId(3)},B,Beta\n`, withIds);
    expect(rejects).toMatchObject([{ reject_code: 'KEY_TAKEN', reject_column: 'code', reject_value: 'A' }]);
    expect(await unitNames()).toEqual(['Alpha', 'Beta']);
  });
});

describe('a second run', () => {
  test('takes over what the source changed, and only that', async () => {
    await importUnits('code,name,description,active\nA,Alpha,one,yes\nB,Beta,two,yes\n');
    const { report } = await importUnits('code,name,description,active\nA,Alpha,one,yes\nB,Beta,"",yes\nC,Gamma,,no\n');
    expect(counts(report, 'units')).toEqual([1, 1, 1]);
    expect(await bench.query('select code, description, version, is_active from public.org_units order by code')).toEqual([
      { code: 'A', description: 'one', version: 1, is_active: true },
      { code: 'B', description: '', version: 2, is_active: true },
      { code: 'C', description: null, version: 1, is_active: false },
    ]);
  });

  test('finds by its key a row that was made elsewhere, and keeps its id', async () => {
    await bench.query(`insert into public.org_units (id, code, name, is_active) values ($1, 'A', 'Old name', false)`, [
      unitId(1),
    ]);
    const { report } = await importUnits('code,name\nA,New name\n');
    expect(counts(report, 'units')).toEqual([0, 1, 0]);
    expect(await bench.query('select id, name, is_active from public.org_units')).toEqual([
      { id: unitId(1), name: 'New name', is_active: false },
    ]);
  });

  test('gives the same ids in another database', async () => {
    await importUnits('code,name\nA,Alpha\n');
    const first = await bench.query('select id from public.org_units');
    await bench.query('truncate public.org_units cascade');
    await importUnits('code,name\nZ,Zeta\nA,Alpha\n');
    expect(await bench.query(`select id from public.org_units where code = 'A'`)).toEqual(first);
  });
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

describe('the rejects file', () => {
  test('keeps empty and NULL apart and both columns of one name, and comes in when mended', async () => {
    const mapping = units.replace('column: description, optional: true', "column: 'note#2'");
    const { rejects, report } = await importUnits(
      'code,note,name,note,parent\nA,"",Alpha,,X\nB,,Beta,"",X\nC,c,"Gam""ma","two\nlines",X\n',
      mapping,
    );
    expect(rejects).toHaveLength(3);
    const text = await readFile(report.rejectsFile ?? '', 'utf8');
    expect(text.split('\n')[0]).toMatch(/,code,note,name,note,parent$/);
    const mended = join(bench.folder, 'mended.csv');
    await writeFile(mended, text.replaceAll(/,X$/gm, ','));
    await bench.run(mapping, mended);
    expect(await bench.query('select code, name, description from public.org_units order by 1')).toEqual([
      { code: 'A', name: 'Alpha', description: null },
      { code: 'B', name: 'Beta', description: '' },
      { code: 'C', name: 'Gam"ma', description: 'two\nlines' },
    ]);
  });

  test('rows of a source that the mapping does not have are refused', async () => {
    const { report } = await importUnits('code,name,parent\nA,Alpha,X\n');
    const text = await readFile(report.rejectsFile ?? '', 'utf8');
    const other = join(bench.folder, 'other.csv');
    await writeFile(other, text.replace(/^units,/m, 'persons,'));
    expect((await failure(bench.run(units, other))).message).toContain(
      'rows of "persons", which is no source of the mapping test',
    );
  });
});

describe('all or nothing, or only to see', () => {
  test('a dry run says what it would do and changes nothing', async () => {
    const folder = await bench.files({ 'units.csv': 'code,name\nA,Alpha\n,Beta\n' });
    const report = await bench.run(units, folder, { isDryRun: true });
    expect(counts(report, 'units')).toEqual([1, 0, 0]);
    expect(report.rejectedRows).toBe(1);
    expect(await unitNames()).toEqual([]);
  });

  test('with all or nothing one reject takes everything back, and the rejects are written all the same', async () => {
    const rejectsFile = join(bench.folder, 'strict.csv');
    const folder = await bench.files({ 'units.csv': 'code,name\nA,Alpha\n,Beta\n' });
    const error = await failure(bench.run(units, folder, { allOrNothing: true, rejectsFile }));
    expect(error).toMatchObject({ code: 'IMPORT_REJECTED', exitCode: 1 });
    expect(error.message).toContain('1 row was rejected');
    expect(readRejects(await readFile(rejectsFile, 'utf8'))).toHaveLength(1);
    expect(await unitNames()).toEqual([]);
  });

  test('a rejects file that can not be written takes everything back', async () => {
    const folder = await bench.files({ 'units.csv': 'code,name\nA,Alpha\n,Beta\n' });
    const error = await failure(bench.run(units, folder, { rejectsFile: join(bench.folder, 'no/such/folder.csv') }));
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(await unitNames()).toEqual([]);
  });
});
