import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backup } from '@bailiwick/database/backup/manifest';
import { readManifest } from '@bailiwick/database/backup/manifest';
import { readDefinitions } from '@bailiwick/database/backup/definitions';
import { plainTextSettings } from '@bailiwick/database/backup/catalogue';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import { cloneTestDatabase, createEmptyDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave, db, environmentOf, startDb } from './backupSupport.js';

let folder: string;
let original: TestDatabase;
let database: TestDatabase;
let backup: Backup;
let contents: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-restore-'));
  database = original = await createDatabaseToSave();
  const { path } = await takeBackup({ ...database, folder: join(folder, 'backups') });
  backup = await readManifest(path);
  contents = await contentsOf(database.operatorUrl);
  await run(
    `alter table guard.mass_change_limits disable trigger all; update guard.mass_change_limits set most_rows = 1000000, most_share = 1`,
  );
});
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

const switchGuard = (to: string): string =>
  `do $$ declare name text; begin
     for name in select evtname from pg_event_trigger where evtname like 'guard%' loop execute format('alter event trigger %I ${to}', name); end loop;
   end $$`;

/** As an operator who means it: the guard, which refuses such statements, is looked at elsewhere. */
const run = async (sql: string): Promise<void> => {
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query('set session_replication_role = replica');
    // What `set event_triggers = off` does from PostgreSQL 17 on, for every version.
    await client.query(switchGuard('disable'));
    await client.query(sql);
    // A cascade from the schema guard takes the event triggers, and plpgsql with them.
    const { rowCount: left } = await client.query(`select from pg_event_trigger where evtname like 'guard%'`);
    if (left) await client.query(switchGuard('enable always'));
  });
};
const definitionsOf = async (url: string): Promise<string[]> =>
  withSession(url, 'tests', async (client) => {
    await client.query('begin read only');
    await client.query(plainTextSettings);
    const found = await readDefinitions(client, ['public', 'case_management', 'audit_system', 'identity']);
    // The guard writes the limit of a table into its triggers, and the limits were raised above.
    return found
      .map(({ sql }) => (sql.includes('guard_mass_') ? sql.replaceAll(/\[\d+,\)|change\('\d+'\)/g, 'limit') : sql))
      .sort();
  });
