import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { listBaseBackups } from '@bailiwick/database/archive/baseBackup';
import { until } from '@bailiwick/database/embedded/deadline';
import { postgresProcessesOn } from '@bailiwick/database/embedded/processIdentity';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { createTestDatabase } from '../support/database.js';
import { nodeArguments } from '../support/programs.js';
import { openRecovery } from './recovery.js';
import type { Recovery } from './recovery.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

jest.setTimeout(240_000);

let recovery: Recovery;
beforeAll(async () => {
  recovery = await openRecovery();
});
afterAll(async () => {
  await recovery.database.remove();
});

test('a table that was dropped, rows that were deleted unseen by the guard, and a restore point', async () => {
  // The list gives the time of the commit before a restore point.
  await recovery.sql('select pg_current_xact_id()', `select pg_create_restore_point('before the deletion')`);
  const [moment] = await recovery.sql<{ now: Date }>('select clock_timestamp() as now');
  await recovery.sql(
    'begin',
    'set local event_triggers = off',
    'alter table audit_system.workpapers disable trigger all',
    'delete from audit_system.workpapers w where not exists (select from audit_system.evidence e where e.workpaper_id = w.id)',
    'alter table audit_system.workpapers enable trigger all, enable always trigger guard_truncate, enable always trigger guard_mass_delete, enable always trigger guard_mass_update',
    'commit',
  );
  expect(await recovery.missing()).toHaveLength(1);
  const dry = await recovery.recover('audit_system', '--to', 'before the deletion', '--dry-run', '--json');
  expect([dry.exitCode, dry.stderr]).toEqual([0, expect.stringContaining('dry run')]);
  expect(await recovery.missing()).toHaveLength(1);
  const byTime = await recovery.recover('audit_system', '--to', moment!.now.toISOString(), '--json');
  expect([byTime.exitCode, byTime.stderr]).toEqual([0, expect.any(String)]);
  expect(JSON.parse(byTime.stdout)).toMatchObject({ restore: { notBroughtBack: [] }, isResumed: false });
  expect(await recovery.missing()).toEqual([]);

  await recovery.lose('DROP TABLE case_management.court_orders CASCADE');
  const listed = await recovery.db('recover', '--list', '--search-wal');
  expect(listed.stdout).toContain('DROP TABLE case_management.court_orders CASCADE by postgres at');
  expect(listed.stdout).toMatch(/Restore points:\n {2}before the deletion, after /);
  const { exitCode, stdout } = await recovery.recover('case_management');
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringContaining('Recovered to just before DROP TABLE case_management.court_orders CASCADE.'),
  ]);
  expect(await recovery.missing()).toEqual([]);
});

test('the latest loss is that of the later transaction, also when the clock went back in between', async () => {
  await recovery.lose('DROP TABLE case_management.case_costs');
  await recovery.lose('DROP TABLE case_management.court_orders CASCADE');
  await recovery.sql(
    `update guard.destructive_statements set happened_at = happened_at - interval '1 day'
     where happened_at = (select max(happened_at) from guard.destructive_statements where statement like 'DROP TABLE case_management.court_orders%')`,
  );
  const listed = await recovery.db('recover', '--list');
  expect(listed.stdout.match(/DROP TABLE \S+/g)?.slice(0, 2)).toEqual([
    'DROP TABLE case_management.court_orders',
    'DROP TABLE case_management.case_costs',
  ]);
  const first = await recovery.recover('case_management');
  expect([first.exitCode, first.stderr]).toEqual([
    0,
    expect.stringMatching(
      /The loss: DROP TABLE case_management\.court_orders[^]*before that: DROP TABLE case_management\.case_costs/,
    ),
  ]);
  expect((await recovery.recover('case_management')).exitCode).toBe(0);
  expect(await recovery.missing()).toEqual([]);
});

test('a database that is down is started', async () => {
  await recovery.lose('DROP TABLE case_management.case_costs');
  await recovery.database.server.stop();
  try {
    const { exitCode, stderr } = await recovery.recover('case_management');
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('The loss: DROP TABLE case_management.case_costs by postgres'),
    ]);
  } finally {
    const server = await startEmbeddedServer({ dataDir: recovery.database.dataDir, archive: true, settings: { fsync: 'off' } });
    const { database } = recovery;
    recovery.database = {
      ...database,
      server,
      operatorUrl: server.operatorUrl('bailiwick'),
      remove: async () => {
        await server.stop();
        await database.server.stop();
      },
    };
  }
  expect(await recovery.missing()).toEqual([]);
});

