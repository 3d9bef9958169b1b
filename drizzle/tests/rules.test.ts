import { readFile, readdir } from 'node:fs/promises';
import { checkFiles } from '@bailiwick/database/check/checkFile';
import { loadParser, parseSql } from '@bailiwick/database/check/parse';
import { ruleIds } from '@bailiwick/database/check/ruleIds';
import { rules } from '@bailiwick/database/check/rules';
import { readMigrations } from '@bailiwick/database/migrate/files';
import type { AppliedMigration } from '@bailiwick/database/migrate/history';
import { sourcesOf } from '@bailiwick/database/check/refuse';

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const page = async (rule: string) => readFile(at(`docs/rules/${rule}.md`), 'utf8');

/** The examples of a page; `-- file: <name>` on the first line says what the file is called. */
async function example(rule: string, heading: 'Caught' | 'Passes'): Promise<{ name: string; sql: string }> {
  const [, sql = ''] = new RegExp(`^## ${heading}\\n\\n\`\`\`sql\\n([^]*?)\\n\`\`\``, 'm').exec(await page(rule)) ?? [];
  return { name: /^-- file: (\S+)/.exec(sql)?.[1] ?? '900_case_management_example.sql', sql };
}

async function hits(sql: string, name = '900_case_management_example.sql') {
  const [report] = await checkFiles([{ path: name, name, sql }]);
  return report?.problems ?? [];
}

beforeAll(loadParser);

describe('the set of rules', () => {
  test('is the same in src/rules, docs/rules, the registry, and the index page', async () => {
    const ids = [...ruleIds].sort();
    expect(rules.map(({ id }) => id).sort()).toEqual(ids);
    expect((await readdir(at('src/rules'))).map((name) => name.replace('.ts', '')).sort()).toEqual(ids);
    const pages = (await readdir(at('docs/rules'))).filter((name) => name !== 'README.md');
    expect(pages.map((name) => name.replace('.md', '')).sort()).toEqual(ids);
    const index = await page('README');
    expect([...index.matchAll(/^\| \[([a-z-]+)\]/gm)].map(([, id]) => id)).toEqual(ruleIds);
  });

  test.each(rules.map(({ id, catches }) => [id, catches]))('%s says on its page what it catches', async (id, catches) => {
    expect(await page(id)).toContain(`# ${id}\n\n${catches}\n`);
    expect(await page('README')).toContain(catches);
  });

  test('lets the shipped migrations pass', async () => {
    const reports = await checkFiles(sourcesOf(await readMigrations()));
    expect(
      reports.flatMap(({ path, problems, syntaxError }) => [...problems, syntaxError].map((one) => one && { path, ...one })),
    ).toEqual(reports.map(() => undefined));
  });
});

const withPair = ruleIds.filter((id) => id !== 'edited-after-applied');

describe.each(withPair)('%s', (rule) => {
  test('catches each statement of the bad example, with a sentence and SQL that parses', async () => {
    const { name, sql } = await example(rule, 'Caught');
    const found = (await hits(sql, name)).filter((problem) => problem.rule === rule);
    for (const [index, statement] of parseSql(sql).statements.entries()) {
      const before = sql.slice(0, statement.end).split('\n').length;
      const start = index === 0 ? 0 : (parseSql(sql).statements[index - 1]?.end ?? 0);
      const after = sql.slice(0, start).split('\n').length;
      const own = found.filter(({ line }) => line >= after && line <= before);
      expect({ statement: sql.slice(statement.start, statement.end), found: own.length > 0 }).toMatchObject({ found: true });
    }
    for (const { consequence, safe } of found) {
      expect(consequence).toMatch(/^\S[^]*\.$/);
      expect(() => parseSql(safe)).not.toThrow();
    }
  });

  test('lets the good example pass, and so do all other rules', async () => {
    const { name, sql } = await example(rule, 'Passes');
    expect(sql).not.toBe('');
    expect(await hits(sql, name)).toEqual([]);
  });
});

describe('edited-after-applied', () => {
  const name = '900_case_management_example.sql';
  const applied = (checksum: string): AppliedMigration => ({
    number: 900,
    name: name.replace('.sql', ''),
    owner: 'case_management',
    checksum,
    appliedAt: new Date(0),
    appliedBy: 'case_management_deployer',
    durationMs: 1,
  });
  test.each([
    ['another', '1'.repeat(64), ['edited-after-applied']],
    ['the same', '0'.repeat(64), []],
  ])('compares with the record: %s checksum', async (_what, checksum, expected) => {
    const source = { path: name, name, sql: 'select 1;', checksum: '0'.repeat(64) };
    const [report] = await checkFiles([source], [applied(checksum)]);
    expect(report?.problems.map(({ rule }) => rule)).toEqual(expected);
  });
});

