import { randomBytes } from 'node:crypto';
import { chmod, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { takeBaseBackup, verifyBaseBackup } from '../src/archive/baseBackup.js';
import { packWal, removeSegment } from '../src/archive/packWal.js';
import type { Archive } from '../src/archive/place.js';
import { archiveStatus } from '../src/archive/status.js';
import type { ArchiveStatus } from '../src/archive/status.js';
import { findSegment } from '../src/archive/walFiles.js';
import { serverAccount } from '../src/embedded/account.js';
import { until } from '../src/embedded/deadline.js';
import { archiveAll, recoverFrom, startArchiving, switchWal } from './archiveSupport.js';
import type { ArchivingServer } from './archiveSupport.js';
import { cleanUp, newDataDir, newFolder, postmasterPid, query } from './embeddedSupport.js';

afterEach(cleanUp);

const status = async (server: ArchivingServer): Promise<ArchiveStatus> =>
  archiveStatus(server.operatorUrl(), { archive: server.archive, logFile: join(server.dataDir, 'postgres.log') });

const took = async (server: ArchivingServer) => takeBaseBackup({ operatorUrl: server.operatorUrl(), archive: server.archive });

/** The first status that fits, within a minute. */
async function statusWithin(server: ArchivingServer, fits: (found: ArchiveStatus) => boolean): Promise<ArchiveStatus> {
  const found = await until(async () => {
    const now = await status(server);
    return fits(now) ? now : undefined;
  }, 60_000);
  return found ?? (await status(server));
}

// archiveFailures.deep.test.ts has a full disk, and kills.
describe('a folder of the archive', () => {
  test('that can not be written turns status red at once, with the archiver’s words when it has tried, and green again when it is mended; nothing is lost', async () => {
    const server = await startArchiving(await newDataDir());
    const url = server.operatorUrl();
    expect((await status(server)).red).toEqual([expect.stringMatching(/^There is no base backup/)]);
    const backup = await took(server);
    expect((await status(server)).red).toEqual([]);

    await chmod(server.archive.walFolder, 0o500);
    expect((await status(server)).red).toEqual([expect.stringMatching(/^The folder of the archive, .* can not be written/)]);
    await query(url, 'create table kept as select 1 as n');
    const segment = await switchWal(url);
    const failing = await statusWithin(server, ({ isFailing }) => isFailing);
    expect(failing.red).toContainEqual(expect.stringMatching(new RegExp(`^Archiving fails: ${segment} at .*Permission denied`)));
    expect(failing).toMatchObject({ waiting: { count: 1 }, lastFailure: { segment } });

    await chmod(server.archive.walFolder, 0o700);
    // The archiver tries again by itself within a minute; the next segment wakes it earlier.
    await query(url, 'insert into kept values (2)');
    await archiveAll(url, server.archive);
    expect((await statusWithin(server, ({ red }) => red.length === 0)).red).toEqual([]);
    await verifyBaseBackup(backup, server.archive.walFolder);
    const recovered = await recoverFrom(backup, server.archive, server);
    expect(await query(recovered.operatorUrl(), 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('that somebody removed is made again, and a base backup without its WAL is told', async () => {
    const server = await startArchiving(await newDataDir());
    await took(server);
    await rm(dirname(server.archive.folder), { recursive: true });
    expect((await status(server)).red).toEqual([
      expect.stringMatching(/^The folder of the archive, .* is not there/),
      expect.stringMatching(/^There is no base backup/),
    ]);
    expect(await until(async () => (await readdir(server.archive.baseFolder).catch(() => undefined)) && true, 30_000)).toBe(true);
    const backup = await took(server);
    await query(server.operatorUrl(), 'create table between_the_two (n int)');
    const lost = await archiveAll(server.operatorUrl(), server.archive);
    await query(server.operatorUrl(), 'create table behind_the_two (n int)');
    await archiveAll(server.operatorUrl(), server.archive);
    expect((await status(server)).red).toEqual([]);
    await packWal(server.archive).catch(() => undefined);
    await until(async () => (await findSegment(server.archive.walFolder, lost))?.isPacked, 30_000);
    await rm(join(server.archive.walFolder, `${lost}.gz`));
    expect((await status(server)).red).toEqual([expect.stringMatching(new RegExp(`^WAL segment ${lost} is missing`))]);
    await expect(verifyBaseBackup(backup, server.archive.walFolder)).rejects.toMatchObject({ code: 'BACKUP_INCOMPLETE' });
  });
});

describe('a base backup', () => {
  test('whose server is killed is not listed; the next one is whole', async () => {
    const server = await startArchiving(await newDataDir());
    const killed = takeBaseBackup({
      operatorUrl: server.operatorUrl(),
      archive: server.archive,
      onStep: () => void postmasterPid(join(server.dataDir, 'postgres')).then((pid) => process.kill(pid, 'SIGKILL')),
    });
    await expect(killed).rejects.toMatchObject({ code: 'BACKUP_FAILED' });
    expect(await readdir(server.archive.baseFolder)).toEqual([]);
    const whole = await until(async () => took(server).catch(() => undefined), 30_000);
    if (!whole) throw new Error('No base backup after the kill.');
    await verifyBaseBackup(whole, server.archive.walFolder);
  });

  test('that waits for an archive which does not come after says so, and leaves nothing', async () => {
    const server = await startArchiving(await newDataDir());
    await chmod(server.archive.walFolder, 0o500);
    await expect(
      takeBaseBackup({ operatorUrl: server.operatorUrl(), archive: server.archive, patience: 2_000 }),
    ).rejects.toMatchObject({
      code: 'BACKUP_FAILED',
      message: expect.stringMatching(/WAL segment [0-9A-F]{24} did not arrive in .* within 2 s; archiving [0-9A-F]{24} fails/),
    });
    expect(await readdir(server.archive.baseFolder)).toEqual([]);
    await chmod(server.archive.walFolder, 0o700);
  });
});

describe('packing', () => {
  /** A segment, packed or not, as gzip. */
  async function segmentBytes(walFolder: string, segment: string): Promise<Buffer> {
    await packWal({ walFolder });
    return readFile(join(walFolder, `${segment}.gz`));
  }

  async function someWal(): Promise<{ archive: Archive; segment: string; path: string }> {
    const server = await startArchiving(await newDataDir());
    await query(server.operatorUrl(), 'create table note (n int)');
    const segment = await archiveAll(server.operatorUrl(), server.archive);
    await server.stop();
    return { archive: server.archive, segment, path: join(server.archive.walFolder, segment) };
  }

  test('drops a segment that came twice, keeps one that contradicts, and removes what a kill left', async () => {
    const { archive, segment, path } = await someWal();
    const content = gunzipSync(await readFile(`${path}.gz`));
    await writeFile(path, content);
    await writeFile(`${path}.packing`, 'half');
    expect(await packWal(archive)).toEqual({ packed: 1, conflicts: [] });
    expect((await readdir(archive.walFolder)).filter((name) => name.startsWith(segment))).toEqual([`${segment}.gz`]);
    content.writeUInt8((content[5_000] ?? 0) ^ 1, 5_000);
    await writeFile(path, content);
    expect(await packWal(archive)).toEqual({ packed: 0, conflicts: [{ segment }] });
    expect((await readdir(archive.walFolder)).filter((name) => name.startsWith(segment))).toEqual([segment, `${segment}.gz`]);
  });

  test('two hundred at a time on one folder, while its server packs by itself, leave every segment once and no draft', async () => {
    const server = await startArchiving(await newDataDir());
    const { walFolder } = server.archive;
    const segments: string[] = [];
    for (let n = 0; n < 4; n++) {
      await query(server.operatorUrl(), `create table note_${n} (n int)`);
      segments.push(await archiveAll(server.operatorUrl(), server.archive));
    }
    const content = gunzipSync(await segmentBytes(walFolder, segments[0] ?? ''));
    // One comes a second time while they pack, whole at once, as the archiver does it.
    const arriving = join(dirname(walFolder), 'arriving');
    await writeFile(arriving, content);
    const calls = Array.from({ length: 200 }, async (_, n) => {
      if (n === 100) await rename(arriving, join(walFolder, segments[0] ?? ''));
      return packWal(server.archive);
    });
    for (const one of await Promise.allSettled(calls))
      expect(one).toMatchObject({ status: 'fulfilled', value: { conflicts: [] } });
    await packWal(server.archive);
    const names = await readdir(walFolder);
    expect(names.filter((name) => name.endsWith('.packing') || /^[0-9A-F]{24}$/.test(name))).toEqual([]);
    for (const segment of segments) expect(names).toContain(`${segment}.gz`);
    await server.stop();
  });

  test('a segment that is removed at any moment of its packing stays removed', async () => {
    const walFolder = await newFolder();
    const segment = '000000010000000000000014';
    const content = randomBytes(200_000);
    for (let turns = 0; turns < 150; turns++) {
      await writeFile(join(walFolder, segment), content);
      const packing = packWal({ walFolder });
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await removeSegment({ walFolder }, segment);
      expect(await packing).toMatchObject({ conflicts: [] });
      expect(await readdir(walFolder)).toEqual([]);
    }
  });

  const asRoot = process.getuid?.() === 0 && serverAccount() ? test : test.skip;

  asRoot('as root does not read through a link that the server’s account put there', async () => {
    const { archive, path } = await someWal();
    await rename(`${path}.gz`, `${path}.gz.away`);
    await symlink('/etc/shadow', path);
    await expect(packWal(archive)).rejects.toMatchObject({ code: 'ELOOP' });
  });
});
