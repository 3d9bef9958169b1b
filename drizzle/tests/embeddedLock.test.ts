import { spawn } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../src/embedded/lock.js';
import type { Lock } from '../src/embedded/lock.js';
import { identityOf } from '../src/embedded/processIdentity.js';
import type { ProcessIdentity } from '../src/embedded/processIdentity.js';
import { afterwards, cleanUp, newDataDir, newFolder, postmasterPid, query, start, startOwner } from './embeddedSupport.js';

afterEach(cleanUp);

async function endedProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const identity = identityOf(child.pid);
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
  return identity;
}

async function writeLock(path: string, owner: ProcessIdentity): Promise<void> {
  await writeFile(path, JSON.stringify({ token: 'a-token', since: '2026-01-02T03:04:05.000Z', owner }));
}

describe('the lock of a data directory', () => {
  test('names its holder and since when, to a second start in another process', async () => {
    const dataDir = await newDataDir();
    await start({ dataDir });
    const { since } = JSON.parse(await readFile(join(dataDir, 'lock.json'), 'utf8')) as { since: string };
    const second = startOwner(dataDir);
    const { error } = await second.next((message) => message.error !== undefined);
    expect(error).toEqual({
      code: 'DATA_DIR_IN_USE',
      message: `The data directory ${dataDir} is in use by another process, pid ${process.pid}, since ${since}.`,
      hint: 'Stop that process, or choose another folder with --data-dir.',
    });
    expect(await second.ended).toBe(1);
  });

  test('lets exactly one of two starts through that begin at the same moment', async () => {
    const dataDir = join(await newFolder(), 'new');
    const owners = [startOwner(dataDir), startOwner(dataDir)];
    const outcomes = await Promise.all(owners.map((owner) => owner.next((message) => Boolean(message.ready ?? message.error))));
    expect(outcomes.filter(({ ready }) => ready)).toHaveLength(1);
    expect(outcomes.find(({ error }) => error)?.error?.code).toBe('DATA_DIR_IN_USE');
    owners.forEach(({ child }) => child.kill('SIGINT'));
    await Promise.all(owners.map(({ ended }) => ended));
  });

  test.each([
    ['of a process that has ended', endedProcess],
    // As after a kill: the pid is in use again, by a process that began at another time.
    ['whose pid is another process by now', async () => ({ ...identityOf(), began: '1' })],
    [
      'of before the machine started',
      async () => ({ ...identityOf(), world: identityOf().world.replace(/ [0-9a-f-]{36}/, ' earlier') }),
    ],
  ])('is taken over by exactly one of twelve, if it is one %s', async (_, makeOwner) => {
    const folder = await newFolder();
    const path = join(folder, 'lock.json');
    const owner = await makeOwner();
    for (let round = 0; round < 20; round++) {
      await writeLock(path, owner);
      const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(path, 'It')));
      const taken = attempts.filter((attempt): attempt is PromiseFulfilledResult<Lock> => attempt.status === 'fulfilled');
      expect(taken).toHaveLength(1);
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'DATA_DIR_IN_USE' });
      }
      await taken[0]?.value.release();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  test('is taken over when the one who took it over was killed in the middle', async () => {
    const path = join(await newFolder(), 'lock.json');
    const owner = await endedProcess();
    await writeLock(path, owner);
    await writeFile(`${path}.a-token`, JSON.stringify({ token: 'another', since: 'then', owner }));
    await (await takeLock(path, 'It')).release();
  });

  test('is taken over when a power cut left it empty, by exactly one', async () => {
    const folder = await newFolder();
    const path = join(folder, 'lock.json');
    await writeFile(path, '');
    const attempts = await Promise.allSettled([takeLock(path, 'It'), takeLock(path, 'It'), takeLock(path, 'It')]);
    const taken = attempts.filter((attempt): attempt is PromiseFulfilledResult<Lock> => attempt.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    await taken[0]?.value.release();
    expect(await readdir(folder)).toEqual([]);
  }, 60_000);

  test('whose content is damaged while its server runs, keeps a second start away all the same', async () => {
    const dataDir = await newDataDir();
    const server = await start({ dataDir });
    const path = join(dataDir, 'lock.json');
    const pid = await postmasterPid(join(dataDir, 'postgres'));
    await writeFile(path, (await readFile(path, 'utf8')).replace('{', '['));
    const second = startOwner(dataDir);
    const { error } = await second.next((message) => Boolean(message.ready ?? message.error));
    expect(error).toMatchObject({
      code: 'DATA_DIR_IN_USE',
      message: `The data directory ${dataDir} is in use by another process, which gives signs of life; who it is can not be read in ${path}, whose content is damaged.`,
    });
    expect(await postmasterPid(join(dataDir, 'postgres'))).toBe(pid);
    expect(await query(server.operatorUrl(), 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 60_000);

  test('of another container is held as long as its owner gives signs of life', async () => {
    const path = join(await newFolder(), 'lock.json');
    await writeLock(path, { ...identityOf(), world: 'elsewhere' });
    const touching = setInterval(() => void writeLock(path, { ...identityOf(), world: 'elsewhere' }), 500);
    afterwards(() => clearInterval(touching));
    await expect(takeLock(path, 'It')).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
  });

  test('is not given back by somebody who has lost it', async () => {
    const path = join(await newFolder(), 'lock.json');
    const lock = await takeLock(path, 'It');
    await writeLock(path, identityOf());
    await lock.release();
    expect(await readFile(path, 'utf8')).toContain('a-token');
  });
});
