import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stopAll } from '@bailiwick/kernel/process';

describe('stopAll', () => {
  test('stops what was started last first, each after the one before it has ended', async () => {
    const order: string[] = [];
    const step = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} has ended`);
    };
    await stopAll([step('database'), step('gateway')]);
    expect(order).toEqual(['gateway begins', 'gateway has ended', 'database begins', 'database has ended']);
  });

  test('a step that fails does not keep the others from running, and the first failure is thrown after them', async () => {
    const stopped: string[] = [];
    const steps = [
      async () => void stopped.push('database'),
      () => Promise.reject(new Error('the second')),
      () => Promise.reject(new Error('the first')),
    ];
    await expect(stopAll(steps)).rejects.toThrow('the first');
    expect(stopped).toEqual(['database']);
  });
});

test('promises that a list of a resolver leaves behind do not end the process, and only their causes are told', async () => {
  const program = fileURLToPath(new URL('support/rejectingProcess.ts', import.meta.url));
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, ['--conditions=bailiwick-source', '--import', 'tsx', program], (_error, out, err) =>
      resolve({ stdout: out, stderr: err }),
    );
  });
  expect(stdout).toBe('answered with 1 error\n');
  expect(stderr).toContain('INTERNAL: Error: cause 1');
  expect(stderr).toContain('INTERNAL: Error: cause 2');
  expect(stderr).not.toContain('somebody');
});
