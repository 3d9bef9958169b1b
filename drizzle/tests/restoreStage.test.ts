import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { plainTextSettings } from '@bailiwick/database/backup/catalogue';
import { readDefinitions } from '@bailiwick/database/backup/definitions';
import type { Backup } from '@bailiwick/database/backup/manifest';
import { restoreBackup } from '@bailiwick/database/backup/restoreBackup';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { withSession } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import { cloneTestDatabase, createEmptyDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { contentsOf, createDatabaseToSave, environmentOf, startDb } from './backupSupport.js';

let folder: string;
let original: TestDatabase;
let database: TestDatabase;
let backup: Backup;
let contents: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-stage-'));
  original = await createDatabaseToSave();
  backup = await takeBackup({ ...original, folder: join(folder, 'backups') });
  contents = await contentsOf(original.operatorUrl);
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
  `do $$ declare found record; begin
     for found in select evtname from pg_event_trigger where evtname like 'guard%' loop execute format('alter event trigger %I ${to}', found.evtname); end loop;
   end $$`;

/** As an operator who means it: the guard, which refuses such statements, is looked at elsewhere. */
const lose = async (sql: string): Promise<void> =>
  withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query(switchGuard('disable'));
    await client.query(sql);
    await client.query(switchGuard('enable always'));
  });

const restore = async (options: Partial<Parameters<typeof restoreBackup>[0]> = {}) => {
  const steps: string[] = [];
  const report = await restoreBackup({ ...database, backup, onStep: (sentence) => steps.push(sentence), ...options });
  return { ...report, steps };
};

const ask = async <Row>(sql: string): Promise<Row[]> =>
  withSession(database.operatorUrl, 'tests', async (client) => (await client.query(sql)).rows as Row[]);

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await pause(20)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('It did not happen within a minute.');
};

const stagedTables = `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname like 'bailiwick\\_restore\\_%' and c.relkind = 'r' order by 1, 2`;
const stages = `select nspname from pg_namespace where nspname like 'bailiwick\\_restore\\_%'`;
/** Sessions of a restore that wait for a lock on a table. Two that make tables at once also wait for a catalogue to grow, which is a lock by its type as well. */
const waiting = `select pid from pg_stat_activity where datname = current_database() and application_name = 'bailiwick restore' and wait_event_type = 'Lock' and wait_event = 'relation'`;
/** The session that holds the lock of migrations and restores. */
const leader = `select pid from pg_locks where locktype = 'advisory' and objid = 6118511 and granted
  and database = (select oid from pg_database where datname = current_database())`;

/** Holds a lock while `work` runs. */
const whileLocked = async <T>(lock: string, work: (holder: Client) => Promise<T>): Promise<T> =>
  withSession(database.operatorUrl, 'tests', async (holder) => {
    await holder.query(`begin; lock table ${lock}`);
    const result = await work(holder);
    await holder.query('rollback');
    return result;
  });

/** A schema, and some of the people that its rows refer to. */
const losingParents = `delete from public.people where id in (select distinct lead_id from audit_system.engagements where lead_id is not null order by 1 limit 2);
  drop schema audit_system cascade`;

describe('a restore that is cut off', () => {
  /** Kills a restore of the whole schema when all is on its stage and nothing in its place. */
  const killBeforeTheEnd = async (): Promise<void> =>
    whileLocked('public.people in share mode', async () => {
      const args = ['restore', backup.path, '--schema', 'case_management', '--confirm', database.name];
      const { child, ended } = startDb(args, environmentOf(database, join(folder, 'data')));
      await until(async () => ((await ask(waiting)).length > 0 ? true : undefined));
      child.kill('SIGKILL');
      await ended;
      await until(async () => ((await ask(leader)).length === 0 ? true : undefined));
    });

  test('leaves the old state, and the next one takes up what was loaded', async () => {
    await lose('drop schema case_management cascade');
    const lost = await contentsOf(database.operatorUrl);
    await killBeforeTheEnd();
    expect(await contentsOf(database.operatorUrl)).toEqual(lost);
    const { length } = await ask(stagedTables);
    expect(length).toBeGreaterThan(8);
    const { steps, notBroughtBack } = await restore({ onlySchema: 'case_management' });
    expect(steps).toContain(
      `An earlier restore of this backup was cut off: ${length} tables that it had loaded are whole and taken up.`,
    );
    expect(notBroughtBack).toEqual([]);
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    expect(await ask(stages)).toEqual([]);
  }, 120_000);

  test('what is not whole on the stage, or of another backup, is removed', async () => {
    await lose('drop schema case_management cascade');
    await killBeforeTheEnd();
    const [schema] = new Set((await ask<{ schema: string }>(stagedTables)).map((one) => one.schema));
    await lose(`delete from ${schema}.tasks where id = (select id from ${schema}.tasks limit 1);
      update ${schema}.parties set name = 'Somebody' where id = (select id from ${schema}.parties limit 1);
      create schema bailiwick_restore_0123456789ab_public; create table bailiwick_restore_0123456789ab_public.people ()`);
    const { steps } = await restore();
    expect(steps).toContain('Removed 3 tables that a restore had left which was cut off.');
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
    expect(await ask(stages)).toEqual([]);
  }, 120_000);

  test('by the loss of the session that holds the lock changes nothing and leaves nothing', async () => {
    await lose('drop table audit_system.evidence');
    const lost = await contentsOf(database.operatorUrl);
    await whileLocked('case_management.legal_cases in access exclusive mode', async () => {
      const ended = restore().catch((error: unknown) => error);
      await until(async () => ((await ask(waiting)).length > 0 ? true : undefined));
      await expect(restore()).rejects.toMatchObject({ code: 'LOCK_HELD' });
      await ask(`select pg_terminate_backend(pid) from (${leader}) l`);
      expect(await ended).toMatchObject({ code: 'RESTORE_FAILED' });
    });
    expect(await contentsOf(database.operatorUrl)).toEqual(lost);
    await restore();
    expect(await contentsOf(database.operatorUrl)).toEqual(contents);
  }, 120_000);
});

