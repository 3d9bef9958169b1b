/** What the gateways themselves cost: in front of subgraphs that answer from memory what the real ones have answered. */
import { openArena } from '../arena.js';
import { compareAnswers } from '../check.js';
import { endpointsOf } from '../contenders.js';
import type { Contender, Ground } from '../contenders.js';
import { startProcess } from '../processes.js';
import type { RunningProcess } from '../processes.js';
import { compiled } from '../programs.js';
import { contenders } from '../registry.js';
import { median } from '../results.js';
import { runRounds } from '../rounds.js';
import type { Round } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const others = ['stockGateway', 'hiveBest'];
const names = ['separate', ...others];

/** CPU milliseconds a request that PostgreSQL may have where nobody asks it. */
const idlePostgres = 0.1;

export const gateways: Study = async (options, onStep) => {
  // By who takes part the arena installs packages and chooses the Node, so the same gateways also stand in front of the real subgraphs.
  const arena = await openArena({ ...options, contenders: ['limit', ...names], callers: 1000, compared: 3 }, onStep);
  try {
    const { ground, postmaster } = arena;
    const remembering = await rememberingSubgraphs(ground);
    const taking: Contender[] = [];
    for (const name of names) taking.push(await contenders[name]!({ ...ground, subgraphs: async () => remembering }));
    const limit = arena.contenders.find(({ name }) => name === 'limit')!;
    const lines: string[] = [];
    const figures: Record<string, number> = {};
    // What is written once, would be answered again and not be written.
    for (const operation of arena.operations.filter(({ isWrite }) => !isWrite)) {
      for (const contender of taking) await compareAnswers(operation, limit, contender, 20);
      const subjects = taking.map((contender) => {
        const requests = operation.sets.map((set) => contender.requestOf(operation, set)!);
        return { name: contender.name, contender, requests, connections: options.connections, postmaster };
      });
      const found = await runRounds({ ...options, title: operation.name, subjects, onStep });
      for (const [name, rounds] of Object.entries(found)) {
        const asked = median(rounds.map(({ cpu }) => cpu['PostgreSQL']!));
        if (asked > idlePostgres)
          throw new Error(
            `PostgreSQL had ${asked.toFixed(2)} ms of each ${operation.name} of ${name}: it does not ask the same for the same, so nothing can be remembered.`,
          );
        lines.push(
          `${lineOf(`${operation.name} ${name}`, rounds)}, ${gatewayCpu(rounds, remembering).toFixed(2)} of them the gateway's`,
        );
      }
      for (const other of others)
        Object.assign(figures, comparison(`${operation.name} ${other}`, found[other]!, found['separate']!));
    }
    return { subject: 'gateways', node: arena.ground.runtime.version, lines, figures };
  } finally {
    await arena.stop();
  }
};

async function rememberingSubgraphs(ground: Ground): Promise<RunningProcess[]> {
  const real = endpointsOf(await ground.subgraphs());
  return Promise.all(
    Object.entries(real).map(async ([name, target]) =>
      ground.started(
        await startProcess({
          name,
          file: compiled('rememberingSubgraph'),
          command: { node: ground.runtime.node, args: [] },
          env: { NODE_ENV: 'production', TARGET: target },
        }),
      ),
    ),
  );
}

/** Without the subgraphs, PostgreSQL and the load. */
function gatewayCpu(rounds: readonly Round[], subgraphs: readonly RunningProcess[]): number {
  const elsewhere = new Set(['PostgreSQL', 'load generator', ...subgraphs.map(({ name }) => name)]);
  return median(
    rounds.map(({ cpu }) => Object.entries(cpu).reduce((sum, [name, value]) => (elsewhere.has(name) ? sum : sum + value), 0)),
  );
}
