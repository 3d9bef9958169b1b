import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { liftsOf } from '@bailiwick/database/check/refuse';
import { readMigrations } from '@bailiwick/database/migrate/files';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { databaseStatus } from '@bailiwick/database/migrate/status';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { createEmptyDatabase, createTestDatabase } from '../../tests/support/database.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-check-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function file(name: string, sql: string): Promise<string> {
  await writeFile(join(folder, name), sql);
  return join(folder, name);
}

/** Runs `db check` in this process, with no database to be found unless one is given. */
async function check(...args: string[]) {
  return checkIn(undefined, ...args);
}

async function checkIn(url: string | undefined, ...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  const before = process.env.DATABASE_URL;
  delete process.env.DATABASE_URL;
  if (url !== undefined) process.env.DATABASE_URL = url;
  try {
    const exitCode = await runProgram(['check', '--data-dir', join(folder, 'none'), ...args]);
    return { exitCode, stdout, stderr };
  } finally {
    delete process.env.DATABASE_URL;
    if (before !== undefined) process.env.DATABASE_URL = before;
    out.mockRestore();
    err.mockRestore();
  }
}

const drop = '-- Ümläut 🎉\n\tselect 1; drop schema public cascade;\n';

describe('npm run db -- check', () => {
  test('without files checks all migrations, and says what it could not test', async () => {
    const { exitCode, stdout } = await check();
    const { length } = await readMigrations();
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(
        `Note: No database is running here, so edited-after-applied was not tested.\n${length} files: 0 findings`,
      ),
    });
  });

  test('shows place, line, caret, rule, consequence and the SQL to paste, and ends with 2', async () => {
    const { exitCode, stdout } = await check(await file('900_case_management_drop.sql', drop));
    expect(exitCode).toBe(2);
    expect(stdout).toContain(
      [
        '900_case_management_drop.sql:2:24: drop-schema',
        '    2 | \tselect 1; drop schema public cascade;',
        `      | \t${' '.repeat(22)}^`,
        '  Everything in public would be gone: tables, rows, functions, policies. With CASCADE, columns, foreign keys and policies of the other systems that depend on it would go too.',
        '  Instead:',
        "    comment on schema public is 'Retired: nothing is to be added here.';",
      ].join('\n'),
    );
    for (const rule of ['cascade', 'foreign-owner', 'missing-if-exists']) expect(stdout).toContain(`: ${rule}\n`);
  });

  test('a file that does not parse ends with 3, and shows what PostgreSQL says', async () => {
    const { exitCode, stdout } = await check(await file('901_case_management_typo.sql', `select 'é';\n drop tabel x;`));
    expect(exitCode).toBe(3);
    expect(stdout).toContain(
      '901_case_management_typo.sql:2:7: syntax error at or near "tabel"\n    2 |  drop tabel x;\n      |       ^\n',
    );
  });

  test('a file that does not exist ends with 3', async () => {
    expect(await check(join(folder, 'nowhere.sql'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/BAD_USER_INPUT: .+nowhere\.sql does not exist\./),
    });
  });

  test('prints one JSON document, with the error in it', async () => {
    const path = await file('902_case_management_json.sql', 'truncate case_management.parties;');
    const { exitCode, stdout, stderr } = await check('--json', path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('CHECK_REFUSED: ');
    expect(JSON.parse(stdout)).toMatchObject({
      files: [{ problems: [{ rule: 'truncate', line: 1, column: 26, text: 'truncate case_management.parties;' }], lifted: [] }],
      error: { code: 'CHECK_REFUSED', hint: expect.stringContaining('npm run db -- check') },
    });
    expect((await check('--format', 'json', path)).stdout).toBe(stdout);
  });

  test('prints SARIF 2.1.0 in the required shape', async () => {
    const sql = `${drop}-- lift: truncate because the table only holds what a view can make again\ntruncate case_management.parties;`;
    const { exitCode, stdout } = await check('--format', 'sarif', await file('903_case_management_sarif.sql', sql));
    expect(exitCode).toBe(2);
    const sarif = JSON.parse(stdout);
    expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringMatching(/^https:.+sarif-schema-2\.1\.0\.json$/) });
    const [run] = sarif.runs;
    expect(run.tool.driver.name).toEqual(expect.any(String));
    expect(run.columnKind).toBe('unicodeCodePoints');
    expect(run.invocations[0].executionSuccessful).toBe(true);
    for (const rule of run.tool.driver.rules)
      expect(rule).toMatchObject({ id: expect.any(String), shortDescription: { text: expect.any(String) } });
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      expect(result.message.text).toMatch(/\w/);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toMatch(/^file:\/\/\/.+\.sql$/);
      expect(region).toMatchObject({
        startLine: expect.any(Number),
        startColumn: expect.any(Number),
        snippet: { text: expect.any(String) },
      });
    }
    expect(run.results.filter(({ suppressions }: { suppressions?: unknown }) => suppressions)).toMatchObject([
      {
        ruleId: 'truncate',
        suppressions: [{ kind: 'inSource', justification: 'the table only holds what a view can make again' }],
      },
    ]);
  });

  test('says once a file that what EXECUTE runs can not be seen', async () => {
    const sql = `do $$ begin execute a || b; execute c; end $$;\ndo $$ begin execute d; end $$;`;
    const { exitCode, stdout } = await check(await file('904_case_management_dynamic.sql', sql));
    expect(exitCode).toBe(0);
    expect(stdout.match(/^Note: .+904.+ plan sees it\.$/gm)).toHaveLength(1);
  });
});

