import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backup, Manifest } from '@bailiwick/database/backup/manifest';
import { manifestChecksumFile, manifestFile, readManifest, sha256Of } from '@bailiwick/database/backup/manifest';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { cloneTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave, db, environmentOf } from './backupSupport.js';
import { approveAndRun, definitionsOf } from './definitionsSupport.js';

let folder: string;
let original: TestDatabase;
let database: TestDatabase;
let backup: Backup;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-columns-'));
  original = await createDatabaseToSave();
  await approveAndRun(original, `create type public.mood as enum ('calm', 'tense')`);
  await approveAndRun(original, 'alter table case_management.tasks add column mood public.mood');
  await approveAndRun(original, `update case_management.tasks set mood = 'calm'`);
  await approveAndRun(original, 'alter table case_management.tasks alter column mood set not null');
  backup = await readManifest((await takeBackup({ ...original, folder: join(folder, 'backups') })).path);
}, 120_000);
beforeEach(async () => {
  database = await cloneTestDatabase(original);
});
afterEach(async () => {
  await database.drop();
});
afterAll(async () => {
  await original.drop();
  await rm(folder, { recursive: true, force: true });
});

const restore = async (options: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({ ...database, backup, ...options });
const run = async (...statements: string[]): Promise<void> => {
  for (const sql of statements) await approveAndRun(database, sql);
};

describe('a column of which rows were written since, and that has no default', () => {
  const insert = `insert into case_management.tasks (id, case_id, case_is_restricted, title)
    select gen_random_uuid(), case_id, case_is_restricted, 'New since' from case_management.tasks limit 2`;

  test('stays nullable, and the report says for how many rows', async () => {
    await run('drop type public.mood cascade', insert);
    const { columns, notBroughtBack } = await restore({ onlySchema: 'public' });
    expect(columns).toMatchObject([{ table: 'case_management.tasks', column: 'mood', defaults: 0, without: 2 }]);
    expect(notBroughtBack).toEqual([
      { what: 'not null of case_management.tasks.mood', why: '2 rows that were written since the backup have no value in it' },
    ]);
  });

  test('the command line says so too', async () => {
    await run('drop type public.mood cascade', insert);
    const { stdout, exitCode } = await db(
      ['restore', backup.path, '--schema', 'public', '--confirm', database.name],
      environmentOf(database, join(folder, 'data')),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Column case_management\.tasks\.mood: [\d,]+ values came back, 2 rows written since have none\.$/m);
    expect(stdout).toContain('Made again: type public.mood; column case_management.tasks.mood');
  });

  test('with --all-or-nothing nothing changes', async () => {
    await run('drop type public.mood cascade', insert);
    const before = await definitionsOf(database);
    await expect(restore({ allOrNothing: true })).rejects.toMatchObject({ code: 'RESTORE_CONFLICT' });
    expect(await definitionsOf(database)).toEqual(before);
  });
});

test('a dry run brings no column back, and says the same', async () => {
  await run('drop type public.mood cascade');
  const before = await contentsOf(database.operatorUrl);
  const dry = await restore({ isDryRun: true });
  expect(await contentsOf(database.operatorUrl)).toEqual(before);
  expect({ ...(await restore()), isDryRun: true }).toEqual(dry);
});

test('a row that differs and lacked the column gets its value, and keeps what it has', async () => {
  await run(
    'alter table case_management.tasks drop column mood',
    `update case_management.tasks set title = 'Changed since' where id = (select id from case_management.tasks order by id limit 1)`,
  );
  const { tables, columns, notBroughtBack } = await restore();
  const tasks = tables.find(({ table }) => table === 'case_management.tasks');
  expect(tasks).toMatchObject({ differing: 1, equal: (tasks?.rowsAfter ?? 0) - 1, broughtBack: 0 });
  expect(columns).toMatchObject([{ column: 'mood', values: tasks?.rowsAfter, without: 0 }]);
  expect(notBroughtBack).toEqual([{ what: '1 row of case_management.tasks', why: 'the database has them with another content' }]);
});

test('a column that went after a later migration may have gone on purpose', async () => {
  await run('alter table case_management.tasks drop column mood');
  await withSession(database.operatorUrl, 'tests', async (client) =>
    client.query(`insert into guard.migrations (number, name, owner, checksum, applied_by, duration_ms)
      values (900, '900_case_management_less', 'case_management', repeat('1', 64), 'tests', 0)`),
  );
  const { made, columns, notBroughtBack } = await restore();
  expect({ made, columns }).toEqual({ made: [], columns: [] });
  expect(notBroughtBack).toContainEqual({
    what: 'column case_management.tasks.mood',
    why: 'it is not there, and 900_case_management_less came after the backup and may have taken it away (--despite-migrations brings it back)',
  });
});

test('a column that was the primary key comes back without values, and says why', async () => {
  await run('alter table case_management.court_orders drop column id cascade');
  const { notBroughtBack } = await restore();
  expect(notBroughtBack).toContainEqual({
    what: 'the values of column id of case_management.court_orders',
    why: 'they were the primary key, so nothing tells which row had which',
  });
});

test('a backup names what it does not carry', async () => {
  await run(
    'create aggregate public.total(integer) (sfunc = int4pl, stype = integer)',
    'create table case_management.by_year (year integer) partition by list (year)',
    'create table case_management.of_2026 partition of case_management.by_year for values in (2026)',
    'create table case_management.special_tasks () inherits (case_management.tasks)',
    'create schema reports',
    'create view reports.names as select full_name from public.people',
    'create table reports.moods (mood public.mood)',
    'create publication everything for table public.people',
    'create operator public.=== (leftarg = integer, rightarg = integer, function = int4eq)',
  );
  const steps: string[] = [];
  const { manifest } = await takeBackup({ ...database, folder: join(folder, 'more'), onStep: (step) => steps.push(step) });
  expect(manifest.notSaved).toEqual([
    'table reports.moods, whose schema is none of those that are saved',
    'that case_management.special_tasks inherits from case_management.tasks',
    'the partitioned table case_management.by_year, only the rows of its partitions',
    'aggregate public.total(integer)',
    'operator public.===(integer,integer)',
    'publication relation public.people in publication everything',
    'table case_management.of_2026, as a partition',
    'view reports.names',
  ]);
  expect(steps).toContain(`Warning: this backup does not have ${manifest.notSaved.join('; ')}.`);
});

test('a backup of before still brings back what it has', async () => {
  const old = new Set([
    ...['schema', 'sequence', 'function', 'table', 'foreign key', 'constraint', 'index', 'trigger', 'row security', 'policy'],
    ...['grant', 'comment'],
  ]);
  const path = (await takeBackup({ ...original, folder: join(folder, 'old') })).path;
  const manifest = JSON.parse(await readFile(join(path, manifestFile), 'utf8')) as Manifest & Record<string, unknown>;
  const definitions = manifest.definitions
    .filter(({ kind }) => old.has(kind))
    .map(({ needs: _needs, object: _object, ...one }) => one);
  const { notSaved: _notSaved, ...rest } = manifest;
  const text = JSON.stringify({ ...rest, definitions });
  await writeFile(join(path, manifestFile), text);
  await writeFile(join(path, manifestChecksumFile), `${sha256Of(text)}  ${manifestFile}\n`);
  const contents = await contentsOf(database.operatorUrl);
  await run('drop schema audit_system cascade', 'alter table case_management.tasks drop column mood');
  const { notBroughtBack } = await restore({ backup: await readManifest(path) });
  expect(notBroughtBack).toEqual([
    { what: 'columns mood of case_management.tasks', why: 'the table has no such columns any more' },
  ]);
  expect({ ...(await contentsOf(database.operatorUrl)), 'case_management.tasks': '' }).toEqual({
    ...contents,
    'case_management.tasks': '',
  });
});
