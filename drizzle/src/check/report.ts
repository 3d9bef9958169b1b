import type { FileReport, Place, Problem } from './checkFile.js';

/** A line with a caret under a place in it. */
export function showLine({ line, column, text }: Place): string[] {
  const gutter = String(line).padStart(5);
  const under = Array.from(text)
    .slice(0, column - 1)
    .map((character) => (character === '\t' ? '\t' : ' '))
    .join('');
  return [`${gutter} | ${text}`, `${' '.repeat(gutter.length)} | ${under}^`];
}

function describeProblem(path: string, problem: Problem): string[] {
  return [
    `${path}:${problem.line}:${problem.column}: ${problem.rule}`,
    ...showLine(problem),
    `  ${problem.consequence}`,
    '  Instead:',
    ...problem.safe.split('\n').map((line) => `    ${line}`),
    '',
  ];
}

/** What was found, for people: place, line and caret, rule, consequence, and the SQL to paste. */
export function asText(reports: readonly FileReport[], notes: readonly string[]): string {
  const problems = reports.reduce((sum, one) => sum + one.problems.length, 0);
  const lifted = reports.reduce((sum, one) => sum + one.lifted.length, 0);
  const broken = reports.filter(({ syntaxError }) => syntaxError).length;
  return [
    ...reports.flatMap(({ path, syntaxError, problems: found }) => [
      ...(syntaxError
        ? [`${path}:${syntaxError.line}:${syntaxError.column}: ${syntaxError.message}`, ...showLine(syntaxError), '']
        : []),
      ...found.flatMap((problem) => describeProblem(path, problem)),
    ]),
    ...reports.flatMap((one) => one.notes.map((note) => `Note: ${note}`)),
    ...notes.map((note) => `Note: ${note}`),
    `${reports.length} ${reports.length === 1 ? 'file' : 'files'}: ${problems} ${problems === 1 ? 'finding' : 'findings'}, ${lifted} lifted${broken ? `, ${broken} that can not be parsed` : ''}.`,
  ].join('\n');
}
