import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { urlOfRole } from '@bailiwick/database/setup/connect';
import type { Bailiwick, LoginRole } from '@bailiwick/database/setup/credentials';
import type { LoadRequest } from './load.js';
import type { Operation, VariableSet } from './operations.js';
import { childrenOf, startProcess } from './processes.js';
import type { Measured, RunningProcess } from './processes.js';
import { compiled, root } from './programs.js';
import type { Runtime } from './runtime.js';
import type { BenchDatabase } from './server.js';

/** Something that answers the operations. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  /** Every process that works on its answers, PostgreSQL left out. */
  readonly processes: readonly Measured[];
  /** From the start of its first process until it answered, in milliseconds. */
  readonly startedIn: number;
  /** What to send; undefined for an operation that it does not offer. */
  requestOf(operation: Operation, set: VariableSet): LoadRequest | undefined;
  /** Its answer in the shape of the graph's; as it is by default. */
  normalise?(operation: string, answer: unknown): unknown;
}

export interface Ground {
  readonly database: BenchDatabase;
  readonly publicKey: string;
  readonly runtime: Runtime;
  /** Started once, for all contenders that stand in front of them. */
  readonly subgraphs: () => Promise<readonly RunningProcess[]>;
  /** Remembers what has to be ended. */
  readonly started: <Running extends RunningProcess>(running: Running) => Running;
}

type Start = (ground: Ground) => Promise<Contender>;

export const graphqlRequest = (operation: Operation, { variables, caller }: VariableSet): LoadRequest => ({
  path: '/graphql',
  body: JSON.stringify({ query: operation.document, variables }),
  authorization: caller.authorization,
});

/** As the script `start` of package.json has it. */
const roomForTheYoung = ['--max-semi-space-size=128'];
export const cursorKey = 'a secret of the bench, long enough';

const serviceEnv = (publicKey: string): Record<string, string> => ({
  NODE_ENV: 'production',
  BAILIWICK_JWT_PUBLIC_KEY: publicKey,
  BAILIWICK_LOG_LEVEL: 'warn',
  BAILIWICK_PORT: '0',
});

const subgraphs: Record<string, { folder: string; owner: Bailiwick; key: string }> = {
  shared: { folder: 'shared', owner: 'shared_tables', key: 'BAILIWICK_SHARED_URL' },
  'case-management': { folder: 'case-management', owner: 'case_management', key: 'BAILIWICK_CASE_MANAGEMENT_URL' },
  audit: { folder: 'audit', owner: 'audit_system', key: 'BAILIWICK_AUDIT_URL' },
};

/** The subgraphs, a process each. `urlOf` names the database for an app role; it is the role's own URL when left out. */
export async function startSubgraphs(
  { database, publicKey, runtime, started }: Omit<Ground, 'subgraphs'>,
  urlOf = (role: LoginRole): string => urlOfRole(database.operatorUrl, role, database.credentials),
): Promise<RunningProcess[]> {
  return Promise.all(
    Object.entries(subgraphs).map(async ([name, { folder, owner }]) =>
      started(
        await startProcess({
          name,
          file: new URL(`subgraphs/${folder}/dist/main.js`, root),
          command: { node: runtime.node, args: [] },
          env: {
            ...serviceEnv(publicKey),
            BAILIWICK_DATABASE_URL: urlOf(`${owner}_app`),
            BAILIWICK_CURSOR_KEY: cursorKey,
          },
        }),
      ),
    ),
  );
}

/** The GraphQL endpoints of the subgraphs by name. */
export const endpointsOf = (running: readonly RunningProcess[]): Record<string, string> =>
  Object.fromEntries(running.map(({ name, url }) => [name, `${url}/graphql`]));

/** `npm start` with everything in the process that it starts. */
export const oneProcess: Start = async (ground) => npmStart('oneProcess', ground, 1);

/** The same with a worker on each processor. */
export const workers: Start = async (ground) => npmStart('workers', ground, Math.max(2, Math.min(availableParallelism(), 4)));

async function npmStart(name: string, ground: Ground, workers: number): Promise<Contender> {
  const { database, publicKey, runtime, started } = ground;
  const passwords = Object.entries(database.credentials.roles).map(([role, password]) => [
    `BAILIWICK_PASSWORD_${role.toUpperCase()}`,
    password,
  ]);
  const running = started(
    await startProcess({
      name: 'start',
      file: new URL('start/dist/main.js', root),
      command: { node: runtime.node, args: roomForTheYoung },
      args: ['--workers', String(workers)],
      env: {
        ...serviceEnv(publicKey),
        ...(Object.fromEntries(passwords) as Record<string, string>),
        DATABASE_URL: database.operatorUrl,
        BAILIWICK_CURSOR_KEY: cursorKey,
      },
    }),
  );
  const { url, startedIn, pid } = running;
  // It answers when the first one does; the others follow.
  while (workers > 1 && childrenOf(pid).length < workers) await pause(50);
  const children = childrenOf(pid).map((child, index) => ({ name: `worker ${index + 1}`, pid: child }));
  return { name, url, startedIn, processes: [running, ...children], requestOf: graphqlRequest };
}

export const separate: Start = async (ground) => separateOver(ground, await ground.subgraphs());

/** A gateway of its own in front of subgraphs that run. */
export async function separateOver(ground: Ground, behind: readonly RunningProcess[]): Promise<Contender> {
  const { publicKey, runtime, started } = ground;
  const endpoints = endpointsOf(behind);
  const running = started(
    await startProcess({
      name: 'gateway',
      file: new URL('gateway/dist/main.js', root),
      command: { node: runtime.node, args: [] },
      env: {
        ...serviceEnv(publicKey),
        ...Object.fromEntries(Object.entries(subgraphs).map(([name, { key }]) => [key, endpoints[name]!])),
      },
    }),
  );
  const { url, startedIn } = running;
  return { name: 'separate', url, startedIn, processes: [running, ...behind], requestOf: graphqlRequest };
}

export const stockGateway: Start = async ({ subgraphs: startedSubgraphs, runtime, started }) => {
  const behind = await startedSubgraphs();
  const running = started(
    await startProcess({
      name: 'stock gateway',
      file: compiled('stockGateway'),
      command: { node: runtime.node, args: [] },
      env: { NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1', SUBGRAPHS: JSON.stringify(endpointsOf(behind)) },
    }),
  );
  const { url, startedIn } = running;
  return { name: 'stockGateway', url, startedIn, processes: [running, ...behind], requestOf: graphqlRequest };
};

export const limit: Start = async ({ database, publicKey, runtime, started }) => {
  const running = started(
    await startProcess({
      name: 'limit',
      file: compiled('limit'),
      command: { node: runtime.node, args: [] },
      env: { NODE_ENV: 'production', DATABASE_URL: database.monolithUrl, PUBLIC_KEY: publicKey },
    }),
  );
  const { url, startedIn } = running;
  return {
    name: 'limit',
    url,
    startedIn,
    processes: [running],
    requestOf: ({ name }, { variables, caller }) => ({
      path: `/${name}`,
      body: JSON.stringify(variables),
      authorization: caller.authorization,
    }),
  };
};
