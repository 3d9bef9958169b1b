import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listBaseBackups, takeBaseBackup, verifyBaseBackup } from '../src/archive/baseBackup.js';
import { archiveOf } from '../src/archive/place.js';
import { archiveStatus } from '../src/archive/status.js';
import type { ArchiveStatus } from '../src/archive/status.js';
import { until } from '../src/embedded/deadline.js';
import { nodeArguments } from '../../tests/support/programs.js';
import { archiveAll, recoverFrom, startArchiving, switchWal } from './archiveSupport.js';
import type { ArchivingServer } from './archiveSupport.js';
import { afterwards, cleanUp, newDataDir, newFolder, postmasterPid, query, startOwner } from './embeddedSupport.js';

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

describe('a folder of the archive', () => {
  const mounts = spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d; s=$?; rmdir $d; exit $s',
  ]);
  const whereMounts = mounts.status === 0 ? test : test.skip;

  whereMounts('on a full disk turns status red and waits; with room again nothing is lost', async () => {
    const folder = await newFolder();
    const dataDir = join(folder, 'data');
    const disk = `${dataDir}-archive`;
    await mkdir(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100m,mode=755', 'tmpfs', disk]);
    afterwards(() => spawnSync('umount', [disk]));
    const server = await startArchiving(dataDir);
    const url = server.operatorUrl();
    const backup = await took(server);
    const filler = join(server.archive.folder, 'filler');
    spawnSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=1M 2>/dev/null`]);
    expect((await status(server)).red).toEqual([expect.stringMatching(/^The disk of the archive is full: 0 MB are free/)]);
    await query(url, 'create table kept as select 1 as n');
    await switchWal(url);
    const failing = await statusWithin(server, ({ isFailing }) => isFailing);
    expect(failing.red).toContainEqual(expect.stringMatching(/^Archiving fails: .*No space left on device/));
    await expect(takeBaseBackup({ operatorUrl: url, archive: server.archive })).rejects.toMatchObject({
      code: 'BACKUP_FOLDER_UNWRITABLE',
      message: expect.stringContaining('is full'),
    });
    expect(await readdir(server.archive.baseFolder)).toEqual([backup.name]);

    await rm(filler);
    await query(url, 'insert into kept values (2)');
    await archiveAll(url, server.archive);
    expect((await statusWithin(server, ({ red }) => red.length === 0)).red).toEqual([]);
    await verifyBaseBackup(backup, server.archive.walFolder);
  });
});

describe('kill -9', () => {
  test('of our process and of PostgreSQL while it archives and takes base backups: nothing that was committed is lost', async () => {
    const dataDir = await newDataDir();
    for (const victim of ['process', 'server', 'both'] as const) {
      const owner = startOwner(dataDir, { program: nodeArguments('drizzle/tests/archiveOwner.ts') });
      const { ready } = await owner.next((message) => message.ready !== undefined);
      if (!ready) throw new Error('never ready');
      await query(ready.url, 'create table if not exists written (n int)');
      // A base backup is begun as soon as it is ready.
      const archive = await archiveOf(dataDir);
      if (!archive) throw new Error('no archive');
      const isBegun = async () => (await readdir(archive.baseFolder)).some((name) => name.endsWith('.partial'));
      expect(await until(isBegun, 30_000)).toBe(true);
      for (let n = 0; n < 5; n++) {
        await query(ready.url, `insert into written select generate_series(1, 1000)`);
        await switchWal(ready.url);
      }
      const pid = await postmasterPid(join(dataDir, 'postgres'));
      // The first base backup may be complete by now, and another one is begun.
      expect(await until(isBegun, 30_000)).toBe(true);
      if (victim !== 'server') owner.child.kill('SIGKILL');
      if (victim !== 'process') process.kill(pid, 'SIGKILL');
      if (victim === 'server') await owner.next(({ step }) => step?.startsWith('PostgreSQL runs again') === true);
      owner.child.kill('SIGKILL');
      await owner.ended;
    }
    const steps: string[] = [];
    const server = await startArchiving(dataDir);
    const backup = await takeBaseBackup({
      operatorUrl: server.operatorUrl(),
      archive: server.archive,
      onStep: (step) => steps.push(step),
    });
    expect(steps).toContainEqual(expect.stringMatching(/^Removed the base backup \d{8}T\d{9}Z, which was never finished\.$/));
    expect((await readdir(server.archive.baseFolder)).filter((name) => !/^\d{8}T\d{9}Z$/.test(name))).toEqual([]);
    await archiveAll(server.operatorUrl(), server.archive);
    const all = await listBaseBackups(server.archive.baseFolder);
    for (const one of [backup, ...all]) await verifyBaseBackup(one, server.archive.walFolder);
    const oldest = all.at(-1) ?? backup;
    const recovered = await recoverFrom(oldest, server.archive, server);
    expect(await query(recovered.operatorUrl(), 'select count(*)::int as n from written')).toEqual([{ n: 15_000 }]);
  });
});
