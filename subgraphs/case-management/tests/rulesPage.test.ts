import { readFile } from 'node:fs/promises';
import { needs, people, transitions } from '@bailiwick/subgraph-case-management/legalCase/transitions';

const page = await readFile(new URL('../../../docs/rules.md', import.meta.url), 'utf8');

/** The part of the page between two marks, with one space for each run of spaces and dashes for each rule of a table. */
function part(mark: string): string[] {
  const found = new RegExp(`<!-- ${mark} -->\\n([^]*?)<!-- /${mark} -->`).exec(page)?.[1];
  return (found ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^[|\s:-]+$/.test(line))
    .map((line) => line.replace(/\s+/g, ' ').trim());
}

const states = (list: readonly string[]): string => (list.length > 8 ? 'any' : list.map((one) => one.toUpperCase()).join(', '));

test('docs/rules.md has the table of moves as the code has it', () => {
  const rows = transitions.map(({ move, mutation, from, to, by, needsReason, needs: needed }) => {
    const open = from.length >= 8 && !from.includes('closed');
    const fromText = open ? (from.includes('judgment_entered') ? 'any but CLOSED' : 'any before JUDGMENT_ENTERED') : states(from);
    const wants = needed.map((need) => needs[need].means).join('; ');
    return `| ${move.toUpperCase()} | ${fromText} | ${to?.toUpperCase() ?? 'the same'} | ${by} | \`${mutation}\`${needsReason ? ', with a reason' : ''} | ${wants} |`.replace(
      /\s+/g,
      ' ',
    );
  });
  expect(part('moves')).toEqual(['| move | from | to | who | mutation | needs that |', ...rows]);
});

test('docs/rules.md says who a move is for', () => {
  expect(part('who')).toEqual(Object.entries(people).map(([who, { means }]) => `- ${who}: ${means}.`));
});

test('every rule of docs/rules.md has a test of its name', async () => {
  const files = ['legalCaseMoves.test.ts', 'caseAssignments.test.ts'];
  const source = (await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')))).join('\n');
  const rules = Array.from(page.matchAll(/^\| ((?:A |[A-Z][a-z])[^|]+?) +\| [A-Z]/gm), ([, rule]) => rule!);
  expect(rules.length).toBeGreaterThan(10);
  const named = source.toLowerCase();
  const parts = (rule: string): boolean => {
    const [, start, end] = /^(A case is not closed with )(.+)$/.exec(rule) ?? [null, rule, ''];
    return named.includes(start.toLowerCase()) && named.includes(end.toLowerCase());
  };
  expect(rules.filter((rule) => !parts(rule))).toEqual([]);
});
