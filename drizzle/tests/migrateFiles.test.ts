import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locate } from '@bailiwick/database/migrate/failure';
import { readMigrations } from '@bailiwick/database/migrate/files';
import { splitStatements } from '@bailiwick/database/migrate/statements';

const folders: string[] = [];
afterAll(async () => Promise.all(folders.map(async (folder) => rm(folder, { recursive: true }))));

async function read(files: Record<string, string | Buffer>) {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-migrations-'));
  folders.push(folder);
  await Promise.all(Object.entries(files).map(async ([name, content]) => writeFile(join(folder, name), content)));
  return readMigrations(folder);
}

const firstWords = (sql: string) => splitStatements(sql).map(({ text }) => text.split(/\s/)[0]);

describe('splitStatements', () => {
  test('ends statements at their semicolons, and keeps a last one without', () => {
    expect(splitStatements('select 1;\n select 2 ;select 3').map(({ text }) => text)).toEqual([
      'select 1;',
      'select 2 ;',
      'select 3',
    ]);
  });

  test.each([
    ['strings', `select 'a;b''c;', E'x\\';y' ; commit`],
    ['quoted names', `select ";""; " from "a;b"; commit`],
    ['dollar quotes', `do $$ begin; end $$; commit`],
    ['nested dollar quotes', `do $a$ execute $$ x; y $$; $a$; commit`],
    ['line comments', `select 1 -- no; end\n + 2; commit`],
    ['nested block comments', `select /* a; /* b; */ c; */ 1; commit`],
    ['brackets', `create rule r as on insert to t do also (select 1; select 2); commit`],
    [
      'BEGIN ATOMIC bodies',
      `create or replace function f() returns int language sql begin atomic select case when true then 1 end; select 2; end; commit`,
    ],
    ['names with a dollar sign', `select a$b$c from t; commit`],
  ])('does not end one inside %s', (_what, sql) => {
    const statements = splitStatements(sql);
    expect(statements).toHaveLength(2);
    expect(statements[1]?.words).toEqual(['commit']);
  });

  test('does not run out of stack on a literal of 30 MB', () => {
    const long = 'a'.repeat(30_000_000);
    for (const literal of [`'${long}'`, `E'${long}'`, `"${long}"`]) {
      expect(splitStatements(`select ${literal}; commit`).map(({ words }) => words[0])).toEqual(['select', 'commit']);
    }
  });

  test('takes a quote that is doubled for a part of the string', () => {
    expect(firstWords(`select 'it''s; one' as "a "";"" b"; select E'it''s \\'; one', ''; commit`)).toEqual([
      'select',
      'select',
      'commit',
    ]);
  });

  test('drops comments between statements and empty statements', () => {
    expect(firstWords('-- a\n/* b */ ;; select 1; -- c\n')).toEqual(['select']);
  });

  test('an unfinished string takes the rest of the text, so that the server says what is wrong', () => {
    expect(splitStatements(`select 'abc; select 2`).length).toBeGreaterThan(0);
  });

  test('finds every statement of the shipped migrations, and loses none of their text', async () => {
    for (const { sql, statements } of await readMigrations()) {
      expect(statements.length).toBeGreaterThan(1);
      expect(statements.every(({ text }) => text.endsWith(';'))).toBe(true);
      const between = statements.reduceRight(
        (rest, { text, offset }) => rest.slice(0, offset) + rest.slice(offset + text.length),
        sql,
      );
      expect(between.replaceAll(/^--.*$/gm, '').trim()).toBe('');
    }
  });
});

test('locate counts lines and columns in characters, beyond the basic plane too', () => {
  const sql = `-- 🎉\nselect 1;\n  select '🎉🎉', nope;`;
  const statement = splitStatements(sql)[1];
  expect(statement && locate(sql, statement, 14)).toEqual({ line: 3, column: 16, text: `  select '🎉🎉', nope;` });
});

describe('readMigrations', () => {
  test('reads number, owner, checksum and requirements', async () => {
    const files = await read({
      '002_case_management_b.sql': '-- What.\n-- requires: 001_shared_tables_a\n\nselect 1;',
      '001_shared_tables_a.sql': 'select 1;',
      'README.md': 'Not a migration.',
    });
    expect(files).toMatchObject([
      {
        number: 1,
        name: '001_shared_tables_a',
        owner: 'shared_tables',
        requires: [],
        checksum: '354b7196c9ba5fb4b21cf615bb6ec4cd5c07503c34229feef033fc081a8c03f4',
      },
      { number: 2, name: '002_case_management_b', owner: 'case_management', requires: ['001_shared_tables_a'] },
    ]);
  });

  test.each([
    ['an unknown owner', { '001_finance_a.sql': '' }, '001_finance_a.sql is not the name of a migration.'],
    ['capitals', { '001_shared_tables_A.sql': '' }, '001_shared_tables_A.sql is not the name of a migration.'],
    ['no subject', { '001_shared_tables.sql': '' }, '001_shared_tables.sql is not the name of a migration.'],
    ['two digits', { '01_shared_tables_a.sql': '' }, '01_shared_tables_a.sql is not the name of a migration.'],
    [
      'a gap',
      { '001_shared_tables_a.sql': '', '003_shared_tables_c.sql': '' },
      'Migration 002 is missing: after 001_shared_tables_a comes 003_shared_tables_c.',
    ],
    [
      'a number twice',
      { '001_shared_tables_a.sql': '', '001_audit_system_a.sql': '' },
      '001_audit_system_a.sql and 001_shared_tables_a.sql have the same number.',
    ],
    [
      'a requirement that does not exist',
      { '001_shared_tables_a.sql': '-- requires: 000_x' },
      '001_shared_tables_a.sql requires 000_x, which does not exist.',
    ],
    [
      'a requirement that comes later',
      { '001_shared_tables_a.sql': '-- requires: 002_shared_tables_b', '002_shared_tables_b.sql': '' },
      '001_shared_tables_a.sql requires 002_shared_tables_b, which comes after it.',
    ],
    [
      'COMMIT',
      { '001_shared_tables_a.sql': 'select 1;\n\nCOMMIT;' },
      '001_shared_tables_a.sql:3 controls the transaction ("commit").',
    ],
    ['BEGIN', { '001_shared_tables_a.sql': '/* x */ begin;' }, '001_shared_tables_a.sql:1 controls the transaction ("begin").'],
    ['no statement', { '001_shared_tables_a.sql': '-- Not written yet.\n;' }, '001_shared_tables_a.sql has no statement.'],
    [
      'a byte order mark',
      { '001_shared_tables_a.sql': '\ufeffselect 1;' },
      '001_shared_tables_a.sql begins with a byte order mark, which PostgreSQL takes for a part of the first word.',
    ],
    [
      'a byte zero',
      { '001_shared_tables_a.sql': `select 1;\0\ncommit;` },
      '001_shared_tables_a.sql has a byte zero, which PostgreSQL takes for the end of a statement.',
    ],
    [
      'bytes that are not UTF-8',
      { '001_shared_tables_a.sql': Buffer.from([0x2d, 0x2d, 0xe4]) },
      '001_shared_tables_a.sql is not written in UTF-8.',
    ],
  ] as [string, Record<string, string | Buffer>, string][])('refuses %s', async (_what, files, message) => {
    await expect(read(files)).rejects.toMatchObject({ code: 'MIGRATION_INVALID', message, hint: expect.stringMatching(/\w/) });
  });
});