test('killed at any stage, the next run goes on; two at once are one too many', async () => {
  await recovery.lose('DROP TABLE case_management.case_costs');
  const scratch = `${recovery.database.dataDir}-recovery/scratch`;
  const begin = () =>
    spawn(
      process.execPath,
      [
        ...nodeArguments('drizzle/src/main.ts'),
        'recover',
        '--schema',
        'case_management',
        '--confirm',
        'bailiwick',
        '--conflicts',
        recovery.conflicts,
        '--data-dir',
        recovery.database.dataDir,
      ],
      {
        cwd: project,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
  for (const sign of [
    'Copying base backup',
    'Replaying WAL up to its end',
    'Replaying WAL up to the moment',
    'Saving all tables',
    'Saving rows',
    'Reading case_management',
  ]) {
    const child = begin();
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    const ended = once(child, 'exit');
    await until(() => told.includes(sign) || child.exitCode !== null, 120_000);
    if (sign === 'Copying base backup') {
      const second = await recovery.recover('case_management');
      expect([second.exitCode, second.stderr]).toEqual([
        1,
        expect.stringContaining(`LOCK_HELD: A recovery runs already, by another process, pid ${child.pid}`),
      ]);
    }
    child.kill('SIGKILL');
    await ended;
    // Either the old state or the new one. The last sign comes so late that the run may have ended.
    if ((await recovery.sql(`select where to_regclass('case_management.case_costs') is not null`)).length > 0) {
      expect(sign).toBe('Reading case_management');
      expect(await recovery.missing()).toEqual([]);
      return;
    }
  }
  const { exitCode, stderr } = await recovery.recover('case_management');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Going on from there.')]);
  expect(existsSync(scratch)).toBe(false);
  expect(postgresProcessesOn(join(scratch, 'cluster'))).toEqual([]);
  expect(await recovery.missing()).toEqual([]);
});

test('a folder for the work that takes nothing is told with --work, and a place for conflicts with --conflicts; nothing is changed', async () => {
  await recovery.lose('DROP TABLE case_management.case_costs');
  const file = join(recovery.database.dataDir, '..', 'a-file');
  await writeFile(file, 'mine');
  const work = await recovery.recover('case_management', '--work', file);
  expect([work.exitCode, work.stderr]).toEqual([
    1,
    expect.stringContaining(
      `RECOVERY_FAILED: The folder of recoveries ${file} can not be written: it is a file. The database is as it was.`,
    ),
  ]);
  expect(work.stderr).toContain('name another folder with --work');
  expect(await readFile(file, 'utf8')).toBe('mine');
  const listed = await recovery.recover('case_management', '--conflicts', join(file, 'conflicts.csv'));
  expect([listed.exitCode, listed.stderr]).toEqual([
    1,
    expect.stringContaining(
      `RESTORE_FAILED: The rows that stay away can not be listed in ${file}/conflicts.csv: a part of the path is a file.`,
    ),
  ]);
  expect(await recovery.sql(`select to_regclass('case_management.case_costs')::text as name`)).toEqual([{ name: null }]);
  expect((await recovery.recover('case_management')).exitCode).toBe(0);
  expect(await recovery.missing()).toEqual([]);
});

const mounts = spawnSync('sh', [
  '-c',
  'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s',
]);
if (mounts.status !== 0) process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');

(mounts.status === 0 ? test : test.skip)(
  'a disk for the work that is read-only, too small, or fills up: told each time, and nothing is left',
  async () => {
    await recovery.lose('DROP TABLE case_management.case_costs');
    const [base] = await listBaseBackups(recovery.database.server.archive!.baseFolder);
    const disk = join(recovery.database.dataDir, '..', 'disk');
    await mkdir(disk);
    const onDisk = async (options: string): Promise<string> => {
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `mode=755,${options}`, 'tmpfs', disk]).status).toBe(0);
      try {
        const { exitCode, stderr } = await recovery.recover('case_management', '--work', join(disk, 'work'));
        expect([exitCode, stderr]).toEqual([1, expect.stringContaining('--work')]);
        expect(stderr).toContain('The database is as it was.');
        expect(existsSync(join(disk, 'work', 'scratch'))).toBe(false);
        expect(postgresProcessesOn(join(disk, 'work', 'scratch', 'cluster'))).toEqual([]);
        return stderr;
      } finally {
        spawnSync('umount', [disk]);
      }
    };
    expect(await onDisk('size=1m,ro')).toMatch(/RECOVERY_FAILED: The folder of recoveries .* can not be written: .*read-only/);
    expect(await onDisk('size=1m')).toMatch(
      /RECOVERY_FAILED: The disk that holds .* has \d+ MB free, and the copy of the base backup needs \d+ MB/,
    );
    // Room for the copy, and not for its WAL.
    expect(await onDisk(`size=${Math.ceil(base!.bytes / 1024) + 4096}k`)).toMatch(
      /RECOVERY_FAILED: The disk that holds .* is full/,
    );
    expect((await recovery.recover('case_management')).exitCode).toBe(0);
    expect(await recovery.missing()).toEqual([]);
  },
);

