import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { listBaseBackups } from '@bailiwick/database/archive/baseBackup';
import { makeScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { differences, stateOf } from '@bailiwick/database/drill/state';
import type { State } from '@bailiwick/database/drill/state';
import { until } from '@bailiwick/database/embedded/deadline';
import { postgresProcessesOn } from '@bailiwick/database/embedded/processIdentity';
import { startEmbeddedServer } from '@bailiwick/database/embedded/server';
import { approveStatement } from '@bailiwick/database/guard/approve';
import { runProgram } from '@bailiwick/database/program';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../support/database.js';
import { nodeArguments } from '../support/programs.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

jest.setTimeout(240_000);

let database: ScratchDatabase;
let whole: State;
let atStart: string;

beforeAll(async () => {
  atStart = new Date().toISOString();
  database = await makeScratchDatabase();
  await database.takeBase();
  whole = await stateOf(database.operatorUrl);
});

afterAll(async () => {
  await database.remove();
});

/** Runs the command in this process, on the scratch database. */
async function db(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  try {
    const exitCode = await runProgram([...args, '--data-dir', database.dataDir]);
    return { exitCode, stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

const conflicts = (): string => join(database.dataDir, '..', 'conflicts.csv');
const recoverCommand = (schema: string, ...more: string[]) =>
  db('recover', '--schema', schema, '--confirm', 'bailiwick', '--conflicts', conflicts(), ...more);

async function sql<Row extends object>(...statements: string[]): Promise<Row[]> {
  return withSession(database.operatorUrl, 'tests', async (client) => {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  });
}

/** Approved and done. */
async function lose(statement: string): Promise<void> {
  await withSession(database.operatorUrl, 'tests', async (client) => {
    await approveStatement(client, statement, 'a test');
    await client.query(statement);
  });
}

const nothingIsMissing = async (): Promise<void> => expect(differences(whole, await stateOf(database.operatorUrl))).toEqual([]);

test('recover refuses what it can not mean, and changes nothing', async () => {
  for (const [args, code, sentence] of [
    [['recover'], 3, 'BAD_USER_INPUT: recover needs --schema.'],
    [['recover', '--schema', 'public'], 2, 'CONFIRMATION_MISSING: This changes database bailiwick'],
    [
      ['recover', '--schema', 'public', '--to', '2026-11-22T14:05:00'],
      3,
      'BAD_USER_INPUT: --to got the time 2026-11-22T14:05:00 without a zone',
    ],
    [['recover', '--schema', 'public', '--to', '2026-02-30T14:05:00Z'], 3, 'which is no time of the calendar'],
    [['recover', '--schema', 'public', '--to', '22.11.2026 14:05'], 3, 'which can not be read as a time'],
    [['recover', '--schema', 'public', '--to', 'x'.repeat(64)], 3, '--to got a name of 64 bytes'],
    [
      ['recover', '--schema', 'public', '--dry-run', '--cluster', '123'],
      2,
      'RECOVERY_IMPOSSIBLE: There is no archive of cluster 123',
    ],
    [['recover', '--schema', 'public', '--dry-run', '--to', atStart], 2, 'RECOVERY_IMPOSSIBLE: The archive reaches back to '],
    [
      ['recover', '--schema', 'public', '--dry-run', '--to', '2999-01-01T00:00:00Z'],
      3,
      'which lies in the future: the last transaction of the WAL is of ',
    ],
    [
      ['recover', '--schema', 'public', '--dry-run', '--to', 'never-made'],
      3,
      'NOT_FOUND: The archive has no restore point never-made',
    ],
    [['recover', '--schema', 'public', '--dry-run'], 3, 'NOT_FOUND: No loss of schema public is known'],
  ] as const) {
    const { exitCode, stderr } = await db(...args);
    expect([args, exitCode, stderr]).toEqual([args, code, expect.stringContaining(sentence)]);
  }
  await nothingIsMissing();
});

test('a table that was dropped, rows that were deleted unseen by the guard, and a restore point', async () => {
  await sql(`select pg_create_restore_point('before the deletion')`);
  const [moment] = await sql<{ now: Date }>('select clock_timestamp() as now');
  await sql(
    'begin',
    'set local event_triggers = off',
    'alter table audit_system.workpapers disable trigger all',
    'delete from audit_system.workpapers w where not exists (select from audit_system.evidence e where e.workpaper_id = w.id)',
    'alter table audit_system.workpapers enable trigger all, enable always trigger guard_truncate, enable always trigger guard_mass_delete, enable always trigger guard_mass_update',
    'commit',
  );
  expect(differences(whole, await stateOf(database.operatorUrl))).toHaveLength(1);
  const dry = await recoverCommand('audit_system', '--to', 'before the deletion', '--dry-run', '--json');
  expect([dry.exitCode, dry.stderr]).toEqual([0, expect.stringContaining('dry run')]);
  expect(differences(whole, await stateOf(database.operatorUrl))).toHaveLength(1);
  const byTime = await recoverCommand('audit_system', '--to', moment!.now.toISOString(), '--json');
  expect([byTime.exitCode, byTime.stderr]).toEqual([0, expect.any(String)]);
  expect(JSON.parse(byTime.stdout)).toMatchObject({ restore: { notBroughtBack: [] }, isResumed: false });
  await nothingIsMissing();

  await lose('DROP TABLE case_management.court_orders CASCADE');
  const listed = await db('recover', '--list', '--search-wal');
  expect(listed.stdout).toContain('DROP TABLE case_management.court_orders CASCADE by postgres at');
  expect(listed.stdout).toMatch(/Restore points:\n {2}before the deletion, after /);
  const { exitCode, stdout } = await recoverCommand('case_management');
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringContaining('Recovered to just before DROP TABLE case_management.court_orders CASCADE.'),
  ]);
  await nothingIsMissing();
});

test('the latest loss is that of the later transaction, also when the clock went back in between', async () => {
  await lose('DROP TABLE case_management.case_costs');
  await lose('DROP TABLE case_management.court_orders CASCADE');
  await sql(
    `update guard.destructive_statements set happened_at = happened_at - interval '1 day'
     where happened_at = (select max(happened_at) from guard.destructive_statements where statement like 'DROP TABLE case_management.court_orders%')`,
  );
  const listed = await db('recover', '--list');
  expect(listed.stdout.match(/DROP TABLE \S+/g)?.slice(0, 2)).toEqual([
    'DROP TABLE case_management.court_orders',
    'DROP TABLE case_management.case_costs',
  ]);
  const first = await recoverCommand('case_management');
  expect([first.exitCode, first.stderr]).toEqual([
    0,
    expect.stringMatching(
      /The loss: DROP TABLE case_management\.court_orders[^]*before that: DROP TABLE case_management\.case_costs/,
    ),
  ]);
  expect((await recoverCommand('case_management')).exitCode).toBe(0);
  await nothingIsMissing();
});

test('a database that is down is started', async () => {
  await lose('DROP TABLE case_management.case_costs');
  await database.server.stop();
  try {
    const { exitCode, stderr } = await recoverCommand('case_management');
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('The loss: DROP TABLE case_management.case_costs by postgres'),
    ]);
  } finally {
    const server = await startEmbeddedServer({ dataDir: database.dataDir, archive: true, settings: { fsync: 'off' } });
    database = {
      ...database,
      server,
      operatorUrl: server.operatorUrl('bailiwick'),
      remove: async () => {
        await server.stop();
        await database.server.stop();
      },
    };
  }
  await nothingIsMissing();
});

