import { listBaseBackups, takeBaseBackup } from './baseBackup.js';
import { defaultKeepBase, expireArchive } from './expire.js';
import type { KeepBase } from './expire.js';
import type { Archive } from './place.js';
import { walChain } from './verifyBaseBackup.js';

/** Milliseconds: how old the newest base backup may get, and how often its age is looked at. */
const oneDay = 86_400_000;
const interval = 5 * 60_000;

export interface KeepingBase {
  /** Breaks off a base backup that is being taken; nothing of it stays. */
  stop(): Promise<void>;
}

/**
 * Takes a base backup at once where there is none that can be used, and one a day, for as long as the server runs; then removes what need not be kept.
 * What goes wrong is told, and tried again at the next look.
 */
export function keepBaseBackups(
  operatorUrl: string,
  archive: Archive,
  onStep: (sentence: string) => void,
  keep: KeepBase = defaultKeepBase,
): KeepingBase {
  const stopping = new AbortController();
  const { signal } = stopping;
  let said = '';
  const once = async () => {
    if (signal.aborted) return;
    try {
      if (await isDue(archive)) {
        const { name, bytes } = await takeBaseBackup({ operatorUrl, archive, onStep: ignoreCopying(onStep), signal });
        onStep(`Base backup ${name} taken, ${Math.ceil(bytes / 1_000_000)} MB in ${archive.baseFolder}.`);
      }
      await expireArchive(archive, keep);
      said = '';
    } catch (error) {
      const problem = `Warning: ${(error as Error).message}`;
      if (problem !== said && !signal.aborted) onStep(problem);
      said = problem;
    }
  };
  let running = once();
  const timer = setInterval(() => {
    running = running.then(once);
  }, interval);
  timer.unref();
  return {
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await running;
    },
  };
}

/** Where each start is announced anyway, what happens behind it says only how it ended. */
const ignoreCopying = (onStep: (sentence: string) => void) => (sentence: string) => {
  if (!sentence.startsWith('Cop')) onStep(sentence);
};

/** Whether there is none, the newest is a day old or dated in the future, or WAL that it needs is missing (archiving was off, or files were removed). */
async function isDue({ baseFolder, walFolder }: Archive): Promise<boolean> {
  const [newest] = await listBaseBackups(baseFolder);
  if (!newest) return true;
  const age = Date.now() - Date.parse(newest.stoppedAt);
  return age >= oneDay || age < 0 || (await walChain(newest, walFolder)).missing !== undefined;
}
