import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import { isRunning } from '@bailiwick/database/embedded/processIdentity';
import { withSession } from '@bailiwick/database/setup/connect';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { liftGuard } from '../../tests/support/guard.js';
import { db, environmentOf, startDb } from './backupSupport.js';

const run = promisify(execFile);
let folder: string;
let database: TestDatabase;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-verify-faults-'));
  // So that the scratch server's account can enter, and the server lies in TMPDIR itself.
  await chmod(folder, 0o755);
  database = await createTestDatabase();
  ({ path } = await takeBackup({ ...database, folder: join(folder, 'backups') }));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const environment = (temporary: string): NodeJS.ProcessEnv => ({
  ...environmentOf(database, join(folder, 'data')),
  TMPDIR: temporary,
});

/** @param scratch the data directory of a scratch server. */
const pidOf = async (scratch: string): Promise<number | undefined> => {
  const location = await readFile(join(scratch, 'location.json'), 'utf8').catch(() => '{}');
  const { cluster = join(scratch, 'postgres') } = JSON.parse(location) as { cluster?: string };
  const [pid] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  // Of a server that is being made, the file has the pid with a minus.
  return pid ? Math.abs(Number(pid)) : undefined;
};

test('a proof that is killed leaves a server, and the next one stops it and takes its folder away', async () => {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const { child, ended } = startDb(['verify', path, '--restore'], environment(temporary));
  const deadline = performance.now() + 60_000;
  let pid: number | undefined;
  let scratch = '';
  while (pid === undefined && performance.now() < deadline && child.exitCode === null) {
    await pause(10);
    scratch = (await readdir(temporary)).find((name) => name.startsWith('bailiwick-scratch-')) ?? '';
    if (scratch) pid = await pidOf(join(temporary, scratch));
  }
  child.kill('SIGKILL');
  await ended;
  expect(isRunning(pid ?? 0)).toBe(true);
  const { exitCode, stderr } = await db(['verify', path, '--restore'], environment(temporary));
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stderr).toContain(
    `Removed ${join(temporary, scratch)}, which a proof left that was killed, and the server that ran in it.`,
  );
  expect(isRunning(pid ?? 0)).toBe(false);
  expect((await readdir(temporary)).filter((name) => name.startsWith('bailiwick-'))).toEqual([]);
  expect((await readdir(dirname(path))).filter((name) => name.endsWith('.in-use'))).toHaveLength(1);
}, 180_000);

test('a drill that is killed leaves a server, which the next proof or drill stops and takes away, and no other', async () => {
  const temporary = join(folder, 'tmp-drill');
  await mkdir(temporary);
  /** Starts a drill, and waits for its server. */
  const drill = async (known: readonly string[]) => {
    const { child, ended } = startDb(['drill'], environment(temporary));
    const deadline = performance.now() + 60_000;
    for (;;) {
      const name = (await readdir(temporary)).find((one) => one.startsWith('bailiwick-drill-') && !known.includes(one));
      const pid = name && (await pidOf(join(temporary, name, 'data')));
      if (name && pid) return { name, pid, end: async () => (child.kill('SIGKILL'), ended) };
      if (child.exitCode !== null || performance.now() > deadline) throw new Error('The drill has no server.');
      await pause(10);
    }
  };
  const killed = await drill([]);
  await killed.end();
  const living = await drill([killed.name]).catch(() => undefined);
  try {
    // The second drill has looked before it began.
    expect(isRunning(killed.pid)).toBe(false);
    expect(living && isRunning(living.pid)).toBe(true);
    const { exitCode, stderr } = await db(['verify', path, '--restore'], environment(temporary));
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stderr).not.toContain('Removed ');
    expect(living && isRunning(living.pid)).toBe(true);
  } finally {
    await living?.end();
  }
  const { stderr } = await db(['verify', path, '--restore'], environment(temporary));
  expect(stderr).toContain(
    `Removed ${join(temporary, living?.name ?? '')}, which a drill left that was killed, and the server that ran in it.`,
  );
  expect(isRunning(living?.pid ?? 0)).toBe(false);
  expect((await readdir(temporary)).filter((name) => name.startsWith('bailiwick-'))).toEqual([]);
}, 180_000);