test('killed at any stage, the next run goes on; two at once are one too many', async () => {
  await lose('DROP TABLE case_management.case_costs');
  const scratch = `${database.dataDir}-recovery/scratch`;
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
        conflicts(),
        '--data-dir',
        database.dataDir,
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
      const second = await recoverCommand('case_management');
      expect([second.exitCode, second.stderr]).toEqual([
        1,
        expect.stringContaining(`LOCK_HELD: A recovery runs already, by another process, pid ${child.pid}`),
      ]);
    }
    child.kill('SIGKILL');
    await ended;
    // Either the old state or the new one. The last sign comes so late that the run may have ended.
    if ((await sql(`select where to_regclass('case_management.case_costs') is not null`)).length > 0) {
      expect(sign).toBe('Reading case_management');
      await nothingIsMissing();
      return;
    }
  }
  const { exitCode, stderr } = await recoverCommand('case_management');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Going on from there.')]);
  expect(existsSync(scratch)).toBe(false);
  expect(postgresProcessesOn(join(scratch, 'cluster'))).toEqual([]);
  await nothingIsMissing();
});

test('a folder for the work that takes nothing is told with --work, and a place for conflicts with --conflicts; nothing is changed', async () => {
  await lose('DROP TABLE case_management.case_costs');
  const file = join(database.dataDir, '..', 'a-file');
  await writeFile(file, 'mine');
  const work = await recoverCommand('case_management', '--work', file);
  expect([work.exitCode, work.stderr]).toEqual([
    1,
    expect.stringContaining(
      `RECOVERY_FAILED: The folder of recoveries ${file} can not be written: it is a file. The database is as it was.`,
    ),
  ]);
  expect(work.stderr).toContain('name another folder with --work');
  expect(await readFile(file, 'utf8')).toBe('mine');
  const listed = await recoverCommand('case_management', '--conflicts', join(file, 'conflicts.csv'));
  expect([listed.exitCode, listed.stderr]).toEqual([
    1,
    expect.stringContaining(
      `RESTORE_FAILED: The rows that stay away can not be listed in ${file}/conflicts.csv: a part of the path is a file.`,
    ),
  ]);
  expect(await sql(`select to_regclass('case_management.case_costs')::text as name`)).toEqual([{ name: null }]);
  expect((await recoverCommand('case_management')).exitCode).toBe(0);
  await nothingIsMissing();
});

