import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findBackup, listBackups } from '@bailiwick/database/backup/folder';
import { holdBackup } from '@bailiwick/database/backup/inUse';
import { sha256Of } from '@bailiwick/database/backup/manifest';
import { describeBackups } from '@bailiwick/database/backup/record';
import { applyKeep, parseKeep } from '@bailiwick/database/backup/retention';
import { takeBackup } from '@bailiwick/database/backup/takeBackup';
import type { BackupOptions } from '@bailiwick/database/backup/takeBackup';
import { identityOf } from '@bailiwick/database/embedded/processIdentity';
import { silentProgress } from '@bailiwick/database/import/progress';
import { withSession } from '@bailiwick/database/setup/connect';
import { dueJobs, readDone } from '@bailiwick/database/schedule/state';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';
import { db, environmentOf } from './backupSupport.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-faults-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const query = async (sql: string, values: unknown[] = []): Promise<void> =>
  withSession(database.operatorUrl, 'tests', async (client) => {
    await client.query(sql, values);
  });

/** Takes a backup, and returns what it told beside. */
async function take(root: string, options: Partial<BackupOptions> = {}) {
  const told: string[] = [];
  const backup = await takeBackup({ ...database, folder: root, onStep: (sentence) => told.push(sentence), ...options });
  return { ...backup, told };
}

/** The same backup, as if a clock had said something else. */
async function redate(root: string, path: string, at: Date): Promise<string> {
  const name = at.toISOString().replaceAll(/[-:.]/g, '');
  await cp(path, join(root, name), { recursive: true });
  const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as object;
  const text = JSON.stringify({ ...manifest, name, takenAt: at.toISOString() });
  await writeFile(join(root, name, 'manifest.json'), text);
  await writeFile(join(root, name, 'manifest.sha256'), `${sha256Of(text)}  manifest.json\n`);
  return name;
}

test('somebody who waits for a table does not make the sessions of a backup wait for each other', async () => {
  await query(`set role case_management_owner;
    create table case_management.largest (a text); insert into case_management.largest select md5(n::text) from generate_series(1, 400000) n;
    create table case_management.large (a text); insert into case_management.large select md5(n::text) from generate_series(1, 60000) n`);
  let waiting: Promise<void> | undefined;
  const { manifest } = await take(join(folder, 'locks'), {
    level: 9,
    progress: {
      ...silentProgress,
      // The leader reads the largest table, the other session the next one; everything else is still to come.
      advance: () => {
        waiting ??= query('begin; lock table public.org_units, public.people in access exclusive mode; rollback');
      },
    },
  });
  await waiting;
  expect(manifest.tables.find(({ name }) => name === 'largest')?.rows).toBe(400_000);
}, 60_000);

test('what no backup saves is told, and stands in the manifest', async () => {
  await query(`create schema elsewhere; create table elsewhere.forgotten (id int); select lo_create(0);
    set role case_management_owner; create table case_management.parted (id int primary key) partition by list (id);
    create table case_management.parted_1 partition of case_management.parted for values in (1);
    create table case_management.nothing (); create table case_management.child () inherits (case_management.tasks)`);
  const { manifest, told } = await take(join(folder, 'unsaved'));
  expect(manifest.notSaved).toEqual([
    '1 large objects',
    'table case_management.nothing, which has no column that could be saved',
    'table elsewhere.forgotten, whose schema is none of those that are saved',
    'that case_management.child inherits from case_management.tasks',
    'the partitioned table case_management.parted, only the rows of its partitions',
    'table case_management.parted_1, as a partition, with the keys that it has as one',
  ]);
  expect(told.join('\n')).toContain('Warning: this backup does not have 1 large objects; table case_management.nothing');
  await query(`alter database ${database.name} set zero_damaged_pages = on`);
  const blind = await take(join(folder, 'unsaved'));
  expect(blind.told.join('\n')).toContain('Warning: zero_damaged_pages is on: PostgreSQL reads over damaged pages');
  await query(`alter database ${database.name} reset zero_damaged_pages`);
});

test('a backup that is missing in the record is noted by the next run', async () => {
  const root = join(folder, 'noted');
  const { manifest, manifestChecksum } = await take(root);
  await query('delete from guard.backups where manifest_checksum = $1', [manifestChecksum]);
  const { told } = await take(root);
  expect(told).toContain(`Noted backup ${manifest.name} in guard.backups, where it was missing.`);
  expect((await take(root)).told.filter((sentence) => sentence.startsWith('Noted'))).toEqual([]);
});

