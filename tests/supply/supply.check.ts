import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { advisoryProblems } from './advisories.js';
import { readExceptions } from './exceptions.js';
import { licenceProblems } from './licences.js';
import type { Lock } from './licences.js';
import { sbomProblems } from './sbom.js';
import type { Sbom } from './sbom.js';

// `npm run check:supply`: licences, known vulnerabilities, and the list of what is shipped. Only the vulnerabilities need the network.

const root = new URL('../../', import.meta.url);
const sbomFile = new URL('dist/sbom.cdx.json', root);
const exceptions = await readExceptions();
const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')) as Lock;
const problems = licenceProblems(lock, exceptions);

const sbom = JSON.parse(
  await npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev', '--package-lock-only'),
) as Sbom;
// npm takes the name of the folder.
sbom.metadata.component.name = 'bailiwick';
problems.push(...sbomProblems(sbom));
await mkdir(new URL('.', sbomFile), { recursive: true });
await writeFile(sbomFile, `${JSON.stringify(sbom, null, 2)}\n`);
say(`Wrote ${sbom.components.length} components to dist/sbom.cdx.json.`);

const advisories = advisoryProblems(await npm('audit', '--json', '--fetch-retries=0', '--fetch-timeout=20000'), exceptions);
if (advisories === undefined)
  say('NOT CHECKED: the registry did not answer npm audit. Known vulnerabilities were not looked for.');
else problems.push(...advisories);

for (const problem of problems) say(problem);
if (problems.length > 0) {
  say('Change the package, or explain it in tests/supply/exceptions.yaml.');
  process.exitCode = 1;
} else say('Licences and the SBOM are in order.');

/** Runs npm and returns its output, whatever its exit code: `npm audit` ends with 1 for a finding. */
function npm(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('npm', args, { cwd: fileURLToPath(root), maxBuffer: 64 * 1024 * 1024, timeout: 60_000 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
