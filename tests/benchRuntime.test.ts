import { chooseRuntime, versionsOf } from './bench/performance/runtime.js';

const here = { node: process.execPath, version: process.version };

describe('the Node that runs the contenders', () => {
  test('is this one where no newer one is installed, and where it is the one that was asked for', async () => {
    expect(await chooseRuntime(undefined, false)).toEqual({ ...here, postgraphile: here });
    expect(await chooseRuntime(process.execPath, false)).toEqual({ ...here, postgraphile: here });
  });

  test('is told once where all have the same, and twice where PostGraphile has another', () => {
    expect(versionsOf({ ...here, postgraphile: here }, ['postgraphile'])).toEqual({ node: process.version });
    const newer = { ...here, postgraphile: { node: '/newer/node', version: 'v99.0.0' } };
    expect(versionsOf(newer, ['limit', 'hiveBest'])).toEqual({ node: process.version });
    expect(versionsOf(newer, ['limit', 'postgraphile'])).toEqual({
      node: process.version,
      "PostGraphile's Node": 'v99.0.0',
    });
  });

  test('is refused with its file and what to give instead, where it is none', async () => {
    await expect(chooseRuntime('/no/such/node', false)).rejects.toThrow(
      /^\/no\/such\/node can not be run as Node: .*ENOENT.* Give the file of a Node executable, of version 22 or newer, with --node\.$/,
    );
    await expect(chooseRuntime('/bin/echo', false)).rejects.toThrow(
      /^\/bin\/echo is no Node: its version is ".+"\. Give the file/,
    );
  });
});
