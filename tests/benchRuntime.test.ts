import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { chooseRuntime, versionsOf } from './bench/performance/runtime.js';

let folder: string;
const here = { node: process.execPath, version: process.version };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-runtime-'));
});

afterAll(() => rm(folder, { recursive: true }));

const nobodyNeeds = async (): Promise<undefined> => undefined;

/** An executable that says it is this version. */
async function saying(version: string): Promise<{ node: string; version: string }> {
  const node = join(folder, version);
  await writeFile(node, `#!/bin/sh\necho ${version}\n`);
  await chmod(node, 0o755);
  return { node, version };
}

describe('the Node that runs the contenders', () => {
  test('is the bench’s own where no contender needs a newer one, or the one that was asked for', async () => {
    const old = await saying('v20.19.0');
    expect(await chooseRuntime(undefined, nobodyNeeds)).toEqual({ ...here, postgraphile: here });
    expect(await chooseRuntime(old.node, nobodyNeeds)).toEqual({ ...old, postgraphile: old });
  });

  test('is the one that was asked for, for all of them, where that is new enough for PostGraphile', async () => {
    const [enough, newest] = [await saying('v22.0.0'), await saying('v99.0.0')];
    expect(await chooseRuntime(enough.node, async () => newest.node)).toEqual({ ...enough, postgraphile: enough });
  });

  test('is the newer one for PostGraphile only, where an older one was asked for', async () => {
    const [old, newest] = [await saying('v21.9.9'), await saying('v99.0.0')];
    expect(await chooseRuntime(old.node, async () => newest.node)).toEqual({ ...old, postgraphile: newest });
  });

  test('is the newer one for all where the bench’s own is too old, and none was asked for', async () => {
    const newest = await saying('v99.0.0');
    const isOld = Number(process.versions.node.split('.')[0]) < 22;
    const all = isOld ? newest : here;
    expect(await chooseRuntime(undefined, async () => newest.node)).toEqual({ ...all, postgraphile: all });
  });

  test('is told with every other Node that takes part', () => {
    expect(versionsOf({ ...here, postgraphile: here }, ['postgraphile'])).toEqual({ node: process.version });
    const newest = { node: '/newest', version: 'v99.0.0' };
    expect(versionsOf({ ...here, postgraphile: newest }, ['limit', 'hiveBest'])).toEqual({ node: process.version });
    expect(versionsOf({ ...here, postgraphile: newest }, ['limit', 'postgraphile'])).toEqual({
      node: process.version,
      "PostGraphile's Node": 'v99.0.0',
    });
    expect(versionsOf({ ...newest, postgraphile: newest }, ['postgraphile'])).toEqual({
      node: 'v99.0.0',
      "the bench's own Node": process.version,
    });
  });

  test.each([
    ['/no/such/node', /^\/no\/such\/node can not be run as Node: .*ENOENT.* Give the file of a Node executable with --node\.$/],
    [`${process.execPath}/node`, /\/node can not be run as Node: .*ENOTDIR.* Give the file/],
    ['', /^An empty text can not be run as Node: .* Give the file/],
    ['/bin/echo', /^\/bin\/echo is no Node: its version is ".+"\. Give the file/],
  ])('is refused with what to give instead, before anything is installed, where it is %p', async (file, message) => {
    const install = jest.fn(nobodyNeeds);
    await expect(chooseRuntime(file, install)).rejects.toThrow(message);
    expect(install).not.toHaveBeenCalled();
  });
});
