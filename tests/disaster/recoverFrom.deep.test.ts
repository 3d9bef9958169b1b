import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, chown, chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, stateOf } from '@bailiwick/database/drill/state';
import type { State } from '@bailiwick/database/drill/state';
import { until } from '@bailiwick/database/embedded/deadline';
import { freePort } from '@bailiwick/database/embedded/postmaster';
import { approveStatement } from '@bailiwick/database/guard/approve';
import { migrateDatabase } from '@bailiwick/database/migrate/migrate';
import { withSession } from '@bailiwick/database/setup/connect';
import { loginRoles } from '@bailiwick/database/setup/credentials';
import { initialiseDatabase } from '@bailiwick/database/setup/init';
import { startVerb } from './kills/ground.js';

const programs = '/usr/lib/postgresql/15/bin';
const with15 = process.getuid?.() === 0 && existsSync(join(programs, 'postgres')) ? describe : describe.skip;
const loss = 'DROP SCHEMA case_management CASCADE';
const page = async (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');

with15('recover on a PostgreSQL 15 that archives as docs/archive.md says', () => {
  const credentials = { roles: Object.fromEntries(loginRoles.map((role) => [role, `password-of-${role}-in-tests`])) };
  const running: string[] = [];
  let folder: string;
  let archive: string;
  let url: string;
  let whole: State;

  const as = (program: string, ...args: string[]): Buffer =>
    execFileSync('runuser', ['-u', 'postgres', '--', join(programs, program), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
    });
  const sql = async <Row extends object>(at: string, ...statements: string[]): Promise<Row[]> =>
    withSession(at, 'tests', async (client) => {
      let rows: Row[] = [];
      for (const statement of statements) ({ rows } = await client.query<Row>(statement));
      return rows;
    });
  /** Starts a cluster with these lines in its configuration. */
  const startCluster = async (data: string, lines: readonly string[]): Promise<string> => {
    const port = await freePort();
    const fixed = [`port=${port}`, `listen_addresses='127.0.0.1'`, `unix_socket_directories=''`, 'fsync=off'];
    await appendFile(join(data, 'postgresql.conf'), [...fixed, ...lines, ''].join('\n'));
    as('pg_ctl', '-D', data, '-w', '-l', `${data}.log`, 'start');
    running.push(data);
    return `postgres://postgres@127.0.0.1:${port}/postgres`;
  };
  const recover = async (...args: string[]) =>
    startVerb({ url, name: 'bailiwick', folder, credentials }, [
      ...[
        'recover',
        '--schema',
        'case_management',
        '--confirm',
        'bailiwick',
        '--conflicts',
        join(folder, 'conflicts.csv'),
        ...args,
      ],
    ]).ended;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bailiwick-recover-from-'));
    await chmod(folder, 0o755);
    archive = join(folder, 'archive');
    const clusters = join(folder, 'clusters');
    const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    for (const path of [archive, clusters]) {
      await mkdir(path, { mode: 0o700 });
      await chown(path, uid, gid);
    }
    const data = join(clusters, 'living');
    as('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync');
    const command = /^archive_command = 'd=.*'$/m.exec(await page('archive.md'))?.[0] ?? '';
    const server = await startCluster(data, ['archive_mode=on', command.replace('/srv/bailiwick-archive', archive)]);
    await sql(server, `create database bailiwick template template0 encoding 'UTF8'`);
    url = server.replace(/postgres$/, 'bailiwick');
    await initialiseDatabase({ operatorUrl: url, credentials });
    await migrateDatabase({ operatorUrl: url, credentials, withoutPlan: true });
    as('pg_basebackup', '-d', server, '-D', join(clusters, 'scratch'), '--wal-method=none', '--checkpoint=fast');
    await sql(
      url,
      `insert into public.org_units (id, code, name) select gen_random_uuid(), 'U-' || n, 'Unit ' || n from generate_series(1, 50) n`,
      `insert into case_management.legal_cases (id, org_unit_id, title, case_number, opened_on)
         select gen_random_uuid(), id, 'Case of ' || code, 'LC-2026-' || lpad(row_number() over ()::text, 6, '0'), current_date from public.org_units`,
    );
    whole = await stateOf(url);
  }, 180_000);

  afterAll(async () => {
    for (const data of running) as('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
    await rm(folder, { recursive: true, force: true });
  });

  test('without an archive of the embedded server it is refused, with the ways that there are', async () => {
    const { exitCode, stderr } = await recover();
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/RECOVERY_IMPOSSIBLE: There is no archive of cluster \d+ beside .*Nothing was changed\./),
    ]);
    expect(stderr).toMatch(/Hint: Restore a backup .*--from <URL>/);
  });

  test('--from brings the schema back from a scratch server that stands before the loss; what others wrote since stays', async () => {
    await withSession(url, 'tests', async (client) => {
      await approveStatement(client, loss, 'a test');
      await client.query(loss);
    });
    await sql(url, `insert into public.org_units (id, code, name) values (gen_random_uuid(), 'SINCE', 'Written after the loss')`);
    // The runbook's own query.
    const query = /^select a\.used_in[\s\S]*?;$/m.exec(await page('recovery.md'))?.[0] ?? '';
    const [found] = await sql<{ xid: string; statement: string }>(url, query);
    expect(found?.statement).toContain('DROP SCHEMA case_management');
    const [switched] = await sql<{ name: string }>(
      url,
      'with switched as materialized (select pg_switch_wal() as lsn) select pg_walfile_name(lsn - 1) as name from switched',
    );
    expect(await until(async () => (await readdir(archive)).includes(switched?.name ?? ''), 60_000)).toBe(true);
    const scratch = join(folder, 'clusters', 'scratch');
    const command = /^restore_command = '.*'$/m.exec(await page('archive.md'))?.[0] ?? '';
    await writeFile(join(scratch, 'recovery.signal'), '');
    const copy = await startCluster(scratch, [
      'archive_mode=off',
      command.replace('/srv/bailiwick-archive', archive),
      `recovery_target_xid='${found?.xid}'`,
      'recovery_target_inclusive=off',
      'recovery_target_action=promote',
    ]);
    const from = copy.replace(/postgres$/, 'bailiwick');
    const arrived = async () => (await sql<{ done: boolean }>(from, 'select not pg_is_in_recovery() as done'))[0]?.done;
    expect(await until(async () => arrived().catch(() => false), 60_000)).toBe(true);
    const dry = await recover('--from', from, '--dry-run');
    expect([dry.exitCode, dry.exitCode ? dry.stderr : '']).toEqual([0, '']);
    expect(await sql(url, `select to_regnamespace('case_management')::text as name`)).toEqual([{ name: null }]);
    const { exitCode, stdout, stderr } = await recover('--from', from);
    expect([exitCode, exitCode ? stderr : '']).toEqual([0, '']);
    expect(stdout).toContain('Recovered to the state of the server named by --from.');
    expect(stdout).toContain('Everything that was missing came back.');
    await sql(
      url,
      `begin; set local session_replication_role = replica; delete from public.org_units where code = 'SINCE'; commit`,
    );
    expect(differences(whole, await stateOf(url))).toEqual([]);
  }, 180_000);
});
