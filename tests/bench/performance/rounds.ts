import type { Contender } from './contenders.js';
import { inTurn, runLoad } from './load.js';
import type { Load, LoadRequest } from './load.js';
import { cpuSeconds, cpuSecondsOfTree, memoryOf, resetPeakMemory } from './processes.js';

/** What takes turns: one server, asked one thing. */
export interface Subject {
  readonly name: string;
  readonly contender: Pick<Contender, 'url' | 'processes'>;
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  /** The first process of the PostgreSQL behind it. */
  readonly postmaster: number;
}

/** One subject under load for some seconds. */
export interface Round extends Load {
  /** CPU milliseconds a request, by process; PostgreSQL is one of them, and so is the load generator. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Resident MB at the highest, by process. */
  readonly memory: Readonly<Record<string, number>>;
}

export interface RoundsOptions {
  /** What is measured, for messages. */
  readonly title: string;
  readonly subjects: readonly Subject[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly onStep: (sentence: string) => void;
}

/** Runs the subjects in turns, each round beginning with another one, and returns their rounds by name. Throws when a single answer fails. */
export async function runRounds(options: RoundsOptions): Promise<Record<string, Round[]>> {
  const { title, subjects, rounds, seconds, warmUpSeconds, onStep } = options;
  const found: Record<string, Round[]> = Object.fromEntries(subjects.map(({ name }) => [name, []]));
  // All connections share it, so that with many variable sets no two of them ask for the same at once, and all turns do, so that a slow one is asked for all of them.
  const asked = subjects.map((subject) => ({ ...subject, next: inTurn(subject.requests) }));
  for (const subject of asked) await warmUp(subject, warmUpSeconds, title, onStep);
  for (let round = 0; round < rounds; round++) {
    const first = round % asked.length;
    for (const subject of [...asked.slice(first), ...asked.slice(0, first)]) {
      await runRound(subject, leadInSeconds, title);
      const one = await runRound(subject, seconds, title);
      found[subject.name]!.push(one);
      onStep(
        `${title}, round ${round + 1}: ${subject.name} ${one.perSecond.toFixed(0)} a second, p50 ${one.p50.toFixed(1)} ms, p99 ${one.p99.toFixed(1)} ms`,
      );
    }
  }
  return found;
}

/**
 * Before each turn, and not counted: while the others had theirs, pools have closed connections that nobody used (pg's does after ten seconds),
 * and what was prepared on them is prepared anew. A server that has users all day rests from none of them.
 */
const leadInSeconds = 1;

/**
 * What a server has compiled after so many requests, it has compiled; and once it was asked for every set, it has seen every token and every row.
 * On a slow or busy machine that takes longer than the seconds given.
 */
const warmAfter = 300;
const warmUpAtMost = 60;

/** A subject, and what it is asked next. */
type AskedSubject = Subject & { readonly next: () => LoadRequest };

async function warmUp(subject: AskedSubject, seconds: number, title: string, onStep: RoundsOptions['onStep']): Promise<void> {
  const enough = Math.max(warmAfter, subject.requests.length);
  let requests = 0;
  for (let spent = 0; spent === 0 || (requests < enough && spent < warmUpAtMost); spent += seconds)
    requests += (await runRound(subject, seconds, title)).requests;
  if (requests < enough)
    onStep(
      `${title}: ${subject.name} is not warm after ${warmUpAtMost} s, only ${requests} of ${enough} requests were answered.`,
    );
}

async function runRound(subject: AskedSubject, seconds: number, title: string): Promise<Round> {
  const { name, contender, next, connections, postmaster } = subject;
  const { processes, url } = contender;
  for (const { pid } of processes) resetPeakMemory(pid);
  const used = (): Record<string, number> => {
    const { user, system } = process.cpuUsage();
    return {
      ...Object.fromEntries(processes.map((one) => [one.name, cpuSeconds(one.pid)])),
      PostgreSQL: cpuSecondsOfTree(postmaster),
      'load generator': (user + system) / 1e6,
    };
  };
  const before = used();
  const load = await runLoad({ url, next, seconds, connections });
  const after = used();
  if (load.failures > 0) throw new Error(`${name} failed ${load.failures} times under load in ${title}: ${load.firstFailure}`);
  if (load.requests === 0) {
    if (seconds > 30) throw new Error(`${name} answered nothing within ${seconds} s in ${title}.`);
    return runRound(subject, seconds * 2, title);
  }
  return {
    ...load,
    cpu: Object.fromEntries(
      Object.entries(after).map(([which, value]) => [which, ((value - (before[which] ?? 0)) * 1000) / load.requests]),
    ),
    memory: Object.fromEntries(processes.map((one) => [one.name, memoryOf(one.pid)])),
  };
}
