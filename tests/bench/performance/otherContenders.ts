import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { endpointsOf, graphqlRequest } from './contenders.js';
import type { Contender, Ground } from './contenders.js';
import { packagesFolder } from './packages.js';
import { speak, understand } from './postgraphile.js';
import { startProcess } from './processes.js';
import { root } from './programs.js';

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
  async ({ subgraphs, runtime, started }: Ground): Promise<Contender> => {
    const behind = await subgraphs();
    const port = await freePort();
    const running = started(
      await startProcess({
        name: 'Hive Gateway',
        file: new URL('node_modules/@graphql-hive/gateway/dist/bin.js', packagesFolder),
        command: { node: runtime.node, args: [] },
        args: [
          'supergraph',
          fileURLToPath(new URL('gateway/supergraph.graphql', root)),
          ...['--host', '127.0.0.1', '--port', String(port)],
          ...['--config-path', fileURLToPath(new URL('hive.config.js', packagesFolder))],
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

/** PostGraphile with its recommended preset. */
export async function postgraphile({ database, publicKey, runtime, started }: Ground): Promise<Contender> {
  const running = started(
    await startProcess({
      name: 'PostGraphile',
      file: new URL('postgraphile.js', packagesFolder),
      command: { node: runtime.postgraphile.node, args: [] },
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
