import { connect } from '@bailiwick/database/setup/connect';
import type { Client } from 'pg';
import { signIn } from './callers.js';
import type { Callers } from './callers.js';
import { compareAnswers } from './check.js';
import { startSubgraphs } from './contenders.js';
import type { Contender, Ground } from './contenders.js';
import { takeBackWrites } from './data.js';
import { buildOperations } from './operations.js';
import type { Operation } from './operations.js';
import { installPackages } from './packages.js';
import { parentOf } from './processes.js';
import type { RunningProcess } from './processes.js';
import { compile } from './programs.js';
import { contenders } from './registry.js';
import { chooseRuntime } from './runtime.js';
import { openBenchDatabase } from './server.js';
import type { BenchDatabase, DatabaseOptions } from './server.js';

export interface ArenaOptions extends Omit<DatabaseOptions, 'onStep'> {
  readonly operations: readonly string[];
  readonly contenders: readonly string[];
  /** How many people are signed in, and how many variable sets each operation gets. */
  readonly callers: number;
  /** How many answers of each operation are compared before the load. */
  readonly compared: number;
  /** The Node executable that runs them; chosen when left out. */
  readonly node?: string | undefined;
}

/** Everything that a measurement stands on: the filled database, the people, the operations, and the contenders that run. */
export interface Arena {
  readonly database: BenchDatabase;
  /** The operator's session. */
  readonly client: Client;
  readonly callers: Callers;
  readonly operations: readonly Operation[];
  readonly contenders: readonly Contender[];
  /** For starting more. */
  readonly ground: Ground;
  /** PostgreSQL's first process. */
  readonly postmaster: number;
  stop(): Promise<void>;
}

export type OnStep = (sentence: string) => void;

/** Fills the database, starts the contenders, and compares their answers. Throws when one answers otherwise than the limit. */
export async function openArena(options: ArenaOptions, onStep: OnStep): Promise<Arena> {
  const runtime = await chooseRuntime(options.node, () => installPackages(options.contenders, options.node, onStep));
  await compile();
  const running: RunningProcess[] = [];
  const database = await openBenchDatabase({ ...options, onStep });
  let client: Client | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await client?.end();
    await database.stop();
  };
  try {
    client = await connect(database.operatorUrl, 'bench');
    await takeBackWrites(database.operatorUrl);
    const callers = await signIn(client, options.callers);
    const operations = await buildOperations(client, callers, database.cases, options.operations);
    const started = <One extends RunningProcess>(process: One): One => {
      running.push(process);
      return process;
    };
    const base = { database, publicKey: callers.publicKey, runtime, started };
    let subgraphs: Promise<RunningProcess[]> | undefined;
    const ground: Ground = { ...base, subgraphs: () => (subgraphs ??= startSubgraphs(base)) };
    const taking: Contender[] = [];
    for (const name of options.contenders) {
      onStep(`Starting ${name}.`);
      taking.push(await contenders[name]!(ground));
    }
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = parentOf(rows[0]!.pid);
    const arena: Arena = { database, client, callers, operations, contenders: taking, ground, postmaster, stop };
    await compareAll(arena, options.compared, onStep);
    return arena;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Holds every answer against the limit's, where the limit takes part. */
async function compareAll({ operations, contenders: taking, database }: Arena, many: number, onStep: OnStep): Promise<void> {
  const reference = taking.find(({ name }) => name === 'limit');
  if (reference === undefined) return;
  for (const operation of operations) {
    for (const contender of taking) {
      if (contender === reference || contender.requestOf(operation, operation.sets[0]!) === undefined) continue;
      await compareAnswers(operation, reference, contender, operation.isWrite ? 3 : many);
    }
    onStep(`All answer ${operation.name} alike.`);
  }
  await takeBackWrites(database.operatorUrl);
}
