import type { Results } from './results.js';

/** A ratio may fall so far below the recorded one before it counts as slower: machines and neighbours differ. */
const mayFall = 0.2;

/** How often what fell is measured in all: other work on the machine may have met one contender more than the other. */
const measuredAtMost = 3;

/** What is recorded, in a file of --record: the ratios of CPU time a request that are held, and whence they are. Throughput swings too far to be held. */
export interface Recorded {
  readonly cpuRatios: Readonly<Record<string, number>>;
}

/** Ours, whose ratios are held; those of the others among themselves are theirs. */
const ours = ['oneProcess', 'workers', 'separate'];

/** What --record writes: our ratios against everybody else, and what they were measured on. */
export function recordOf({ cpuRatios, machine, settings }: Results): Recorded & Pick<Results, 'machine' | 'settings'> {
  const held = Object.entries(cpuRatios).filter(([key]) => {
    const { one, other } = namesIn(key);
    return ours.includes(one) && !ours.includes(other);
  });
  return { cpuRatios: Object.fromEntries(held), machine, settings };
}

function namesIn(key: string): { one: string; other: string } {
  const [, one = '', other = ''] = /\.(\w+)\/(\w+)$/.exec(key) ?? [];
  return { one, other };
}

/** What was to be measured. */
export interface Asked {
  readonly contenders: readonly string[];
  readonly operations: readonly string[];
}

/** A ratio that fell, and the sentence that says so. */
export interface Fall {
  readonly key: string;
  readonly sentence: string;
}

/** The ratios that fell too far, or that were not measured. Empty when all hold. */
export function fallsBelow(
  recorded: Recorded,
  measured: Readonly<Record<string, number>>,
  { contenders, operations }: Asked,
): Fall[] {
  return Object.entries(recorded.cpuRatios).flatMap(([key, before]) => {
    const now = measured[key];
    if (now === undefined) {
      // Who was not asked to take part can not be held against anybody, nor what was not to be measured.
      const { one, other } = namesIn(key);
      const isAsked = contenders.includes(one) && contenders.includes(other) && operations.includes(operationOf(key));
      return isAsked ? [{ key, sentence: `${key} was ${before} and was not measured.` }] : [];
    }
    const least = before * (1 - mayFall);
    if (now >= least) return [];
    return [{ key, sentence: `${key} is ${now}; recorded is ${before}, and less than ${least.toFixed(3)} counts as slower.` }];
  });
}

/**
 * Holds what was measured against what was recorded. What fell is measured again, by `measure` with the operations' names, and counts when
 * it fell each time. Returns a sentence for each.
 */
export async function hold(
  recorded: Recorded,
  first: Pick<Results, 'cpuRatios'>,
  asked: Asked,
  measure: (operations: readonly string[]) => Promise<Pick<Results, 'cpuRatios'>>,
): Promise<string[]> {
  let falls = fallsBelow(recorded, first.cpuRatios, asked);
  for (let times = 1; times < measuredAtMost && falls.length > 0; times++) {
    const operations = [...new Set(falls.map(({ key }) => operationOf(key)))];
    const again = fallsBelow(recorded, (await measure(operations)).cpuRatios, { ...asked, operations });
    const stillDown = new Set(falls.map(({ key }) => key));
    falls = again.filter(({ key }) => stillDown.has(key));
  }
  return falls.map(({ sentence }) => sentence);
}

const operationOf = (key: string): string => /^\w+/.exec(key)![0];