test('where a database can be asked, an edited file that it has applied is found', async () => {
  const [first] = await readMigrations();
  const path = await file(`${first?.name ?? ''}.sql`, `${first?.sql ?? ''}-- edited\n`);
  const database = await createTestDatabase();
  try {
    const { exitCode, stdout } = await checkIn(database.operatorUrl, path);
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`${first?.name ?? ''}.sql:1:1: edited-after-applied\n`);
    expect(await checkIn(database.operatorUrl)).toMatchObject({ exitCode: 0 });
  } finally {
    await database.drop();
  }
});

describe('a lift', () => {
  const sql = (comment: string) => `select 1;\n${comment}\ntruncate case_management.parties;\ntruncate case_management.tasks;`;
  test.each([
    ['lifts its rule for its statement alone', '-- lift: truncate because it is empty', ['truncate']],
    ['may name several rules', '-- lift: cascade, truncate because it is empty', ['truncate']],
    ['may have other comments below it', '-- lift: truncate because it is empty\n-- It really is.', ['truncate']],
    ['without a reason is an error', '-- lift: truncate', ['lift-unclear', 'truncate', 'truncate']],
    ['of an unknown rule is an error', '-- lift: trunkate because it is empty', ['lift-unclear', 'truncate', 'truncate']],
    [
      'that is away from the statement is an error',
      '-- lift: truncate because it is empty\n',
      ['lift-unclear', 'truncate', 'truncate'],
    ],
    ['in a block comment is an error', '/* lift: truncate because it is empty */', ['lift-unclear', 'truncate', 'truncate']],
    ['of another rule lifts nothing', '-- lift: cascade because it is empty', ['truncate', 'truncate']],
    ['in a string is none', `select '\n-- lift: truncate because it is empty\n';`, ['truncate', 'truncate']],
  ])('%s', async (_what, comment, expected) => {
    const { stdout } = await check('--json', await file('905_case_management_lift.sql', sql(comment)));
    expect(JSON.parse(stdout).files[0].problems.map(({ rule }: { rule: string }) => rule)).toEqual(expected);
  });

  test('is counted by status', async () => {
    const database = await createTestDatabase();
    try {
      const { lifts } = await databaseStatus(database.operatorUrl);
      expect(lifts.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
        ...Array<string>(2).fill('007_shared_tables_search.sql index-not-concurrently'),
        ...Array<string>(2).fill('008_audit_system_search.sql index-not-concurrently'),
        '009_case_management_counts.sql index-not-concurrently',
        '010_case_management_case_states.sql index-not-concurrently',
      ]);
    } finally {
      await database.drop();
    }
    const own = await mkdtemp(join(folder, 'lifts-'));
    await writeFile(join(own, '001_case_management_a.sql'), sql('-- lift: truncate because it is empty'));
    expect(await liftsOf(await readMigrations(own))).toEqual([
      { file: '001_case_management_a.sql', rule: 'truncate', reason: 'it is empty' },
    ]);
  });
});

test('migrate refuses before anything runs, with the first finding and how many more there are', async () => {
  const own = await mkdtemp(join(folder, 'migrate-'));
  await writeFile(join(own, '001_case_management_good.sql'), 'create table case_management.good (id uuid primary key);');
  await writeFile(join(own, '002_case_management_bad.sql'), 'drop table case_management.good cascade;');
  const database = await createEmptyDatabase();
  try {
    await initialiseDatabase(database);
    await expect(migrateDatabase({ ...database, folder: own })).rejects.toMatchObject({
      code: 'CHECK_REFUSED',
      exitCode: 2,
      message: expect.stringMatching(
        /^002_case_management_bad\.sql:1:\d+: [a-z-]+\. .+\n.+\n.+\^\nAnd 2 more\.\nNothing was changed\.$/,
      ),
      hint: expect.stringContaining('npm run db -- check'),
    });
    await writeFile(join(own, '002_case_management_bad.sql'), 'create tabel x;');
    await expect(migrateDatabase({ ...database, folder: own })).rejects.toMatchObject({ code: 'SQL_INVALID', exitCode: 3 });
    const made = await withSession(database.operatorUrl, 'tests', async (client) =>
      client.query(`select to_regclass('case_management.good') as good`),
    );
    expect(made.rows).toEqual([{ good: null }]);
  } finally {
    await database.drop();
  }
});
