import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until a condition holds, looking again every few milliseconds.
 * @param milliseconds the deadline; the last look is after it.
 * @returns the first value of `condition` that is neither false, null nor undefined; undefined when the deadline passed.
 */
export async function until<T>(condition: () => T | Promise<T>, milliseconds: number): Promise<NonNullable<T> | undefined> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const isLast = performance.now() >= deadline;
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value;
    if (isLast) return undefined;
    await pause(15);
  }
}
