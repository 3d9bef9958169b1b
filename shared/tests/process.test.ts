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