test('rows of a rebuilt table whose parents are gone stay away with all that hangs on them, are listed, and the rest comes', async () => {
  await lose(losingParents);
  const conflictsFile = join(folder, 'orphans.csv');
  const { notBroughtBack, tables } = await restore({ onlySchema: 'audit_system', conflictsFile });
  const engagements = tables.find(({ table }) => table === 'audit_system.engagements');
  expect(engagements?.referenceMissing).toBeGreaterThan(0);
  expect(engagements?.rowsAfter).toBe((engagements?.rowsInBackup ?? 0) - (engagements?.referenceMissing ?? 0));
  const stayedAway = tables.filter(({ referenceMissing }) => referenceMissing > 0);
  expect(notBroughtBack).toEqual(
    expect.arrayContaining(
      stayedAway.map(({ referenceMissing, table }) => ({
        what: `${referenceMissing} ${referenceMissing === 1 ? 'row' : 'rows'} of ${table}`,
        why: 'what they refer to is not there',
      })),
    ),
  );
  const listed = new Set(
    (await readFile(conflictsFile, 'utf8'))
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(1, 4).join()),
  );
  listed.delete('');
  expect([...listed].every((line) => line.endsWith(',REFERENCE_MISSING'))).toBe(true);
  expect(listed.size).toBe(stayedAway.reduce((sum, { referenceMissing }) => sum + referenceMissing, 0));
  const keys = await ask<{ isValid: boolean }>(
    `select convalidated as "isValid" from pg_constraint where contype = 'f' and connamespace = 'audit_system'::regnamespace`,
  );
  expect(keys.length).toBe(backup.manifest.foreignKeys.filter(({ schema }) => schema === 'audit_system').length);
  expect(keys.every(({ isValid }) => isValid)).toBe(true);
  // A second run with the parents back brings the rest.
  await restore();
  expect(await contentsOf(database.operatorUrl)).toEqual(contents);
}, 120_000);

test('a dry run leaves no stage, and a restore with --all-or-nothing that is refused neither', async () => {
  await lose(losingParents);
  const lost = await contentsOf(database.operatorUrl);
  await restore({ onlySchema: 'audit_system', isDryRun: true });
  expect(await ask(stages)).toEqual([]);
  await expect(restore({ onlySchema: 'audit_system', allOrNothing: true })).rejects.toMatchObject({ code: 'RESTORE_CONFLICT' });
  expect(await ask(stages)).toEqual([]);
  expect(await contentsOf(database.operatorUrl)).toEqual(lost);
}, 120_000);

test('a new database gets tables, rules, the record of migrations and the catalogue of roles as they were saved', async () => {
  await lose(
    `update identity.roles set description = 'Something else' where name = 'Judge'; delete from identity.roles where name = 'Witness'`,
  );
  const definitionsOf = async (url: string): Promise<string[]> =>
    withSession(url, 'tests', async (client) => {
      await client.query('begin read only');
      await client.query(plainTextSettings);
      return (await readDefinitions(client, ['public', 'case_management', 'audit_system', 'identity']))
        .map(({ sql }) => sql)
        .sort();
    });
  const record = 'select number, name, owner, checksum from guard.migrations order by number';
  const before = {
    contents: await contentsOf(database.operatorUrl),
    definitions: await definitionsOf(database.operatorUrl),
    migrations: await ask(record),
  };
  const saved = await takeBackup({ ...database, folder: join(folder, 'backups') });
  const empty = await createEmptyDatabase();
  try {
    const { notBroughtBack, tables } = await restoreBackup({ ...empty, backup: saved });
    expect(notBroughtBack).toEqual([]);
    expect(tables.every(({ isContentEqual }) => isContentEqual)).toBe(true);
    expect({
      contents: await contentsOf(empty.operatorUrl),
      definitions: await definitionsOf(empty.operatorUrl),
      migrations: await withSession(empty.operatorUrl, 'tests', async (client) => (await client.query(record)).rows),
    }).toEqual(before);
  } finally {
    await empty.drop();
  }
}, 120_000);
