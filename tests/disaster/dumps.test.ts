import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { findTools } from '@bailiwick/database/foreign/clientTools';
import { missingLayers } from '@bailiwick/database/guard/status';
import { connect, withSession } from '@bailiwick/database/setup/connect';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import type { Client } from 'pg';
import { createEmptyDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createFilledDatabase, errorOf, stateOf } from './support.js';

jest.setTimeout(300_000);
let database: TestDatabase;
let operator: Client;
let folder: string;
let clientTools: string | undefined;

const eventTriggers = [
  'guard_before_command',
  'guard_drop',
  'guard_lost_protection',
  'guard_new_tables',
  'guard_refuse_borrowed_rights',
  'guard_rewrite',
];

beforeAll(async () => {
  database = await createFilledDatabase();
  operator = await connect(database.operatorUrl, 'tests');
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-dumps-'));
  const { rows } = await operator.query<{ major: number }>(`select current_setting('server_version_num')::int / 10000 as major`);
  const tool = findTools('pg_dump', undefined).find(({ major }) => major === rows[0]?.major);
  clientTools = tool && dirname(tool.path);
  if (!clientTools) console.log(`Not tested with pg_dump: there is none of PostgreSQL ${rows[0]?.major} here.`);
});

afterAll(async () => {
  await operator.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function run(tool: 'pg_dump' | 'pg_restore' | 'psql', ...args: string[]): { code: number | null; errors: string } {
  const { status, stderr } = spawnSync(join(clientTools ?? '', tool), args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { code: status, errors: stderr };
}

/** What `pg_dump --clean` writes before it builds everything anew, in its order; a dump of an older guard began with the event triggers. */
async function cleaningStatements(): Promise<string[]> {
  const { rows } = await operator.query<{ sql: string }>(`
    select sql from (
      select 1 as step, format('DROP EVENT TRIGGER %I', evtname) as sql from pg_event_trigger
      union all select 2, format('DROP POLICY %I ON %s', polname, polrelid::regclass) from pg_policy
      union all select 3, format('ALTER TABLE ONLY %s DROP CONSTRAINT %I', conrelid::regclass, conname) from pg_constraint
        where contype = 'f' and connamespace::regnamespace::text = any (guard.guarded_schemas())
      union all select 4, format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) from pg_trigger where not tgisinternal
      union all select 5, format('DROP TABLE %s', name) from guard.guarded_tables()
      union all select 6, format('DROP FUNCTION %s', oid::regprocedure) from pg_proc
        where pronamespace = 'guard'::regnamespace
      union all select 7, format('DROP SCHEMA %I', schema) from unnest(guard.guarded_schemas()) schema
    ) statements order by step`);
  return rows.map(({ sql }) => sql);
}

describe('a dump with --clean', () => {
  test('loses nothing: each of its statements is refused', async () => {
    const before = await stateOf(operator);
    const passed = [];
    for (const sql of await cleaningStatements()) if (!(await errorOf(operator, sql))) passed.push(sql);
    expect(passed).toEqual([]);
    expect(await stateOf(operator)).toEqual(before);
    expect(await missingLayers(operator)).toEqual([]);
  });

  test('piped into psql or given to pg_restore, loses nothing of what was written since', async () => {
    if (!clientTools) return;
    const plain = join(folder, 'clean.sql');
    const custom = join(folder, 'clean.dump');
    expect(run('pg_dump', '--clean', '--file', plain, database.operatorUrl)).toMatchObject({ code: 0 });
    expect(run('pg_dump', '-Fc', '--file', custom, database.operatorUrl)).toMatchObject({ code: 0 });
    await operator.query(`insert into public.notifications (id, recipient_id, system, title)
      select gen_random_uuid(), recipient_id, system, 'after the dump' from public.notifications limit 5`);
    const before = await stateOf(operator);
    expect(run('psql', '--quiet', '--file', plain, database.operatorUrl).errors).toContain('DROP_REFUSED');
    expect(await stateOf(operator)).toEqual(before);
    const restored = run('pg_restore', '--clean', '--if-exists', '--dbname', database.operatorUrl, custom);
    expect(restored.errors).toContain('DROP_REFUSED');
    expect(await stateOf(operator)).toEqual(before);
    expect(await missingLayers(operator)).toEqual([]);
  });
});

describe('a dump into a new database', () => {
  test('comes in whole, in one transaction; status names the event triggers that it lacks, and init makes them', async () => {
    if (!clientTools) return;
    const archive = join(folder, 'whole.dump');
    expect(run('pg_dump', '-Fc', '--file', archive, database.operatorUrl)).toMatchObject({ code: 0 });
    const copy = await createEmptyDatabase();
    try {
      const args = ['--single-transaction', '--exit-on-error', '--dbname', copy.operatorUrl, archive];
      expect(run('pg_restore', ...args)).toEqual({ code: 0, errors: '' });
      expect(await withSession(copy.operatorUrl, 'tests', missingLayers)).toEqual(
        [...eventTriggers.map((name) => `event trigger ${name}`), 'trigger guard_stays of guard.commands_in_progress'].map(
          (layer) => `The guard does not stand whole: ${layer}: it is not there.`,
        ),
      );
      await initialiseDatabase(copy);
      expect(await withSession(copy.operatorUrl, 'tests', missingLayers)).toEqual([]);
      const [was, is] = await Promise.all(
        [database, copy].map(async (one) => takeBackup({ ...one, folder: join(folder, one.name) })),
      );
      expect(is?.manifest.definitions).toEqual(was?.manifest.definitions);
      const contents = (backup: typeof was) =>
        backup?.manifest.tables
          .filter(({ name }) => !name.startsWith('guard.'))
          .map(({ name, rows, content }) => [name, rows, content]);
      expect(contents(is)).toEqual(contents(was));
    } finally {
      await copy.drop();
    }
  });

  test('nothing of ours stands in pg_catalog, which no dump carries', async () => {
    const { rows } = await operator.query(`
      select p.oid::regprocedure::text as name from pg_proc p where pronamespace = 'pg_catalog'::regnamespace and p.oid >= 16384
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`);
    expect(rows).toEqual([]);
  });
});

describe('a cascade that reaches the guard by another way', () => {
  const cascades = [
    'drop extension plpgsql cascade',
    'drop language plpgsql cascade',
    'drop function guard.refuse_drop() cascade',
    'drop function guard.before_command() cascade',
    'drop function guard.command_has_ended() cascade',
    `select 'one statement of several'; drop schema guard cascade`,
    'begin; set constraints all immediate; drop schema guard cascade',
    'begin; set constraints all immediate; drop function guard.refuse_drop() cascade',
    `do $$ begin execute 'drop extension plp' || 'gsql cascade'; end $$`,
    `set session_replication_role = replica; drop function guard.refuse_drop() cascade`,
  ];
  test.each(cascades)('is refused: %s', async (sql) => {
    const before = await stateOf(operator);
    const error = await errorOf(operator, sql);
    await operator.query('rollback; reset session_replication_role');
    expect(error?.message).toMatch(/DROP_REFUSED|pending trigger events|requires it/);
    expect(await stateOf(operator)).toEqual(before);
    expect(await missingLayers(operator)).toEqual([]);
  });
});

describe('init', () => {
  test('puts back what an operator took away, and replaces an event trigger that is not the one it makes', async () => {
    await operator.query(`
      alter event trigger guard_rewrite disable;
      alter extension plpgsql drop event trigger guard_drop;
      alter extension plpgsql drop event trigger guard_new_tables;
      drop event trigger guard_new_tables;
      create event trigger guard_new_tables on sql_drop execute function guard.protect_new_tables();
      alter event trigger guard_new_tables disable`);
    expect((await missingLayers(operator)).join('\n')).toMatch(
      /guard_drop: DROP EVENT TRIGGER would take it away[^]*guard_new_tables: it is another[^]*guard_rewrite: it is disabled/,
    );
    await initialiseDatabase(database);
    expect(await missingLayers(operator)).toEqual([]);
  });

  test('takes over a database of the older guard, with its sentinel in pg_catalog and its trigger in nobody’s care', async () => {
    for (const name of eventTriggers) await operator.query(`alter extension plpgsql drop event trigger ${name}`);
    await operator.query(`
      alter extension plpgsql drop table guard.commands_in_progress;
      alter event trigger guard_before_command disable;
      alter event trigger guard_drop disable;
      drop trigger guard_stays on guard.commands_in_progress;
      create function pg_catalog.bailiwick_guard_sentinel() returns event_trigger language plpgsql as $$ begin end $$;
      create event trigger guard_sentinel on sql_drop execute function pg_catalog.bailiwick_guard_sentinel();
      alter event trigger guard_before_command enable always;
      alter event trigger guard_drop enable always`);
    await initialiseDatabase(database);
    expect(await missingLayers(operator)).toEqual([]);
    const { rows } = await operator.query(`select from pg_proc where proname = 'bailiwick_guard_sentinel'`);
    expect(rows).toEqual([]);
    await initialiseDatabase(database);
    expect(await missingLayers(operator)).toEqual([]);
  });

  test('brings plpgsql and the whole guard back where they were dropped with the guard off', async () => {
    for (const name of eventTriggers) await operator.query(`alter event trigger ${name} disable`);
    await operator.query('drop extension plpgsql cascade');
    await initialiseDatabase(database);
    expect(await missingLayers(operator)).toEqual([]);
    expect(await errorOf(operator, 'drop schema public cascade')).toMatchObject({ code: 'LG001' });
  });
});