const restore = async (options: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({ ...database, backup, conflictsFile: join(folder, 'conflicts.csv'), ...options });

describe('restoreBackup', () => {
  test('into a database that has everything changes nothing', async () => {
    const { tables, made, notBroughtBack, conflictsFile } = await restore();
    expect({ made, notBroughtBack, conflictsFile }).toEqual({ made: [], notBroughtBack: [], conflictsFile: null });
    expect(tables.every(({ broughtBack, isContentEqual }) => broughtBack === 0 && isContentEqual)).toBe(true);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });

  test.each(['public', 'case_management', 'audit_system'])(
    'brings schema %s back after DROP SCHEMA … CASCADE, with every rule',
    async (schema) => {
      const definitions = await definitionsOf(database.operatorUrl);
      await run(`drop schema ${schema} cascade`);
      const { notBroughtBack } = await restore({ onlySchema: schema });
      expect(notBroughtBack).toEqual([]);
      expect(await definitionsOf(database.operatorUrl)).toEqual(definitions);
      expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    },
  );

  test('brings back a dropped table, index, policy, trigger, foreign key and grant, alone', async () => {
    const definitions = await definitionsOf(database.operatorUrl);
    await run(`drop table case_management.documents cascade; drop index case_management.tasks_case_id;
      drop policy findings_read on audit_system.findings; drop trigger people_touch on public.people;
      alter table audit_system.findings disable row level security; alter table audit_system.findings no force row level security;
      revoke update on public.people from shared_tables_app; alter table case_management.tasks drop constraint tasks_assigned_to_fkey`);
    const { made, notBroughtBack } = await restore();
    expect(notBroughtBack).toEqual([]);
    expect(made).toEqual(
      expect.arrayContaining(['table case_management.documents', 'policy audit_system.findings.findings_read']),
    );
    expect(await definitionsOf(database.operatorUrl)).toEqual(definitions);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });

  test('lists rows that differ, rows whose parent is gone and rows whose unique value is taken; overwrites nothing, and keeps what is new', async () => {
    await run(`update case_management.legal_cases set title = 'Changed since' where id = (select min(id::text)::uuid from case_management.legal_cases);
      insert into public.org_units (id, code, name) values (gen_random_uuid(), 'NEW-SINCE', 'New since');
      delete from audit_system.recommendation_case_links;
      update public.org_units set code = code || '-moved' where parent_id is null;
      with gone as (delete from case_management.tasks returning *) insert into case_management.tasks select * from gone offset 5`);
    const before = await contentsOf(database.operatorUrl);
    const { tables, notBroughtBack, conflictsFile } = await restore();
    const units = tables.find(({ table }) => table === 'public.org_units');
    expect(units).toMatchObject({ broughtBack: 0, isContentEqual: false });
    expect(notBroughtBack).toContainEqual({
      what: '1 row of case_management.legal_cases',
      why: 'the database has them with another content',
    });
    const listed = await readFile(conflictsFile ?? '', 'utf8');
    expect(listed).toMatch(/^schema,table,key,reason,column,in_backup,in_database\n/);
    expect(listed).toMatch(/case_management,legal_cases,[0-9a-f-]+,DIFFERS,title,.*,Changed since\n/);
    const after = await contentsOf(database.operatorUrl);
    for (const table of ['public.org_units', 'case_management.legal_cases']) expect(after[table]).toBe(before[table]);
    for (const table of ['audit_system.recommendation_case_links', 'case_management.tasks'])
      expect(after[table]).toBe(contents[table]);
  });

  test('a row whose unique value is taken, and one whose parent does not come back, stay away', async () => {
    await run(`with gone as (delete from case_management.parties where case_id in (select id from case_management.legal_cases order by id limit 1)) select;
      update case_management.legal_cases set id = gen_random_uuid() where id in (select id from case_management.legal_cases order by id limit 1)`);
    const { notBroughtBack } = await restore();
    expect(notBroughtBack).toContainEqual({
      what: '1 row of case_management.legal_cases',
      why: 'another row has their unique value',
    });
    expect(notBroughtBack).toContainEqual(expect.objectContaining({ why: 'what they refer to is not there' }));
    await withSession(database.operatorUrl, 'tests', async (client) => {
      const { rows } = await client.query(
        'select count(*)::int as orphans from case_management.parties p where not exists (select from case_management.legal_cases c where c.id = p.case_id)',
      );
      expect(rows).toEqual([{ orphans: 0 }]);
    });
    await expect(restore({ allOrNothing: true })).rejects.toMatchObject({ code: 'RESTORE_CONFLICT' });
  });

  test('keeps created_at, updated_at and version, and moves sequences forward only', async () => {
    await run(`delete from case_management.case_costs; alter sequence case_management.case_number_seq restart with 3;
      select setval('audit_system.engagement_code_seq', 99999)`);
    const { sequencesMoved } = await restore();
    expect(sequencesMoved).toEqual(['case_management.case_number_seq']);
    expect((await contentsOf(database.operatorUrl))['case_management.case_costs']).toBe(contents['case_management.case_costs']);
  });

  test('a dry run takes everything back, and says the same', async () => {
    await run('drop schema audit_system cascade');
    const before = await contentsOf(database.operatorUrl);
    const dry = await restore({ isDryRun: true });
    expect(await contentsOf(database.operatorUrl)).toEqual(before);
    expect({ ...(await restore()), isDryRun: true }).toEqual(dry);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });

  test('fills an empty database, and one that lost guard and identity', async () => {
    const definitions = await definitionsOf(database.operatorUrl);
    const empty = await createEmptyDatabase();
    try {
      const { notBroughtBack } = await restoreBackup({ ...empty, backup });
      expect(notBroughtBack).toEqual([]);
      expect(await contentsOf(empty.operatorUrl)).toEqual(contents);
      expect(await definitionsOf(empty.operatorUrl)).toEqual(definitions);
    } finally {
      await empty.drop();
    }
    await run('drop schema guard, identity, public cascade');
    const { notBroughtBack } = await restore();
    expect(notBroughtBack).toEqual([]);
    expect(await definitionsOf(database.operatorUrl)).toEqual(definitions);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });

  test('a migration with another content, or one that the database lacks, is refused', async () => {
    await run(`update guard.migrations set checksum = repeat('0', 64) where number = 3`);
    await expect(restore()).rejects.toMatchObject({
      code: 'RESTORE_CONFLICT',
      message: expect.stringContaining('003_') as string,
    });
    await run('delete from guard.migrations where number = 3');
    await expect(restore()).rejects.toMatchObject({
      code: 'RESTORE_CONFLICT',
      message: expect.stringContaining('lacks') as string,
    });
  });

  test('what a later migration may have taken away is told, and made again only when that is asked for', async () => {
    await run(`insert into guard.migrations values (900, '900_case_management_less', 'case_management', repeat('0', 64), default, 'tests', 0);
      drop table case_management.court_orders`);
    const { notBroughtBack, made } = await restore();
    expect(made).toEqual([]);
    expect(notBroughtBack).toContainEqual({
      what: 'table case_management.court_orders',
      why: 'it is not there, and 900_case_management_less came after the backup and may have taken it away (--despite-migrations brings it back)',
    });
    const undone = await restore({ despiteMigrations: true });
    expect(undone.made).toContain('table case_management.court_orders');
    expect(undone.notBroughtBack).toEqual([]);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  });
});

describe('npm run db -- restore', () => {
  test('wants the name of the database typed back, and reports', async () => {
    const env = environmentOf(database, join(folder, 'data'));
    await run('drop schema case_management cascade');
    const args = ['restore', backup.path, '--conflicts', join(folder, 'c.csv')];
    const refused = await db(args, env);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`Hint: Look at it with --dry-run, then add --confirm ${database.name}`);
    const done = await db([...args, '--confirm', database.name], env);
    expect({ exitCode: done.exitCode, stderr: done.exitCode === 0 ? '' : done.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(done.stdout).toMatch(/case_management\.legal_cases +0( +2,000){3} +equal/);
    expect(done.stdout).toContain('Everything that was missing came back.');
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  }, 120_000);

  // The kills in tests/disaster hit it more often.
  test('killed leaves the old state or the new, and goes on', async () => {
    const env = environmentOf(database, join(folder, 'data'));
    for (let round = 0; round < 1; round++) {
      await run('drop schema if exists case_management cascade');
      const lost = await contentsOf(database.operatorUrl);
      const { child, ended } = startDb(['restore', backup.path, '--confirm', database.name], env);
      const deadline = performance.now() + 30_000;
      await withSession(database.operatorUrl, 'tests', async (client) => {
        for (;;) {
          const { rowCount } = await client.query(
            `select from pg_stat_activity where datname = current_database() and application_name = 'bailiwick restore'`,
          );
          if (rowCount || child.exitCode !== null || performance.now() > deadline) break;
          await pause(5);
        }
        await pause(200);
        child.kill('SIGKILL');
        await ended;
        for (;;) {
          const { rowCount } = await client.query(
            `select from pg_stat_activity where datname = current_database() and application_name = 'bailiwick restore'`,
          );
          if (!rowCount || performance.now() > deadline) break;
          await pause(20);
        }
      });
      expect([lost, contents]).toContainEqual(await contentsOf(database.operatorUrl));
    }
    await restore();
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  }, 120_000);
});