describe('what tries to hide', () => {
  test.each([
    ['in capitals and comments', 'DROP/**/SCHEMA --x\n "public"', 'drop-schema'],
    ['behind a string with a semicolon', `select 'a; -- b'; drop schema if exists public`, 'drop-schema'],
    ['behind a dollar quote', `select $a$ ; $$ ; $a$; drop schema if exists public`, 'drop-schema'],
    [
      'in the third command of an ALTER TABLE',
      'alter table case_management.parties add a int, add b int, drop column if exists c',
      'drop-column',
    ],
    ['in a unicode identifier', 'drop schema if exists U&"p\\0075blic"', 'drop-schema'],
    ['in a WITH', 'with x as (update case_management.parties set name = null returning 1) select 1', 'update-without-where'],
    ['in EXPLAIN ANALYZE', 'explain analyze delete from case_management.parties', 'delete-without-where'],
    ['in PREPARE', 'prepare p as delete from case_management.parties', 'delete-without-where'],
    [
      'in a rule',
      'create rule r as on insert to case_management.parties do also delete from case_management.tasks',
      'delete-without-where',
    ],
    [
      'in BEGIN ATOMIC',
      'create function case_management.f() returns void begin atomic delete from case_management.parties; end',
      'delete-without-where',
    ],
    [
      'in the text of a function',
      `create function case_management.f() returns void language sql as 'delete from case_management.parties'`,
      'delete-without-where',
    ],
    ['in a DO block', 'do $$ begin if true then drop table if exists case_management.parties; end if; end $$', 'drop-table'],
    ['in a DO block in plain quotes', `do 'begin raise notice ''x''; truncate case_management.parties; end'`, 'truncate'],
    [
      'in a loop of a DO block',
      'do $$ declare r record; begin for r in delete from case_management.parties returning * loop null; end loop; end $$',
      'delete-without-where',
    ],
    ['in EXECUTE of a constant', `do $$ begin execute 'drop schema if exists public'; end $$`, 'drop-schema'],
    [
      'in PERFORM',
      `do $$ begin perform set_config('session_replication_role', 'replica', true); end $$`,
      'session-replication-role',
    ],
    ['as an assignment', `do $$ declare n int; begin n := (select count(*) from audit_system.findings); end $$`, 'foreign-owner'],
    ['in DROP OWNED', 'drop owned by case_management_owner', 'drop-table'],
    ['in REASSIGN OWNED', 'reassign owned by case_management_owner to audit_system_owner', 'foreign-owner'],
    ['in OWNER TO', 'alter table case_management.parties owner to audit_system_owner', 'foreign-owner'],
    ['in RESET ROLE', 'reset role', 'foreign-owner'],
    ['in a search path', 'set search_path = audit_system', 'foreign-owner'],
    ['in a membership', 'grant audit_system_owner to case_management_app', 'grant-all'],
    ['in ALTER POLICY', 'alter policy parties_read on case_management.parties using (true)', 'policy-true'],
    [
      'in a subselect of the row',
      'create policy parties_x on case_management.parties for select to case_management_app using ((select identity.f(case_id)))',
      'policy-not-initplan',
    ],
    [
      'in ON DELETE CASCADE',
      'create table case_management.x (id uuid primary key, p uuid references case_management.parties (id) on delete cascade)',
      'cascade',
    ],
    ['in DISABLE EVENT TRIGGER', 'alter event trigger guard_drop disable', 'session-replication-role'],
    [
      'in MERGE',
      'merge into case_management.parties p using case_management.tasks t on p.id = t.id when not matched by source then delete',
      'delete-without-where',
    ],
    [
      'in VALIDATE of the same file',
      'alter table case_management.parties add constraint parties_x check (true) not valid; alter table case_management.parties validate constraint parties_x',
      'constraint-not-valid-first',
    ],
    [
      'in a function that loses its path',
      'alter function case_management.f() reset search_path',
      'security-definer-without-search-path',
    ],
    ['in ADD COLUMN on a shared table', 'alter table public.people add column x int', 'missing-if-exists'],
  ])('%s is found', async (_what, sql, rule) => {
    expect((await hits(sql)).map((problem) => problem.rule)).toContain(rule);
  });

  test.each([
    ['a string', `select 'drop schema public cascade'`],
    ['a comment', '-- drop schema public cascade;\n/* truncate case_management.parties; */ select 1'],
    ['a dollar quote', 'select $x$ delete from case_management.parties; $x$'],
    ['a column named cascade', 'select 1 as "cascade"'],
    ['SELECT in a policy', 'select identity.current_person_id()'],
  ])('what only looks so in %s is not', async (_what, sql) => {
    expect(await hits(sql)).toEqual([]);
  });
});
