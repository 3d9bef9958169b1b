import type { OnStep } from '../arena.js';
import type { BenchOptions } from '../options.js';
import { cpuOf, median } from '../results.js';
import type { Round } from '../rounds.js';

/** What a study of growth found. */
export interface Growth {
  readonly subject: string;
  /** The version that ran the servers. */
  readonly node: string;
  /** For people, a line each. */
  readonly lines: readonly string[];
  /** What DESIGN or the issue promises about, by name. */
  readonly figures: Readonly<Record<string, number>>;
}

export type Study = (options: BenchOptions, onStep: OnStep) => Promise<Growth>;

/** How many times as costly the one is as the other: by throughput, round by round, and by CPU time a request, which a busy machine disturbs less. */
export function comparison(name: string, one: readonly Round[], other: readonly Round[]): Record<string, number> {
  const byThroughput = median(one.map(({ perSecond }, round) => (other[round]?.perSecond ?? Number.NaN) / perSecond));
  const byCpu = median(one.map(cpuOf)) / median(other.map(cpuOf));
  return { [name]: rounded(byThroughput), [`${name} by CPU`]: rounded(byCpu) };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** A line for people: what was asked, and how fast. */
export function lineOf(name: string, rounds: readonly Round[]): string {
  const perSecond = rounds.map((round) => round.perSecond);
  const [p50, p99] = [median(rounds.map((round) => round.p50)), median(rounds.map((round) => round.p99))];
  return `${name.padEnd(34)} ${median(perSecond).toFixed(0).padStart(6)} a second (${Math.min(...perSecond).toFixed(0)} to ${Math.max(...perSecond).toFixed(0)}), p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${median(rounds.map(cpuOf)).toFixed(1)} ms of CPU`;
}