const mounts = spawnSync('sh', [
  '-c',
  'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s',
]);
if (mounts.status !== 0) process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');

(mounts.status === 0 ? test : test.skip)(
  'a disk for the work that is read-only, too small, or fills up: told each time, and nothing is left',
  async () => {
    await lose('DROP TABLE case_management.case_costs');
    const [base] = await listBaseBackups(database.server.archive!.baseFolder);
    const disk = join(database.dataDir, '..', 'disk');
    await mkdir(disk);
    const onDisk = async (options: string): Promise<string> => {
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `mode=755,${options}`, 'tmpfs', disk]).status).toBe(0);
      try {
        const { exitCode, stderr } = await recoverCommand('case_management', '--work', join(disk, 'work'));
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
    expect((await recoverCommand('case_management')).exitCode).toBe(0);
    await nothingIsMissing();
  },
);

test('--from refuses the server itself, and one of another cluster', async () => {
  const itself = await recoverCommand('public', '--from', database.operatorUrl);
  expect([itself.exitCode, itself.stderr]).toEqual([3, expect.stringContaining('--from names the very server')]);
  const other = await createTestDatabase();
  try {
    const { exitCode, stderr } = await recoverCommand('public', '--from', other.operatorUrl);
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
  const { walFolder } = database.server.archive!;
  const [before] = await sql<{ name: string }>('select pg_walfile_name(pg_current_wal_lsn()) as name');
  // Three segments, and checkpoints so that the server itself lets go of the first two.
  for (let i = 0; i < 3; i++) await sql(`select pg_logical_emit_message(true, 'test', 'x')`, 'select pg_switch_wal()');
  await lose('DROP TABLE case_management.case_costs');
  await sql('checkpoint', `select pg_logical_emit_message(true, 'test', 'x')`, 'select pg_switch_wal()', 'checkpoint');
  const files = async () => (await readdir(walFolder)).filter((name) => name.startsWith(before!.name));
  const hasLeft = () => !existsSync(join(database.dataDir, 'postgres', 'pg_wal', before!.name));
  expect(await until(async () => (await files()).length > 0 && hasLeft(), 60_000)).toBe(true);
  const [file = ''] = await files();
  await rename(join(walFolder, file), join(walFolder, '..', file));
  const { exitCode, stderr } = await recoverCommand('case_management');
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(
      new RegExp(
        `RECOVERY_IMPOSSIBLE: WAL segment ${before!.name} is missing\\. Recovery got to the last transaction before it, at \\d{4}-`,
      ),
    ),
  ]);
  await rename(join(walFolder, '..', file), join(walFolder, file));
  const again = await recoverCommand('case_management');
  expect(again.exitCode).toBe(0);
  await nothingIsMissing();
});

test('a damaged base backup is named by its file', async () => {
  await lose('DROP TABLE case_management.case_costs');
  const [base] = await listBaseBackups(database.server.archive!.baseFolder);
  const file = await open(join(base!.clusterPath, 'global/pg_control'), 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 40);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 40);
  const { exitCode, stderr } = await recoverCommand('case_management');
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining(
      `BACKUP_CORRUPT: The file global/pg_control of the base backup ${base!.name} is not what was written.`,
    ),
  ]);
  await file.write(buffer, 0, 1, 40);
  await file.close();
  expect((await recoverCommand('case_management')).exitCode).toBe(0);
  await nothingIsMissing();
});