test('--from refuses the server itself, and one of another cluster', async () => {
  const itself = await recovery.recover('public', '--from', recovery.database.operatorUrl);
  expect([itself.exitCode, itself.stderr]).toEqual([3, expect.stringContaining('--from names the very server')]);
  const other = await createTestDatabase();
  try {
    const { exitCode, stderr } = await recovery.recover('public', '--from', other.operatorUrl);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(
        /RECOVERY_IMPOSSIBLE: The server named by --from is of cluster \d+, and the database is of cluster \d+/,
      ),
    ]);
  } finally {
    await other.drop();
  }
});

test('a missing WAL segment is named, with the moment that recovery gets to; a damaged one too', async () => {
  const { walFolder } = recovery.database.server.archive!;
  const [before] = await recovery.sql<{ name: string }>('select pg_walfile_name(pg_current_wal_lsn()) as name');
  // Three segments, and checkpoints so that the server itself lets go of the first two.
  for (let i = 0; i < 3; i++) await recovery.sql(`select pg_logical_emit_message(true, 'test', 'x')`, 'select pg_switch_wal()');
  await recovery.lose('DROP TABLE case_management.case_costs');
  await recovery.sql('checkpoint', `select pg_logical_emit_message(true, 'test', 'x')`, 'select pg_switch_wal()', 'checkpoint');
  const files = async () => (await readdir(walFolder)).filter((name) => name.startsWith(before!.name));
  const hasLeft = () => !existsSync(join(recovery.database.dataDir, 'postgres', 'pg_wal', before!.name));
  expect(await until(async () => (await files()).length > 0 && hasLeft(), 60_000)).toBe(true);
  const [file = ''] = await files();
  await rename(join(walFolder, file), join(walFolder, '..', file));
  const { exitCode, stderr } = await recovery.recover('case_management');
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(
      new RegExp(
        `RECOVERY_IMPOSSIBLE: WAL segment ${before!.name} is missing\\. Recovery got to the last transaction before it, at \\d{4}-`,
      ),
    ),
  ]);
  await rename(join(walFolder, '..', file), join(walFolder, file));
  const again = await recovery.recover('case_management');
  expect(again.exitCode).toBe(0);
  expect(await recovery.missing()).toEqual([]);
});

test('a damaged base backup is named by its file', async () => {
  await recovery.lose('DROP TABLE case_management.case_costs');
  const [base] = await listBaseBackups(recovery.database.server.archive!.baseFolder);
  const file = await open(join(base!.clusterPath, 'global/pg_control'), 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 40);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 40);
  const { exitCode, stderr } = await recovery.recover('case_management');
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining(
      `BACKUP_CORRUPT: The file global/pg_control of the base backup ${base!.name} is not what was written.`,
    ),
  ]);
  await file.write(buffer, 0, 1, 40);
  await file.close();
  expect((await recovery.recover('case_management')).exitCode).toBe(0);
  expect(await recovery.missing()).toEqual([]);
});
