import { keyOf, median } from './results.js';
import type { Measurement, Results } from './results.js';

const [left, right, top, bar, gap, groupGap] = [150, 96, 72, 15, 3, 22];
const width = 860;

/** Read in light and in dark: a colour each that stands out on both, and text in the colour that the page's reader has chosen. */
const colours: Readonly<Record<string, string>> = {
  limit: '#8a8f98',
  oneProcess: '#2f81f7',
  workers: '#79b0f9',
  postgraphile: '#d29922',
  separate: '#1f9d6b',
  stockGateway: '#c2559c',
  hiveDefault: '#e0823d',
  hiveBest: '#d1495b',
};
export const titles: Readonly<Record<string, string>> = {
  limit: 'the limit: one SQL statement',
  oneProcess: 'Bailiwick, one process',
  workers: 'Bailiwick, a worker each processor',
  postgraphile: 'PostGraphile 5',
  separate: 'Bailiwick, separate processes',
  stockGateway: 'stock @apollo/gateway',
  hiveDefault: 'Hive Gateway, defaults',
  hiveBest: 'Hive Gateway with JIT',
};

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .axis { stroke: #8a8f98; stroke-width: 1; opacity: .45; }
  .title { font-size: 15px; font-weight: 600; }
  .small { font-size: 11px; }
  @media (prefers-color-scheme: dark) { text { fill: #d7dce2; } }`;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** Requests a second as bars, relative to the limit of each operation, which is the full width; the figure stands beside its bar. */
export function chartOf({ measurements }: Results, sets = 1000): string {
  const groups = groupsOf(measurements.filter((measurement) => measurement.sets === sets));
  const rows = groups.reduce((sum, { bars }) => sum + bars.length, 0);
  const shown = [...new Set(groups.flatMap(({ bars }) => bars.map(({ contender }) => contender)))];
  const legendRows = Math.ceil(shown.length / 3);
  const head = top + legendRows * 18;
  const height = head + rows * (bar + gap) + groups.length * groupGap + 40;
  const room = width - left - right;
  const parts: string[] = [
    `<text x="16" y="26" class="title">Requests a second, ${sets.toLocaleString('en-US')} different variable sets, 16 connections</text>`,
    `<text x="16" y="46" class="small">Bars are shares of the limit of the same operation; thin lines span the slowest and the fastest round.</text>`,
    ...shown.map((contender, index) => {
      const [x, y] = [16 + (index % 3) * 270, 70 + Math.floor(index / 3) * 18];
      return `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${colours[contender] ?? '#888'}"/><text x="${x + 18}" y="${y}">${escape(titles[contender] ?? contender)}</text>`;
    }),
  ];
  let y = head;
  for (const { operation, bars, limit } of groups) {
    parts.push(
      `<text x="${left - 10}" y="${y + (bars.length * (bar + gap)) / 2 + 4}" text-anchor="end">${escape(operation)}</text>`,
    );
    for (const { contender, perSecond, lowest, highest } of bars) {
      const scale = (value: number): number => Math.min(1.06, value / limit) * room;
      const middle = y + bar / 2;
      parts.push(
        `<rect x="${left}" y="${y}" width="${scale(perSecond).toFixed(1)}" height="${bar}" fill="${colours[contender] ?? '#888'}"><title>${escape(titles[contender] ?? contender)}: ${figure(perSecond)} a second</title></rect>`,
        `<line x1="${(left + scale(lowest)).toFixed(1)}" x2="${(left + scale(highest)).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="#000" stroke-opacity=".55"/>`,
        `<text x="${(left + Math.max(scale(perSecond), scale(highest)) + 6).toFixed(1)}" y="${y + bar - 3}" class="small">${figure(perSecond)}</text>`,
      );
      y += bar + gap;
    }
    y += groupGap;
  }
  const bottom = y - groupGap + 8;
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const x = (left + share * room).toFixed(1);
    parts.push(
      `<line class="axis" x1="${x}" x2="${x}" y1="${head - 6}" y2="${bottom}"/>`,
      `<text x="${x}" y="${bottom + 16}" text-anchor="middle" class="small">${share * 100} %</text>`,
    );
  }
  parts.push(`<text x="${left + room / 2}" y="${bottom + 34}" text-anchor="middle" class="small">share of the limit</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + 12}" role="img" aria-label="Requests a second of each contender for each operation">\n<style>${style}</style>\n${parts.join('\n')}\n</svg>\n`;
}

interface Group {
  readonly operation: string;
  readonly limit: number;
  readonly bars: { contender: string; perSecond: number; lowest: number; highest: number }[];
}

function groupsOf(measurements: readonly Measurement[]): Group[] {
  const names = [...new Set(measurements.map(({ operation, sets }) => keyOf(operation, sets)))];
  return names.map((operation) => {
    const bars = measurements
      .filter((measurement) => keyOf(measurement.operation, measurement.sets) === operation)
      .map(({ contender, rounds }) => {
        const perSecond = rounds.map((round) => round.perSecond);
        return { contender, perSecond: median(perSecond), lowest: Math.min(...perSecond), highest: Math.max(...perSecond) };
      });
    const limit =
      bars.find(({ contender }) => contender === 'limit')?.perSecond ?? Math.max(...bars.map(({ perSecond }) => perSecond));
    return { operation, limit, bars };
  });
}