describe('a clock that jumps', () => {
  test('neither lets --keep remove what was just taken, nor fill its places with backups of the future', async () => {
    const root = join(folder, 'clock');
    const first = await take(root);
    const year = 365 * 86_400_000;
    const future = [
      await redate(root, first.path, new Date(Date.now() + year)),
      await redate(root, first.path, new Date(Date.now() + 2 * year)),
    ];
    const second = await take(root);
    const told: string[] = [];
    const removed = await applyKeep(root, parseKeep('last=1'), {
      justTaken: second.manifest.name,
      onStep: (one) => told.push(one),
    });
    expect(removed).toEqual([first.manifest.name]);
    expect(told.filter((one) => one.includes('which is in the future. --keep leaves it alone.'))).toHaveLength(2);
    expect((await listBackups(root)).map(({ name }) => name)).toEqual([...future.reverse(), second.manifest.name]);
    expect(basename((await findBackup(root, undefined)).path)).toBe(second.manifest.name);
    // The clock went back since: even the newest is not what was just taken.
    const past = await redate(root, second.path, new Date(Date.now() - year));
    expect(await applyKeep(root, parseKeep('last=1'), { justTaken: past })).toEqual([]);
  });

  test('turns db status red when it dated the last proof in the future, and no age is below nothing', async () => {
    const { manifestChecksum } = await take(join(folder, 'proven'));
    await query(`update guard.backups set proven_at = now() - interval '1 hour' where manifest_checksum = $1`, [
      manifestChecksum,
    ]);
    const status = async () => (await db(['status'], environmentOf(database, join(folder, 'data')))).stdout;
    expect(await status()).not.toContain('RED: The last proven restore');
    await query(`update guard.backups set proven_at = now() + interval '1 year' where manifest_checksum = $1`, [
      manifestChecksum,
    ]);
    const told = await status();
    expect(told).toMatch(/^Last proven restore: \S+, proven \S+, which is in the future: a clock was or is wrong\.$/m);
    expect(told).toMatch(/^RED: The last proven restore says that it was at \S+, which is in the future: .+ verify --restore$/m);
    expect(told).not.toMatch(/-\d+ (s|min|h|days)/);
    // One that is known to be true counts before it.
    const other = await take(join(folder, 'proven'));
    await query(`update guard.backups set proven_at = now() where manifest_checksum = $1`, [other.manifestChecksum]);
    expect(await status()).toContain(`Last proven restore: ${other.manifest.name}, proven `);
  });

  test('leaves the schedule at work: a backup of the future is not today\u2019s', async () => {
    const root = join(folder, 'scheduled');
    const taken = await take(root);
    const year = 365 * 86_400_000;
    const future = await redate(root, taken.path, new Date(Date.now() + year));
    await rm(taken.path, { recursive: true });
    const now = new Date();
    const schedule = {
      folder: root,
      backupAt: { hour: 3, minute: 15 },
      proofAt: { hour: 3, minute: 45 },
      proofOn: 'sunday',
    } as const;
    expect(dueJobs(schedule, await readDone(root, now), now)).toContain('backup');
    const health = await db(['schedule', '--health', '--to', root], environmentOf(database, join(folder, 'data')));
    expect(health).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('BACKUP_OVERDUE: There is no backup in ') });
    expect((await take(root)).manifest.name < future).toBe(true);
    expect(dueJobs(schedule, await readDone(root, new Date()), new Date())).toEqual(['proof']);
  });

  test('is told by db status', () => {
    const at = new Date(Date.now() + 86_400_000);
    const last = { name: 'x', folder: '/x', onlySchema: null, takenAt: at, rows: 1, provenAt: null };
    expect(describeBackups({ last, lastProven: null })).toContain('which is in the future: a clock was or is wrong');
  });
});

test('--keep leaves a backup alone that is being read, and takes it when the reader was killed', async () => {
  const root = join(folder, 'read');
  const first = await take(root);
  const second = await take(root);
  const { release } = await holdBackup(root, first.manifest.name);
  const told: string[] = [];
  expect(await applyKeep(root, parseKeep('last=1'), { onStep: (one) => told.push(one) })).toEqual([]);
  expect(told).toEqual([`Backup ${first.manifest.name} is being read; the next run with --keep removes it.`]);
  await release();
  // The pid is another process's by now.
  const owner = { ...identityOf(), began: '1' };
  await writeFile(`${first.path}.0.in-use`, JSON.stringify({ token: 'x', since: '', owner }));
  expect(await applyKeep(root, parseKeep('last=1'))).toEqual([first.manifest.name]);
  expect((await readdir(root)).sort()).toEqual([second.manifest.name, 'bailiwick-backups.json']);
});
