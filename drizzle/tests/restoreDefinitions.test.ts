import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backup } from '@bailiwick/database/backup/manifest';
import { readManifest } from '@bailiwick/database/backup/manifest';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { cloneTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf } from './backupSupport.js';
import { approveAndRun, createEntangledDatabase, definitionsOf } from './definitionsSupport.js';

let folder: string;
let original: TestDatabase;
let database: TestDatabase;
let backup: Backup;
let contents: Record<string, string>;
let definitions: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-definitions-'));
  original = await createEntangledDatabase();
  const steps: string[] = [];
  const { path } = await takeBackup({ ...original, folder: join(folder, 'backups'), onStep: (step) => steps.push(step) });
  expect(steps).toEqual([]);
  backup = await readManifest(path);
  contents = await contentsOf(original.operatorUrl);
  definitions = await definitionsOf(original);
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
const rowsOf = async (sql: string): Promise<unknown[]> =>
  withSession(database.operatorUrl, 'tests', async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

describe('restore --schema public', () => {
  test('after DROP SCHEMA public CASCADE brings back what the other schemas lost with it', async () => {
    await run('drop schema public cascade');
    const { columns, notBroughtBack } = await restore({ onlySchema: 'public' });
    expect(notBroughtBack).toEqual([]);
    expect(await definitionsOf(database)).toEqual(definitions);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    const [{ tasks } = { tasks: 0 }] = (await rowsOf('select count(*)::int as tasks from case_management.tasks')) as {
      tasks: number;
    }[];
    expect(columns.map(({ column }) => column).sort()).toEqual(['hours', 'initials', 'mood', 'more_hours', 'share', 'where_to']);
    expect(columns.find(({ column }) => column === 'share')).toEqual({
      ...{ table: 'case_management.tasks', column: 'share' },
      ...{ values: tasks, defaults: 0, without: 0 },
    });
  });

  test('keeps what the other systems wrote meanwhile, and gives their rows the defaults', async () => {
    const before = await rowsOf('select * from case_management.tasks order by id');
    await run(
      'drop schema public cascade',
      `update case_management.tasks set title = 'Changed since' where id = (select id from case_management.tasks order by id limit 1)`,
      'delete from case_management.tasks where id = (select id from case_management.tasks order by id offset 1 limit 1)',
      `insert into case_management.tasks (id, case_id, case_is_restricted, title, ticket)
         select 'ffffffff-0000-7000-8000-000000000001', case_id, case_is_restricted, 'New since', 7 from case_management.tasks limit 1`,
      `update audit_system.findings set title = 'Found since' where id = (select id from audit_system.findings order by id limit 1)`,
    );
    const written = await rowsOf('select id, title, version, updated_at from case_management.tasks order by id');
    const findings = (await contentsOf(database.operatorUrl))['audit_system.findings'];
    const { columns, notBroughtBack, tables } = await restore({ onlySchema: 'public' });
    expect(notBroughtBack).toEqual([]);
    expect(tables.every(({ table }) => table.startsWith('public.'))).toBe(true);
    expect(await definitionsOf(database)).toEqual(definitions);
    expect(await rowsOf('select id, title, version, updated_at from case_management.tasks order by id')).toEqual(written);
    expect((await contentsOf(database.operatorUrl))['audit_system.findings']).toBe(findings);
    const after = (await rowsOf('select * from case_management.tasks order by id')) as Record<string, unknown>[];
    const lost = ['hours', 'mood', 'more_hours', 'share', 'where_to'];
    for (const row of before.slice(2) as Record<string, unknown>[]) {
      expect(after.find(({ id }) => id === row.id)).toEqual(row);
    }
    const changed = after[0] ?? {};
    expect(lost.map((name) => changed[name])).toEqual(lost.map((name) => (before[0] as Record<string, unknown>)[name]));
    expect(after.at(-1)).toMatchObject({ title: 'New since', initials: 'NE', mood: null, share: '10.00', ticket: 7 });
    expect(columns.find(({ column }) => column === 'share')).toMatchObject({
      values: before.length - 1,
      defaults: 1,
      without: 0,
    });
    expect(columns.find(({ column }) => column === 'hours')).toMatchObject({ defaults: 0, without: 1 });
  });

  test('leaves alone what another schema lost on its own', async () => {
    await run('drop table case_management.documents cascade', 'drop type public.mood cascade');
    const { made, notBroughtBack } = await restore({ onlySchema: 'public' });
    expect(notBroughtBack).toEqual([]);
    expect(made).toEqual(expect.arrayContaining(['type public.mood', 'column case_management.tasks.mood']));
    expect(made.filter((what) => what.includes('case_management.documents'))).toEqual([]);
    const second = await restore();
    expect(second.notBroughtBack).toEqual([]);
    expect(await definitionsOf(database)).toEqual(definitions);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });
});

describe('restore brings back', () => {
  test.each([
    ['tables', ['drop table case_management.documents cascade', 'drop table public.ledger cascade']],
    ['a type and the columns of it', ['drop type public.mood cascade']],
    ['a composite type and a range type', ['drop type public.place cascade', 'drop type public.span cascade']],
    ['a domain', ['drop domain public.share cascade']],
    [
      'sequences and the defaults that used them, a constraint of a domain',
      [
        'drop sequence public.ticket_seq cascade',
        'drop sequence public.ledger_number_seq cascade',
        'alter domain public.share drop constraint share_in_range',
      ],
    ],
    ['a column', ['alter table case_management.tasks drop column mood cascade']],
    [
      'columns with a default, of numbers, generated, and with a foreign key',
      [
        'alter table case_management.tasks drop column ticket',
        'alter table case_management.tasks drop column running_number',
        'alter table case_management.tasks drop column initials',
        'alter table case_management.tasks drop column assigned_to cascade',
      ],
    ],
    [
      'what a column has: an identity, a default, NOT NULL, a comment, a grant',
      [
        'alter table case_management.tasks alter column running_number drop identity',
        'alter table case_management.tasks alter column status drop default',
        'alter table case_management.tasks alter column status drop not null',
        'comment on column case_management.tasks.mood is null',
        'revoke select (mood) on case_management.tasks from audit_system_app',
      ],
    ],
    ['a primary key and what refers to it', ['alter table public.people drop constraint people_pkey cascade']],
    [
      'a constraint, an index, statistics, a policy, a rule, a view, an event trigger',
      [
        'alter table case_management.tasks drop constraint tasks_open_has_title',
        'drop index case_management.tasks_mood',
        'drop statistics case_management.tasks_mood_status',
        'drop policy findings_look on audit_system.findings',
        'drop rule units_by_key_nothing on audit_system.units_by_key',
        'drop view case_management.people_of_tasks',
        'drop event trigger note_ddl',
      ],
    ],
    ['a function and the column that it makes', ['drop function public.initials(text) cascade']],
    ['a function and the policy that calls it', ['drop function public.may_look() cascade']],
    ['a function and its triggers', ['drop function public.stamp() cascade']],
    [
      'triggers that were disabled, and row security',
      [
        'alter table case_management.tasks disable trigger tasks_touch',
        'alter table case_management.tasks disable trigger tasks_stamp',
        'alter table audit_system.findings disable row level security',
      ],
    ],
    [
      'rights that were revoked',
      [
        'revoke update on public.people from shared_tables_app',
        'revoke usage on schema public from shared_tables_app',
        'revoke execute on routine public.may_look() from audit_system_app cascade',
        'alter default privileges for role shared_tables_owner in schema public revoke select on tables from audit_system_app',
      ],
    ],
    ['a materialized view and what reads it', ['drop materialized view audit_system.unit_names cascade']],
    ['an extension and the indexes that use it', ['drop extension pg_trgm cascade']],
    ['schema case_management', ['drop schema case_management cascade']],
    ['schema audit_system', ['drop schema audit_system cascade']],
    ['schema identity', ['drop schema identity cascade']],
  ])('%s', async (_what, statements) => {
    await run(...statements);
    expect(await definitionsOf(database)).not.toEqual(definitions);
    const { notBroughtBack, conflictsFile } = await restore();
    expect({ notBroughtBack, conflictsFile }).toEqual({ notBroughtBack: [], conflictsFile: null });
    expect(await definitionsOf(database)).toEqual(definitions);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });

  test('and a new number of an identity column is not one that was saved', async () => {
    const [last] = await rowsOf('select max(running_number) as number from case_management.tasks');
    await run('alter table case_management.tasks drop column running_number');
    await run(
      `insert into case_management.tasks (id, case_id, case_is_restricted, title)
         select 'ffffffff-0000-7000-8000-000000000001', case_id, case_is_restricted, 'New since' from case_management.tasks limit 1`,
    );
    const { columns } = await restore();
    expect(columns).toMatchObject([{ column: 'running_number', defaults: 1, without: 0 }]);
    const [added] = await rowsOf(`select running_number as number from case_management.tasks where title = 'New since'`);
    expect(Number((added as { number: string }).number)).toBe(Number((last as { number: string }).number) + 3);
  });
});
