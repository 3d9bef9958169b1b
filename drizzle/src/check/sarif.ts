import { pathToFileURL } from 'node:url';
import type { FileReport, Place, Problem } from './checkFile.js';
import { rules } from './rules.js';

/**
 * The findings as SARIF 2.1.0 (OASIS, section 3): one run, every rule described, lifts as suppressions in the source, and files that
 * do not parse as notifications of the tool.
 */
export function asSarif(reports: readonly FileReport[]): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bailiwick db check',
            rules: rules.map(({ id, catches }) => ({
              id,
              shortDescription: { text: catches },
              help: { text: `See drizzle/docs/rules/${id}.md.` },
              defaultConfiguration: { level: 'error' },
            })),
          },
        },
        columnKind: 'unicodeCodePoints',
        invocations: [
          {
            executionSuccessful: reports.every(({ syntaxError }) => !syntaxError),
            toolExecutionNotifications: reports.flatMap(({ path, syntaxError, notes }) => [
              ...(syntaxError
                ? [{ level: 'error', message: { text: syntaxError.message }, locations: [location(path, syntaxError)] }]
                : []),
              ...notes.map((text) => ({ level: 'note', message: { text } })),
            ]),
          },
        ],
        results: reports.flatMap(({ path, problems, lifted }) => [
          ...problems.map((problem) => result(path, problem)),
          ...lifted.map((problem) => ({
            ...result(path, problem),
            suppressions: [{ kind: 'inSource', justification: problem.reason }],
          })),
        ]),
      },
    ],
  };
}

function result(path: string, problem: Problem) {
  return {
    ruleId: problem.rule,
    ruleIndex: rules.findIndex(({ id }) => id === problem.rule),
    level: 'error',
    message: { text: `${problem.consequence}\nInstead:\n${problem.safe}` },
    locations: [location(path, problem)],
  };
}

function location(path: string, { line, column, text }: Place) {
  const uri = path.startsWith('/') ? pathToFileURL(path).href : path.split(/[\\/]/).map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri },
      region: { startLine: line, startColumn: column, snippet: { text } },
    },
  };
}
