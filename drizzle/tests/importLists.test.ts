import { counts, failure, openImportBench } from './importSupport.js';
import type { ImportBench } from './importSupport.js';

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(async () => bench.close());

const people = `
title: People
sources: { people: { file: people.csv } }
targets:
  - name: people
    table: public.people
    from: people
    id: { column: id }
    columns:
      full_name: name
      roles: { column: roles, list: true, lookup: { table: identity.roles, by: name, take: name } }
      version: { column: version, optional: true }
`;
const keys = (identity: string) => `
title: Keys
sources: { keys: { file: keys.csv } }
targets:
  - name: keys
    table: public.idempotency_keys
    from: keys
    ${identity}
    columns: { person_id: person, key: key, operation: operation, input_hash: hash, entity_id: entity }
`;
const id = (n: number) => `01941f29-7c00-7000-8000-00000000000${n}`;

test('a list is read as PostgreSQL writes it, and one of another form or with an unknown value is rejected by name', async () => {
  const from = await bench.files({
    'people.csv': [
      'id,name,roles',
      `${id(1)},One,"{Lawyer,""Case Manager"",Lawyer}"`,
      `${id(2)},None,{}`,
      `${id(3)},Bare,Lawyer`,
      `${id(4)},Open,"{Lawyer"`,
      `${id(5)},Deep,"{{Lawyer}}"`,
      `${id(6)},Unknown,"{Lawyer,Wizard,""Grand Vizier""}"`,
      `${id(7)},Null,"{Lawyer,NULL}"`,
      `${id(8)},Trailing,"{Lawyer,}"`,
    ].join('\n'),
  });
  const report = await bench.run(people, from);
  expect(await bench.query('select full_name, roles from public.people order by id')).toEqual([
    { full_name: 'One', roles: ['Lawyer', 'Case Manager', 'Lawyer'] },
    { full_name: 'None', roles: [] },
  ]);
  expect(report.rejectedRows).toBe(6);
  const { examples } = report;
  expect(examples.find(({ line }) => line === 4)).toMatchObject({
    code: 'VALUE_INVALID',
    reason: '"Lawyer" is not a list like {one,"two words"}.',
  });
  expect(examples.find(({ line }) => line === 7)).toMatchObject({
    code: 'ROLE_UNKNOWN',
    reason: '"Wizard", "Grand Vizier" is no role of identity.roles: use one of those, or add it there first.',
  });
});

test('a version comes from the file when the row is new, and counts up when it is changed', async () => {
  const file = (name: string, version: number) =>
    bench.files({ 'people.csv': `id,name,roles,version\n${id(9)},${name},{},${version}\n` });
  expect(counts(await bench.run(people, await file('First', 7)), 'people')).toEqual([1, 0, 0]);
  expect(counts(await bench.run(people, await file('First', 3)), 'people')).toEqual([0, 0, 1]);
  expect(counts(await bench.run(people, await file('Second', 3)), 'people')).toEqual([0, 1, 0]);
  expect(await bench.query(`select full_name, version from public.people where id = '${id(9)}'`)).toEqual([
    { full_name: 'Second', version: 8 },
  ]);
});

test('a table without an id is told apart by its primary key: new, changed and equal rows are counted', async () => {
  const mapping = keys('key: [person_id, key]');
  const file = (...rows: string[]) => bench.files({ 'keys.csv': ['person,key,operation,hash,entity', ...rows].join('\n') });
  const one = `${id(1)},a|b,createIt,h,${id(2)}`;
  expect(counts(await bench.run(mapping, await file(one, `${id(1)},"",no,h,${id(2)}`)), 'keys')).toEqual([1, 0, 0]);
  expect(counts(await bench.run(mapping, await file(one)), 'keys')).toEqual([0, 0, 1]);
  const changed = await bench.run(mapping, await file(`${id(1)},a|b,createThat,h,${id(2)}`, `${id(2)},a|b,createIt,h,${id(2)}`));
  expect(counts(changed, 'keys')).toEqual([1, 1, 0]);
  const repeated = await bench.run(mapping, await file(one, one, `,x,createIt,h,${id(2)}`));
  expect(repeated.examples.map(({ code, line }) => [line, code])).toEqual([
    [3, 'KEY_REPEATED'],
    [4, 'VALUE_MISSING'],
  ]);
  expect(await bench.query('select count(*)::int as rows from public.idempotency_keys')).toEqual([{ rows: 2 }]);
});

test('a mapping that gives such a table an id, or half its key, or a list to a text, is refused', async () => {
  const from = await bench.files({ 'keys.csv': 'person,key,operation,hash,entity\n', 'people.csv': 'id,name,roles\n' });
  const refused = async (mapping: string) => (await failure(bench.run(mapping, from))).message;
  expect(await refused(keys('id: { column: person }'))).toContain(
    'public.idempotency_keys has no column id; its key is person_id, key',
  );
  expect(await refused(keys('key: [person_id]'))).toContain('must be the primary key of public.idempotency_keys: person_id, key');
  expect(await refused(people.replace('full_name: name', 'full_name: { column: name, list: true }'))).toContain(
    'full_name is text, which is no list',
  );
  expect(await refused(people.replace('by: name, take: name', 'by: name, take: name, ignoreCase: true'))).toContain(
    'looked up as they are',
  );
});

test('a date can be endless', async () => {
  const mapping = `
title: Recommendations
sources: { units: { file: units.csv } }
targets:
  - name: engagements
    table: audit_system.engagements
    from: units
    id: { column: id }
    columns: { code: code, title: title, end_date: ends }
`;
  const from = await bench.files({
    'units.csv': `id,code,title,ends\n${id(1)},A,A,infinity\n${id(2)},B,B,-infinity\n${id(3)},C,C,never\n`,
  });
  const report = await bench.run(mapping, from);
  expect(report.examples.map(({ line, code }) => [line, code])).toEqual([[4, 'VALUE_INVALID']]);
  expect(await bench.query('select end_date::text as ends from audit_system.engagements order by code')).toEqual([
    { ends: 'infinity' },
    { ends: '-infinity' },
  ]);
});
