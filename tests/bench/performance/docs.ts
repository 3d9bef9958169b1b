import { readFile, writeFile } from 'node:fs/promises';
import { chartOf, titles } from './chart.js';
import { root } from './programs.js';
import { cpuOf, keyOf, median, medianOf } from './results.js';
import type { Measurement, Results } from './results.js';

const page = new URL('docs/performance.md', root);
const chart = new URL('docs/performance.svg', root);
const [begin, end] = ['<!-- begin: written by npm run bench -- --docs -->', '<!-- end -->'];

/** Puts the figures between the markers of docs/performance.md, and draws the chart beside it. */
export async function writeDocs(results: Results): Promise<void> {
  await writeFile(chart, chartOf(results));
  const text = await readFile(page, 'utf8');
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`docs/performance.md has no "${begin}" and "${end}" after it.`);
  const whole = `${text.slice(0, before + begin.length)}\n\n${sectionOf(results)}\n\n${text.slice(after)}`;
  await writeFile(page, whole);
}

function sectionOf(results: Results): string {
  const { machine, settings } = results;
  const many = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en-US') : String(value));
  const processor = `${many(machine['processors'])} processors (${machine['processor']}), ${machine['memoryGigabytes']} GB, ${machine['system']}`;
  const named = new Set(['processors', 'processor', 'memoryGigabytes', 'system', 'node', 'postgresql']);
  const others = Object.entries(machine).flatMap(([name, version]) => (named.has(name) ? [] : [`${name} ${version}`]));
  const software = [`Node ${machine['node']}`, `PostgreSQL ${machine['postgresql']}`, ...others].join(', ');
  const lines = [
    `Measured on ${processor}, with ${software}: ${many(settings['cases'])} cases (${many(settings['rows'])} rows), ${many(settings['connections'])} connections, ` +
      `${many(settings['rounds'])} alternating rounds of ${many(settings['seconds'])} seconds. Medians; lowest and highest round in brackets.`,
    '',
    '![Requests a second of each contender for each operation](performance.svg)',
  ];
  for (const sets of [...new Set(results.measurements.map((measurement) => measurement.sets))].toSorted((a, b) => b - a)) {
    lines.push('', `### ${sets === 1 ? 'One identical request' : `${many(sets)} different variable sets`}`, '');
    lines.push(
      '| operation | contender | requests/s | of the limit | p50 ms | p99 ms | CPU ms a request | memory, MB |',
      '|---|---|---|---|---|---|---|---|',
    );
    for (const one of results.measurements.filter((measurement) => measurement.sets === sets)) lines.push(lineOf(one, results));
  }
  return lines.join('\n');
}

function lineOf(one: Measurement, { ratios }: Results): string {
  const perSecond = one.rounds.map((round) => round.perSecond);
  const memory = one.rounds.map((round) => Object.values(round.memory).reduce((sum, value) => sum + value, 0));
  const share = one.contender === 'limit' ? 1 : ratios[`${keyOf(one.operation, one.sets)}.${one.contender}/limit`];
  const cells = [
    `\`${one.operation}\``,
    titles[one.contender] ?? one.contender,
    `${median(perSecond).toFixed(0)} (${Math.min(...perSecond).toFixed(0)} to ${Math.max(...perSecond).toFixed(0)})`,
    (share ?? Number.NaN).toFixed(2),
    medianOf(one, ({ p50 }) => p50).toFixed(1),
    medianOf(one, ({ p99 }) => p99).toFixed(1),
    medianOf(one, cpuOf).toFixed(1),
    Math.max(...memory).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}
