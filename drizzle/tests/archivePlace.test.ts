import { chmod, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeBaseBackup, listBaseBackups, verifyBaseBackup } from '../src/archive/baseBackup.js';
import { archiveOf, archivesOf } from '../src/archive/place.js';
import { archiveStatus } from '../src/archive/status.js';
import { serverAccount } from '../src/embedded/account.js';
import { readLocation } from '../src/embedded/place.js';
import { archiveAll, startArchiving } from './archiveSupport.js';
import { afterwards, cleanUp, newDataDir, newFolder, query, start } from './embeddedSupport.js';

afterEach(cleanUp);

test('a cluster that was made without an archive gets one at its next start; a start without one is a gap that is told', async () => {
  const dataDir = await newDataDir();
  const before = await start({ dataDir });
  expect(await archiveOf(dataDir)).toBeUndefined();
  await before.stop();
  const server = await startArchiving(dataDir);
  const backup = await takeBaseBackup({ operatorUrl: server.operatorUrl(), archive: server.archive });
  await server.stop();
  const bare = await start({ dataDir });
  for (let n = 0; n < 2; n++) {
    await query(bare.operatorUrl(), `create table unseen_${n} (n int)`);
    await query(bare.operatorUrl(), 'select pg_switch_wal()');
  }
  await query(bare.operatorUrl(), 'checkpoint');
  await bare.stop();
  const again = await startArchiving(dataDir);
  await query(again.operatorUrl(), 'create table seen (n int)');
  await archiveAll(again.operatorUrl(), again.archive);
  expect((await archiveStatus(again.operatorUrl(), { archive: again.archive })).red).toEqual([
    expect.stringMatching(/^WAL segment [0-9A-F]{24} is missing/),
  ]);
  await expect(verifyBaseBackup(backup, again.archive.walFolder)).rejects.toMatchObject({ code: 'BACKUP_INCOMPLETE' });
  // keepBaseBackups takes a new one then.
  await takeBaseBackup({ operatorUrl: again.operatorUrl(), archive: again.archive });
  expect((await archiveStatus(again.operatorUrl(), { archive: again.archive })).red).toEqual([]);
});

test('who removes the data directory keeps the archive, and a new cluster there leaves it alone', async () => {
  const dataDir = await newDataDir();
  const first = await startArchiving(dataDir);
  const backup = await takeBaseBackup({ operatorUrl: first.operatorUrl(), archive: first.archive });
  await first.stop();
  await rm(dataDir, { recursive: true });
  expect(await archiveOf(dataDir)).toEqual(first.archive);
  const steps: string[] = [];
  const second = await startArchiving(dataDir, { onStep: (step) => steps.push(step) });
  expect(steps).toContainEqual(`The archive of the cluster that was here before is kept in ${first.archive.folder}.`);
  expect(second.archive.folder).not.toBe(first.archive.folder);
  expect(await archivesOf(dataDir)).toEqual([second.archive, first.archive]);
  expect(await listBaseBackups(first.archive.baseFolder)).toEqual([backup]);
  await verifyBaseBackup(backup, first.archive.walFolder);
  await expect(takeBaseBackup({ operatorUrl: second.operatorUrl(), archive: first.archive })).rejects.toMatchObject({
    code: 'BACKUP_FAILED',
    message: expect.stringContaining('is the archive of another one'),
  });
});

test('a folder that holds something else is left alone; the database starts, and status is red', async () => {
  const dataDir = await newDataDir();
  await mkdir(`${dataDir}-archive`);
  await writeFile(join(`${dataDir}-archive`, 'thesis.txt'), 'mine');
  const steps: string[] = [];
  const server = await startArchiving(dataDir, { onStep: (step) => steps.push(step) });
  expect(steps).toContainEqual(
    expect.stringMatching(
      /^Warning: nothing can be archived, because .*data-archive can not be prepared: it holds something else .*thesis.txt/,
    ),
  );
  expect((await archiveStatus(server.operatorUrl(), { archive: server.archive })).red).toContainEqual(
    expect.stringMatching(/^The folder of the archive, .* is not there/),
  );
  await server.stop();
  expect(await readdir(`${dataDir}-archive`)).toEqual(['thesis.txt']);
});

test('whose note is damaged or lost is known by what it holds, and goes on', async () => {
  const dataDir = await newDataDir();
  const first = await startArchiving(dataDir);
  const backup = await takeBaseBackup({ operatorUrl: first.operatorUrl(), archive: first.archive });
  await first.stop();
  const note = join(`${dataDir}-archive`, 'bailiwick-archive.json');
  for (const spoil of [async () => writeFile(note, '|"holds": "arch'), async () => writeFile(note, ''), async () => rm(note)]) {
    await spoil();
    const steps: string[] = [];
    const server = await startArchiving(dataDir, { onStep: (step) => steps.push(step) });
    expect(steps).toContain(`${note} was damaged or lost; it is written anew.`);
    expect(server.archive).toEqual(first.archive);
    expect(await archiveOf(dataDir)).toEqual(first.archive);
    expect((await archiveStatus(server.operatorUrl(), { archive: server.archive })).red).toEqual([]);
    await server.stop();
  }
  await verifyBaseBackup(backup, first.archive.walFolder);
}, 60_000);

const asRoot = process.getuid?.() === 0 && serverAccount() ? test : test.skip;

asRoot(
  'below a folder that the server’s account can not enter, the archive lies elsewhere and is found by the path alone',
  async () => {
    const folder = await newFolder();
    const dataDir = join(folder, 'data');
    await chmod(folder, 0o700);
    const server = await startArchiving(dataDir);
    const { cluster = '' } = (await readLocation(dataDir)) ?? {};
    afterwards(async () => {
      for (const path of [join(cluster, '..'), join(server.archive.folder, '..')])
        await rm(path, { recursive: true, force: true });
    });
    afterwards(() => server.stop());
    expect(server.archive.folder).toMatch(/^\/var\/lib\/bailiwick\/archive-[0-9a-f]{16}\/\d+$/);
    const backup = await takeBaseBackup({ operatorUrl: server.operatorUrl(), archive: server.archive });
    await server.stop();
    await rename(dataDir, `${dataDir}.gone`);
    expect(await archiveOf(dataDir)).toEqual(server.archive);
    await verifyBaseBackup(backup, server.archive.walFolder);
  },
);

test('what the server needs is written for each start, and nothing of it for a server that does not archive', async () => {
  const dataDir = await newDataDir();
  const server = await startArchiving(dataDir);
  const settings = async () => readFile(join(dataDir, 'postgres', 'bailiwick.conf'), 'utf8');
  expect(await settings()).toContain(`basic_archive.archive_directory = '${server.archive.walFolder}'`);
  await server.stop();
  await start({ dataDir });
  expect(await settings()).not.toContain('archive');
});
