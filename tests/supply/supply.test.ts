import { advisoryProblems } from './advisories.js';
import type { Exceptions } from './exceptions.js';
import { licenceProblems } from './licences.js';
import { sbomProblems } from './sbom.js';

const why = 'Explained at the length that a reader needs.';
const exceptions: Exceptions = {
  allowedLicences: ['MIT', 'ISC'],
  licences: [{ licence: 'Elastic-2.0', packages: ['planner'], why }],
  advisories: [{ id: 'GHSA-aaaa', package: 'known', why }],
};
const locked = (license: string | undefined, name = 'one') => ({
  packages: {
    'node_modules/planner': { license: 'Elastic-2.0' },
    [`node_modules/a/node_modules/${name}`]: { ...(license && { license }) },
  },
});

test.each(['MIT', 'MIT AND ISC', '(MIT OR GPL-3.0)'])('the licence %s passes', (licence) => {
  expect(licenceProblems(locked(licence), exceptions)).toEqual([]);
});

test.each(['GPL-3.0', 'MIT AND GPL-3.0', '(MIT AND ISC OR GPL-3.0)', 'Elastic-2.0', undefined])(
  'the licence %s is a problem of a package without an exception',
  (licence) => {
    expect(licenceProblems(locked(licence), exceptions)).toEqual([
      `one is under ${licence ?? 'no named licence'}, which is not on the list.`,
    ]);
  },
);

test('an exception that nothing needs has to go', () => {
  expect(licenceProblems({ packages: {} }, exceptions)).toEqual([
    'The licence exception "planner Elastic-2.0" is of no installed package: remove it.',
  ]);
});

const advisory = (name: string, id: string) => ({
  name,
  title: 'Bad',
  url: `https://github.com/advisories/${id}`,
  severity: 'high',
});

test('an advisory is a problem, unless it is explained; a package that only depends on it is not listed again', () => {
  const report = {
    vulnerabilities: {
      known: { via: [advisory('known', 'GHSA-aaaa')] },
      fresh: { via: [advisory('fresh', 'GHSA-bbbb')] },
      user: { via: ['fresh'] },
    },
  };
  expect(advisoryProblems(JSON.stringify(report), exceptions)).toEqual([
    'fresh: high, Bad (https://github.com/advisories/GHSA-bbbb).',
  ]);
  expect(advisoryProblems(JSON.stringify({ vulnerabilities: {} }), exceptions)).toEqual([
    'The advisory exception "known GHSA-aaaa" is found no more: remove it.',
  ]);
});

test.each(['', '{"message":"405 Method Not Allowed","error":{}}'])(
  'no answer of the registry (%j) is not a clean bill',
  (output) => {
    expect(advisoryProblems(output, exceptions)).toBeUndefined();
  },
);

test('an SBOM names every component once, and every reference is listed', () => {
  const component = { 'bom-ref': 'a@1', name: 'a', version: '1', purl: 'pkg:npm/a@1' };
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: { component: { name: 'bailiwick', 'bom-ref': 'root' } },
    components: [component],
    dependencies: [{ ref: 'root', dependsOn: ['a@1'] }],
  };
  expect(sbomProblems(sbom)).toEqual([]);
  expect(
    sbomProblems({ ...sbom, components: [component, component], dependencies: [{ ref: 'a@1', dependsOn: ['b@1'] }] }),
  ).toEqual(['a@1 is listed twice.', 'A dependency of a@1 names b@1, which is not listed.']);
});