test('a backup that names roles which no other server has is proven, and they are named', async () => {
  const names = ['reader of reports', 'Ünal "the auditor"', 'plain_reader', 'former_owner'].map(
    (name) => `${name} ${database.name.slice(-8)}`,
  );
  const [reader, auditor, plain, owner] = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  await withSession(database.operatorUrl, 'tests', async (client) => {
    for (const role of [reader, auditor, plain, owner]) await client.query(`create role ${role}`);
    try {
      await liftGuard(database.operatorUrl);
      await client.query(`
        grant usage on schema case_management to ${plain};
        grant select on public.people to ${reader} with grant option; grant select (id, title) on case_management.legal_cases to ${auditor};
        create policy read_all on case_management.legal_cases for select to ${plain}, ${auditor} using ((select true));
        alter default privileges for role case_management_owner in schema case_management grant select on tables to ${reader};
        grant create on schema case_management to ${owner}; create table case_management.left_behind (id int primary key);
        insert into case_management.left_behind values (1), (2); alter table case_management.left_behind owner to ${owner};
        create function case_management.of_nobody() returns int language sql return 1; alter function case_management.of_nobody() owner to ${owner};`);
      const taken = await takeBackup({ ...database, folder: join(folder, 'roles') });
      const temporary = join(folder, 'tmp-roles');
      await mkdir(temporary);
      const { exitCode, stdout, stderr } = await db(['verify', taken.path, '--restore'], environment(temporary));
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/Proven: [\d,]+ rows of \d+ tables came back/);
      for (const name of names) expect(stderr).toContain(name);
      expect(stderr).toMatch(/The backup names roles? .+, which the scratch server lacked: made there for the proof\./);
    } finally {
      await client
        .query(`drop table if exists case_management.left_behind; drop function if exists case_management.of_nobody()`)
        .catch(() => undefined);
      for (const role of [reader, auditor, plain, owner])
        await client.query(`drop owned by ${role} cascade; drop role ${role}`).catch(() => undefined);
    }
  });
}, 180_000);

test('a disk without room for a scratch server, and one that fills up, are told with TMPDIR, and nothing is left', async () => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=130m', 'tmpfs', disk]);
  } catch {
    process.stderr.write('Skipped: this machine lets no test mount a small file system.\n');
    return;
  }
  await withSession(database.operatorUrl, 'tests', async (client) =>
    client.query(
      `insert into public.org_units (id, code, name, description) select gen_random_uuid(), 'L-' || n, 'Unit', text
       from generate_series(1, 300) n, lateral (select string_agg(md5(format('%s %s', n, m)) , '') as text from generate_series(1, 6000) m) t`,
    ),
  );
  const large = await takeBackup({ ...database, folder: join(folder, 'backups') });
  const verify = async (): Promise<void> => {
    const { exitCode, stderr } = await db(['verify', large.path, '--restore'], environment(disk));
    expect(stderr).toMatch(
      /DATA_DIR_UNWRITABLE: (The disk that holds .* has not enough room for a scratch server|The folder for temporary files .* the file system is read-only)\. Nothing was proven/,
    );
    expect(stderr).toContain('Hint: Free some space there, or name a folder on another disk in TMPDIR');
    expect(exitCode).toBe(1);
  };
  try {
    // Room for the cluster, and not for what comes into it.
    await writeFile(join(disk, 'filler'), Buffer.alloc(25 * 1024 * 1024));
    await verify();
    await writeFile(join(disk, 'filler'), Buffer.alloc(100 * 1024 * 1024));
    await verify();
    expect(await readdir(disk)).toEqual(['filler']);
    await run('mount', ['-o', 'remount,ro', disk]);
    await verify();
  } finally {
    await run('umount', [disk]);
  }
}, 180_000);
