import { cpus, totalmem } from 'node:os';
import type { Round } from './rounds.js';

/** What one contender did with one operation and so many variable sets. */
export interface Measurement {
  readonly operation: string;
  readonly sets: number;
  readonly contender: string;
  readonly rounds: readonly Round[];
}

/** What the bench writes with --json. */
export interface Results {
  /** `<operation>.<contender>/<other>` with 1,000 variable sets; `<operation>@1.…` with one, `@20` with twenty. Medians of the rounds' ratios. */
  readonly ratios: Readonly<Record<string, number>>;
  /** The lowest and the highest of the rounds' ratios. */
  readonly spreads: Readonly<Record<string, readonly [number, number]>>;
  /** The same of CPU time a request, the other's over the one's, PostgreSQL's included: what a busy machine disturbs least. */
  readonly cpuRatios: Readonly<Record<string, number>>;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly startedIn: Readonly<Record<string, number>>;
  readonly measurements: readonly Measurement[];
}

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
};

export const medianOf = (measurement: Measurement, figure: (round: Round) => number): number =>
  median(measurement.rounds.map(figure));

/** What the variable sets add to an operation's name; nothing for the thousand. */
export const keyOf = (operation: string, sets: number): string => (sets === 1000 ? operation : `${operation}@${sets}`);

/** Each contender against each other one, round by round: whatever else the machine did in a round met both. */
export function ratiosOf(measurements: readonly Measurement[]): Pick<Results, 'ratios' | 'spreads' | 'cpuRatios'> {
  const ratios: Record<string, number> = {};
  const spreads: Record<string, [number, number]> = {};
  const cpuRatios: Record<string, number> = {};
  for (const one of measurements) {
    for (const other of measurements) {
      if (one === other || one.operation !== other.operation || one.sets !== other.sets) continue;
      const each = one.rounds.map(({ perSecond }, round) => perSecond / (other.rounds[round]?.perSecond ?? Number.NaN));
      const key = `${keyOf(one.operation, one.sets)}.${one.contender}/${other.contender}`;
      ratios[key] = rounded(median(each));
      cpuRatios[key] = rounded(medianOf(other, cpuOf) / medianOf(one, cpuOf));
      spreads[key] = [rounded(Math.min(...each)), rounded(Math.max(...each))];
    }
  }
  return { ratios, spreads, cpuRatios };
}

/** CPU milliseconds a request of everything but the load generator. */
export const cpuOf = ({ cpu }: Round): number =>
  Object.entries(cpu).reduce((sum, [name, value]) => (name === 'load generator' ? sum : sum + value), 0);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export function machineOf(versions: Readonly<Record<string, string>>): Record<string, string | number> {
  const processors = cpus();
  return {
    processors: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    ...versions,
  };
}

/** A table of everything that was measured, one line a contender. */
export function tableOf({ measurements, ratios, spreads }: Results): string {
  const lines: string[] = [];
  for (const [key, group] of groupBy(measurements)) {
    const { operation, sets } = group[0]!;
    lines.push('', `${operation}, ${sets.toLocaleString('en-US')} variable set${sets === 1 ? '' : 's'}`);
    lines.push(
      row([
        'contender',
        'requests/s',
        'lowest–highest',
        'p50 ms',
        'p99 ms',
        'of the limit',
        'CPU ms a request (its processes + PostgreSQL)',
        'MB',
      ]),
    );
    for (const measurement of group) {
      const perSecond = measurement.rounds.map((round) => round.perSecond);
      const { cpu = {}, memory = {} } = measurement.rounds.at(-1) ?? {};
      const own = Object.keys(cpu).filter((name) => name !== 'PostgreSQL' && name !== 'load generator');
      const cpuOfOne = (name: string): string => medianOf(measurement, (round) => round.cpu[name] ?? Number.NaN).toFixed(2);
      const ratio = ratios[`${key}.${measurement.contender}/limit`];
      const spread = spreads[`${key}.${measurement.contender}/limit`];
      lines.push(
        row([
          measurement.contender,
          median(perSecond).toFixed(0),
          `${Math.min(...perSecond).toFixed(0)}–${Math.max(...perSecond).toFixed(0)}`,
          medianOf(measurement, ({ p50 }) => p50).toFixed(1),
          medianOf(measurement, ({ p99 }) => p99).toFixed(1),
          ratio === undefined ? '' : `${ratio.toFixed(2)} (${spread?.map((value) => value.toFixed(2)).join('–')})`,
          `${own.map(cpuOfOne).join(' + ')} + ${cpuOfOne('PostgreSQL')}`,
          own.map((name) => (memory[name] ?? Number.NaN).toFixed(0)).join(' + '),
        ]),
      );
    }
  }
  return lines.join('\n');
}

const widths = [14, 11, 16, 8, 8, 18, 46, 20];
const row = (cells: readonly string[]): string =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!))).join(' ');

function groupBy(measurements: readonly Measurement[]): Map<string, Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const key = keyOf(measurement.operation, measurement.sets);
    groups.set(key, [...(groups.get(key) ?? []), measurement]);
  }
  return groups;
}
