import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counts, failure, openImportBench, readRejects, units } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

const unitId = (n: number): string => `0a000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

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

  test('more columns than a table can have, and rows too wide for one, are each said in a sentence', async () => {
    const columns = (count: number, of: string) => Array.from({ length: count }, (_, n) => `${of}${n}`).join(',');
    const wide = `code,name,${columns(1400, 'column ')}\nA,Alpha,${columns(1400, 'a value of more than eighteen bytes ')}\n`;
    for (const csv of [`code,name,${columns(5000, 'c')}\n`, wide]) {
      const error = await failure(bench.run(units, await bench.files({ 'units.csv': csv })));
      expect(error).toMatchObject({
        code: 'SOURCE_INVALID',
        message: expect.stringMatching(/^A file is beyond a limit of PostgreSQL: /),
      });
    }
  });

  test('lines that end with carriage returns alone are refused, and never taken for one long header without rows', async () => {
    const error = await failure(bench.run(units, await bench.files({ 'units.csv': 'code,name\rA,Alpha\rB,Beta\r' })));
    expect(error).toMatchObject({ code: 'SOURCE_INVALID', message: expect.stringContaining('carriage returns alone') });
  });

  test('a mapping whose columns beside the targets do not exist, or can not be merged so, is refused', async () => {
    const faulty = units
      .replace('title: Units', 'title: Units\nrequires: [{ mapping: x, table: public.people, where: { nick: a } }]')
      .replace(
        'file: units.csv',
        'file: units.csv, chain: { id: code, parent: parent, known: { table: public.org_units, id: code, root: trunk, position: version } }',
      )
      .replace('column: active,', 'column: active, repeats: min,')
      .replace('column: description,', 'column: description, repeats: all,');
    const error = await failure(bench.run(faulty, await bench.files({ 'units.csv': 'code,name\n' })));
    expect(error.code).toBe('MAPPING_INVALID');
    expect(error.message).toContain('requires.0.where: public.people has no column nick');
    expect(error.message).toContain('sources.units.chain.known: public.org_units has no column trunk');
    expect(error.message).toContain('is_active.repeats: min is for what has an order');
    expect(error.message).toContain('description.repeats: all is for yes and no');
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
