import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counts, failure, openImportBench, readRejects, units } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(async () => bench.close());
beforeEach(async () => {
  await bench.query('truncate public.org_units cascade');
});

const importUnits = async (csv: string, mapping = units) => {
  const rejectsFile = join(bench.folder, 'rejects.csv');
  const report = await bench.run(mapping, await bench.files({ 'units.csv': csv }), { rejectsFile });
  const rejects = report.rejectsFile ? readRejects(await readFile(report.rejectsFile, 'utf8')) : [];
  return { report, rejects };
};
const unitNames = async () =>
  (await bench.query<{ name: string }>('select name from public.org_units order by code')).map((row) => row.name);

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

  test('can be read by its owner alone, even where another file stood, and is not written through a link', async () => {
    const rejectsFile = join(bench.folder, 'rejects.csv');
    const victim = join(bench.folder, 'victim.csv');
    await writeFile(rejectsFile, 'of yesterday');
    await chmod(rejectsFile, 0o644);
    await writeFile(victim, 'precious');
    await symlink(victim, `${rejectsFile}.partial`);
    await importUnits('code,name\n,Beta\n');
    expect((await stat(rejectsFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  test('has no text that a spreadsheet would run as a formula, and brings each back as it was', async () => {
    const texts = ['=1+1', '+675 325', '-2+3', '@SUM(A1)', "'=1", "''+2", "'quoted'", 'a=b', '\t=3', '-12.50'];
    const csv = texts.map((text, n) => `C${n},"${text}","${text}",nowhere\n`).join('');
    const { report } = await importUnits(`code,name,description,parent,"=2+5"\n${csv.replaceAll('nowhere', 'nowhere,x')}`);
    const text = await readFile(report.rejectsFile ?? '', 'utf8');
    expect(text).not.toMatch(/(^|[,"])[=+@\t]/m);
    expect(text).not.toMatch(/(^|[,"])-2/m);
    expect(text).toMatch(/,-12\.50,/);
    const mended = join(bench.folder, 'mended-formulas.csv');
    await writeFile(mended, text.replaceAll(',nowhere,x', ',,x'));
    await bench.run(units, mended);
    const rows = await bench.query<{ name: string; description: string }>(
      'select name, description from public.org_units order by code',
    );
    expect(rows.map(({ name }) => name)).toEqual(texts);
    expect(rows.map(({ description }) => description)).toEqual(texts);
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
