import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something is so, 20 s at the most. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`After 20 s it had not come to that: ${isSo.toString()}`);
    await pause(5);
  }
}
