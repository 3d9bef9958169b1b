import { chartOf } from './bench/performance/chart.js';
import { fallsBelow, hold, recordOf } from './bench/performance/gate.js';
import { machineOf, ratiosOf, tableOf } from './bench/performance/results.js';
import type { Measurement, Results } from './bench/performance/results.js';
import type { Round } from './bench/performance/rounds.js';

const round = (perSecond: number, cpu = 1000 / perSecond): Round => ({
  requests: perSecond,
  seconds: 1,
  perSecond,
  p50: 16_000 / perSecond,
  p99: 30_000 / perSecond,
  failures: 0,
  firstFailure: undefined,
  bytesPerAnswer: 1000,
  cpu: { one: cpu, PostgreSQL: cpu, 'load generator': 5 },
  memory: { one: 100 },
});
const measured = (contender: string, perSecond: number[], sets = 1000): Measurement => ({
  operation: 'caseList',
  sets,
  contender,
  rounds: perSecond.map((value) => round(value)),
});
const measurements = [
  measured('limit', [600, 400, 500]),
  measured('oneProcess', [300, 300, 200]),
  measured('limit', [800, 800, 800], 1),
  measured('oneProcess', [200, 200, 200], 1),
];

describe('ratios', () => {
  it('are the medians of the rounds, each round held against the same one of the other', () => {
    const { ratios, spreads } = ratiosOf(measurements);
    expect(ratios).toEqual({
      'caseList.oneProcess/limit': 0.5,
      'caseList.limit/oneProcess': 2,
      'caseList@1.oneProcess/limit': 0.25,
      'caseList@1.limit/oneProcess': 4,
    });
    expect(spreads['caseList.oneProcess/limit']).toEqual([0.4, 0.75]);
  });

  it('of CPU time leave the load generator out', () => {
    const { cpuRatios } = ratiosOf([
      { ...measured('limit', [100]), rounds: [round(100, 2)] },
      { ...measured('oneProcess', [100]), rounds: [round(100, 8)] },
    ]);
    expect(cpuRatios).toEqual({ 'caseList.oneProcess/limit': 0.25, 'caseList.limit/oneProcess': 4 });
  });
});

const results: Results = {
  ...ratiosOf(measurements),
  machine: machineOf({ postgresql: '18' }),
  settings: { cases: 10 },
  startedIn: {},
  measurements,
};

describe('the gate', () => {
  const key = 'caseList.oneProcess/limit';
  const recorded = { cpuRatios: { [key]: 0.5, 'me.oneProcess/limit': 0.5 } };
  const all = { contenders: ['limit', 'oneProcess'], operations: ['caseList', 'me'] };
  const sentence = `${key} is 0.399; recorded is 0.5, and less than 0.400 counts as slower.`;
  const of = (caseList: number, me = 0.5) => ({ cpuRatios: { [key]: caseList, 'me.oneProcess/limit': me } });

  it('holds our ratios of CPU time against the others, and no ratio of theirs', () => {
    expect(Object.keys(recordOf(results).cpuRatios)).toEqual([key, 'caseList@1.oneProcess/limit']);
  });

  it('lets a fall of a fifth pass', () => {
    expect(fallsBelow(recorded, of(0.4).cpuRatios, all)).toEqual([]);
  });

  it('names a ratio that was not measured, unless it was not to be', () => {
    expect(fallsBelow(recorded, { 'me.oneProcess/limit': 0.5 }, all)).toEqual([
      { key, sentence: `${key} was 0.5 and was not measured.` },
    ]);
    expect(fallsBelow(recorded, {}, { ...all, contenders: ['oneProcess'] })).toEqual([]);
    expect(fallsBelow(recorded, { 'me.oneProcess/limit': 0.5 }, { ...all, operations: ['me'] })).toEqual([]);
  });

  it('names a ratio that fell by more than that each of three times', async () => {
    const asked: (readonly string[])[] = [];
    const fallen = await hold(recorded, of(0.399), all, async (operations) => {
      asked.push(operations);
      // Another one that falls only now was well before.
      return of(0.399, 0.1);
    });
    expect(fallen).toEqual([sentence]);
    expect(asked).toEqual([['caseList'], ['caseList']]);
  });

  it('takes back what did not fall again', async () => {
    expect(await hold(recorded, of(0.399), all, async () => of(0.45))).toEqual([]);
  });
});

describe('what people read', () => {
  it('the table has a line for each contender, with its share of the limit', () => {
    expect(tableOf(results)).toMatch(/oneProcess +300 +200–300 .* 0\.50 \(0\.40–0\.75\)/);
  });

  it('the chart names both axes and every contender, in colours for light and dark', () => {
    const svg = chartOf(results);
    for (const text of [
      'Requests a second',
      'share of the limit',
      'caseList',
      'Bailiwick, one process',
      'prefers-color-scheme: dark',
    ])
      expect(svg).toContain(text);
    expect(svg.match(/<rect/g)).toHaveLength(2 + 2);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
