import { chown, cp, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { listBaseBackups, takeBaseBackup, verifyBaseBackup } from '../src/archive/baseBackup.js';
import type { BaseBackup } from '../src/archive/baseBackup.js';
import { damagedBaseBackups } from '../src/archive/baseManifest.js';
import { expireArchive } from '../src/archive/expire.js';
import { keepBaseBackups } from '../src/archive/keepBase.js';
import { packWal } from '../src/archive/packWal.js';
import { archiveOf } from '../src/archive/place.js';
import { archiveStatus, describeArchive } from '../src/archive/status.js';
import { archivedSegments } from '../src/archive/walFiles.js';
import { sha256Of } from '../src/backup/manifest.js';
import { serverAccount } from '../src/embedded/account.js';
import { until } from '../src/embedded/deadline.js';
import { giveTo } from '../src/embedded/place.js';
import { archiveAll, recoverFrom, startArchiving } from './archiveSupport.js';
import type { ArchivingServer } from './archiveSupport.js';
import { cleanUp, newDataDir, newFolder, query } from './embeddedSupport.js';

let server: ArchivingServer;
let url: string;
let dataDir: string;

beforeAll(async () => {
  dataDir = await newDataDir();
  server = await startArchiving(dataDir);
  url = server.operatorUrl();
});
afterAll(cleanUp);

const take = async (onStep?: (step: string) => void) => takeBaseBackup({ operatorUrl: url, archive: server.archive, onStep });

test('what was written after a base backup comes back from it and the archived WAL, packed and plain', async () => {
  await query(url, `create table note (n int); insert into note values (1)`);
  const backup = await take();
  await query(url, 'insert into note values (2)');
  await archiveAll(url, server.archive);
  expect(await packWal(server.archive)).toMatchObject({ conflicts: [] });
  await query(url, 'insert into note values (3)');
  const plain = await archiveAll(url, server.archive);

  expect(await archiveOf(dataDir)).toEqual(server.archive);
  expect(await listBaseBackups(server.archive.baseFolder)).toEqual([backup]);
  expect(await verifyBaseBackup(backup, server.archive.walFolder)).toMatchObject({ lastSegment: plain });
  // One of the segments as it is before it is packed.
  const walFolder = join(await newFolder(), 'wal');
  await packWal(server.archive);
  await cp(server.archive.walFolder, walFolder, { recursive: true });
  await writeFile(join(walFolder, plain), gunzipSync(await readFile(join(walFolder, `${plain}.gz`))));
  await rm(join(walFolder, `${plain}.gz`));
  await verifyBaseBackup(backup, walFolder);
  await giveTo(serverAccount(), walFolder);
  const recovered = await recoverFrom(backup, { ...server.archive, walFolder }, server);
  expect(await query(recovered.operatorUrl(), 'select n from note order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('tables are made, filled and dropped while two base backups are taken at once: both are whole', async () => {
  let isWriting = true;
  const write = async () => {
    for (let n = 0; isWriting; n++) {
      await query(url, `create table busy_${n} as select repeat('x', 500) from generate_series(1, 500)`);
      await query(url, `insert into note values (4); drop table busy_${n}`);
    }
  };
  const writing = write();
  const backups = await Promise.all([take(), take()]).finally(() => (isWriting = false));
  await writing;
  expect(new Set(backups.map(({ name }) => name)).size).toBe(2);
  for (const backup of backups) await verifyBaseBackup(backup, server.archive.walFolder);
  expect(await listBaseBackups(server.archive.baseFolder)).toHaveLength(3);
  const [count] = await query<{ n: string }>(url, 'select count(*) as n from note');
  await archiveAll(url, server.archive);
  const recovered = await recoverFrom(backups[1], server.archive, server);
  expect(await query(recovered.operatorUrl(), 'select count(*) as n from note')).toEqual([count]);
});

test('tablespaces are copied as folders, so that a server on the copy does not write where the living one does', async () => {
  const place = await newFolder();
  const account = serverAccount();
  if (account) await chown(place, account.uid, account.gid);
  await query(url, `create tablespace far location '${place}'`);
  await query(url, `create table far_note tablespace far as select 7 as n`);
  const backup = await take();
  await archiveAll(url, server.archive);
  await query(url, 'drop table far_note');
  await query(url, 'drop tablespace far');
  expect(backup.tablespaceMap).toContain(place);
  const recovered = await recoverFrom(backup, server.archive, server);
  expect(await query(recovered.operatorUrl(), 'select n from far_note')).toEqual([{ n: 7 }]);
});

describe('verify names', () => {
  let backup: BaseBackup;
  let walFolder: string;
  let segment: string;

  beforeAll(async () => {
    backup = await take();
    await query(url, 'insert into note values (5)');
    segment = await archiveAll(url, server.archive);
    await query(url, 'insert into note values (6)');
    await archiveAll(url, server.archive);
    // Copies, so that nothing packs or expires them meanwhile.
    const folder = await newFolder();
    await packWal(server.archive);
    await cp(server.archive.walFolder, (walFolder = join(folder, 'wal')), { recursive: true });
    await cp(backup.path, join(folder, backup.name), { recursive: true });
    backup = { ...backup, path: join(folder, backup.name), clusterPath: join(folder, backup.name, 'cluster') };
  });

  /** Damages a file, looks what verify says, and mends it. */
  async function said(path: string, damage: () => Promise<unknown>): Promise<unknown> {
    const before = await readFile(path);
    await damage();
    const error = await verifyBaseBackup(backup, walFolder).catch((caught: Error) => caught);
    await writeFile(path, before);
    return error;
  }

  const flip = async (path: string, at: number) => {
    const file = await open(path, 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
    await file.close();
  };

  test.each([
    ['a flipped byte', 'BACKUP_CORRUPT', async (path: string) => flip(path, 100)],
    ['a file cut short', 'BACKUP_CORRUPT', async (path: string) => writeFile(path, 'x')],
    ['a missing file', 'BACKUP_INCOMPLETE', async (path: string) => rm(path)],
  ])('%s', async (_, code, damage) => {
    const path = join(backup.clusterPath, 'global', 'pg_control');
    expect(await said(path, async () => damage(path))).toMatchObject({
      code,
      message: expect.stringContaining('global/pg_control'),
    });
  });

  test('nothing when all is well', async () => {
    expect(await verifyBaseBackup(backup, walFolder)).toMatchObject({ segments: 3 });
  });

  test('an extra file', async () => {
    const path = join(backup.clusterPath, 'base', 'extra');
    await writeFile(path, '');
    await expect(verifyBaseBackup(backup, walFolder)).rejects.toMatchObject({
      code: 'BACKUP_INCOMPLETE',
      message: expect.stringContaining('base/extra'),
    });
    await rm(path);
  });

  test('a missing segment', async () => {
    const path = join(walFolder, `${segment}.gz`);
    expect(await said(path, async () => rm(path))).toMatchObject({
      code: 'BACKUP_INCOMPLETE',
      message: expect.stringContaining(`WAL segment ${segment} is missing`),
    });
  });

  test('a flipped byte in a packed segment', async () => {
    const path = join(walFolder, `${segment}.gz`);
    expect(await said(path, async () => flip(path, 1_000))).toMatchObject({
      code: 'BACKUP_CORRUPT',
      message: expect.stringContaining(`${segment}.gz can not be read`),
    });
  });

  test.each([
    ['of another place', (content: Buffer) => content.writeUInt8((content[9] ?? 0) ^ 1, 9), 'does not begin like'],
    ['of another cluster', (content: Buffer) => content.writeUInt8((content[24] ?? 0) ^ 1, 24), 'does not begin like'],
    ['that is too short', (content: Buffer) => content.fill(0, 0, 0), 'bytes instead of 16777216'],
  ])('a segment %s', async (what, change, words) => {
    const path = join(walFolder, `${segment}.gz`);
    const damage = async () => {
      const content = gunzipSync(await readFile(path));
      change(content);
      await writeFile(path, gzipSync(what.includes('short') ? content.subarray(0, 8_192) : content, { level: 1 }));
    };
    expect(await said(path, damage)).toMatchObject({ code: 'BACKUP_CORRUPT', message: expect.stringContaining(words) });
  });

  test('a manifest that was changed, which takes the backup from the list', async () => {
    const path = join(backup.path, 'manifest.json');
    expect(await said(path, async () => flip(path, 40))).toMatchObject({ code: 'BACKUP_CORRUPT' });
    const listed = await listBaseBackups(dirname(backup.path));
    expect(listed.map(({ name }) => name)).toEqual([backup.name]);
    await flip(path, 40);
    expect(await listBaseBackups(dirname(backup.path))).toEqual([]);
    expect(await damagedBaseBackups(dirname(backup.path))).toMatchObject([
      { name: backup.name, fault: { code: 'BACKUP_CORRUPT' } },
    ]);
  });
});

describe('a base backup that a wrong clock dated in the future', () => {
  test('is neither the newest for ever, nor taken for it: one new one is made, and no more; WAL that it needs stays', async () => {
    const earlier = await take();
    await query(url, 'insert into note values (7)');
    await archiveAll(url, server.archive);
    // As if it had been taken ten years ahead.
    const manifest = JSON.parse(await readFile(join(earlier.path, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    const name = '20990101T000000000Z';
    const text = JSON.stringify({
      ...manifest,
      name,
      startedAt: '2099-01-01T00:00:00.000Z',
      stoppedAt: '2099-01-01T00:00:01.000Z',
    });
    await rename(earlier.path, join(server.archive.baseFolder, name));
    await writeFile(join(server.archive.baseFolder, name, 'manifest.json'), text);
    await writeFile(join(server.archive.baseFolder, name, 'manifest.sha256'), `${sha256Of(text)}  manifest.json\n`);
    const names = async () => (await listBaseBackups(server.archive.baseFolder)).map((one) => one.name);
    const before = await names();
    expect(before[0]).toBe(name);

    const told: string[] = [];
    // Its first look is done when it has been stopped; each start looks once.
    const look = async () => {
      const count = (await names()).length;
      const keeping = keepBaseBackups(url, server.archive, (step) => told.push(step), { last: 99, days: 99 });
      const isTaken = await until(async () => (await names()).length > count || undefined, 5_000);
      await keeping.stop();
      return isTaken === true;
    };
    expect(await look()).toBe(true);
    const after = await names();
    expect(after.slice(1)).toEqual(before);
    expect(await look()).toBe(false);
    expect(told.filter((one) => one.startsWith('Warning'))).toEqual([]);

    // With no more than two kept, the one from the future is the older of them, and can still be used.
    await expireArchive(server.archive, { last: 2, days: 0 });
    const [newest, future] = await listBaseBackups(server.archive.baseFolder);
    expect([newest?.name, future?.name]).toEqual([after[0], name]);
    await packWal(server.archive);
    expect((await archivedSegments(server.archive.walFolder))[0]).toBe(future?.startSegment);
    if (future) await verifyBaseBackup(future, server.archive.walFolder);
    const status = describeArchive(await archiveStatus(url, { archive: server.archive }), new Date('2020-01-01T00:00:00Z'));
    expect(status).toMatch(/Newest base backup: .+, which is in the future: a clock was or is wrong/);
    expect(status).not.toMatch(/-\d+ s/);
    for (let n = 0; n < 3; n++) await take();
  });
});

describe('what need not be kept goes, and', () => {
  const later = (days: number) => new Date(Date.now() + days * 86_400_000);

  test('a base backup stays while it is needed to recover a moment of the last day', async () => {
    const before = await listBaseBackups(server.archive.baseFolder);
    expect(before.length).toBeGreaterThan(3);
    expect(await expireArchive(server.archive)).toMatchObject({ baseBackups: [] });
    // Only the newest is within the last day then, and the one before it is what leads there.
    const [newest] = before;
    const at = new Date(Date.parse(newest?.stoppedAt ?? '') + 86_400_000 - 1);
    expect((await expireArchive(server.archive, { last: 1, days: 1 }, at)).baseBackups).toEqual(
      before.slice(2).map(({ name }) => name),
    );
    expect(await listBaseBackups(server.archive.baseFolder)).toEqual(before.slice(0, 2));
  });

  test('WAL from the start of the oldest that is kept stays, and leads to the end', async () => {
    const [newest, oldest] = await listBaseBackups(server.archive.baseFolder);
    await packWal(server.archive);
    expect(await archivedSegments(server.archive.walFolder)).toContain(oldest?.startSegment);
    for (const backup of [newest, oldest]) if (backup) await verifyBaseBackup(backup, server.archive.walFolder);
    expect((await archivedSegments(server.archive.walFolder))[0]).toBe(oldest?.startSegment);
  });

  test('no WAL goes while a base backup is being taken, which may have begun before', async () => {
    const another = await take();
    const partial = join(server.archive.baseFolder, '20990101T000000000Z.partial');
    await cp(another.path, partial, { recursive: true });
    expect(await expireArchive(server.archive, { last: 1, days: 0 }, later(1))).toMatchObject({ walFiles: 0 });
    await rm(partial, { recursive: true });
    expect((await expireArchive(server.archive, { last: 1, days: 0 }, later(1))).walFiles).toBeGreaterThan(0);
  });

  test('the newest base backup is never removed', async () => {
    const [newest] = await listBaseBackups(server.archive.baseFolder);
    await expireArchive(server.archive, { last: 0, days: 0 }, later(1000));
    expect(await listBaseBackups(server.archive.baseFolder)).toEqual([newest]);
  });

  test('nothing is removed from a folder without our mark', async () => {
    const marker = join(dirname(server.archive.folder), 'bailiwick-archive.json');
    await rename(marker, `${marker}.away`);
    const before = await readdir(server.archive.walFolder);
    await expect(expireArchive(server.archive, { last: 1, days: 0 }, later(9))).rejects.toMatchObject({
      code: 'BACKUP_FOLDER_INVALID',
    });
    expect(await readdir(server.archive.walFolder)).toEqual(before);
    await rename(`${marker}.away`, marker);
  });
});
