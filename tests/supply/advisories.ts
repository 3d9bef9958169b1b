import type { Exceptions } from './exceptions.js';

interface Advisory {
  name: string;
  title: string;
  url: string;
  severity: string;
}

/** Reads the output of `npm audit --json`. Returns undefined if the registry did not answer the audit. */
export function advisoryProblems(output: string, { advisories }: Exceptions): string[] | undefined {
  const found = advisoriesIn(output);
  if (found === undefined) return undefined;
  const excepted = new Set(advisories.map((one) => `${one.package} ${one.id}`));
  const idOf = ({ name, url }: Advisory) => `${name} ${url.split('/').at(-1)}`;
  const present = new Set(found.map(idOf));
  return [
    ...found.filter((one) => !excepted.has(idOf(one))).map((one) => `${one.name}: ${one.severity}, ${one.title} (${one.url}).`),
    ...[...excepted]
      .filter((one) => !present.has(one))
      .map((one) => `The advisory exception "${one}" is found no more: remove it.`),
  ];
}

function advisoriesIn(output: string): Advisory[] | undefined {
  let report: { vulnerabilities?: Record<string, { via: (string | Advisory)[] }> };
  try {
    report = JSON.parse(output) as typeof report;
  } catch {
    return undefined;
  }
  if (report.vulnerabilities === undefined) return undefined;
  // A string names another vulnerable package, which is listed itself.
  const all = Object.values(report.vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one !== 'string'));
  return [...new Map(all.map((one) => [`${one.name} ${one.url}`, one])).values()];
}
