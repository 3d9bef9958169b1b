/** What an idle connection costs in memory: 2,000 of them, each of which has asked once, beside the same server with none. */
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { openArena } from '../arena.js';
import { memoryOf } from '../processes.js';
import { median } from '../results.js';
import type { Study } from './growth.js';

const many = 2_000;

function ask(url: string, body: string, authorization: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/graphql`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', authorization } },
      (response) => response.resume().once('end', resolve),
    );
    sent.once('error', reject).end(body);
  });
}

export const idle: Study = async (options, onStep) => {
  const names = ['oneProcess', 'separate', 'stockGateway'];
  const arena = await openArena({ ...options, contenders: names, operations: ['me'], callers: 20, compared: 0 }, onStep);
  try {
    const operation = arena.operations[0]!;
    const lines: string[] = [];
    const figures: Record<string, number> = {};
    for (const contender of arena.contenders) {
      const { name, url, processes } = contender;
      const { body, authorization } = contender.requestOf(operation, operation.sets[0]!)!;
      // Warm, so that what the first requests make is there before the connections are counted.
      const warm = new Agent({ keepAlive: true, maxSockets: 16 });
      for (let n = 0; n < 150; n++) await Promise.all(Array.from({ length: 16 }, () => ask(url, body, authorization, warm)));
      warm.destroy();
      const memory = (): number => memoryOf(processes[0]!.pid, 'VmRSS');
      const before = await settled(memory);
      // A hundred at a time, each with an agent that keeps them: all at once would measure requests that wait.
      const agents: Agent[] = [];
      for (let n = 0; n < many; n += 100) {
        const agent = new Agent({ keepAlive: true, maxSockets: 100, maxFreeSockets: 100 });
        agents.push(agent);
        await Promise.all(Array.from({ length: 100 }, () => ask(url, body, authorization, agent)));
      }
      const open = agents
        .flatMap((agent) => Object.values(agent.freeSockets))
        .reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0);
      const after = await settled(memory);
      for (const agent of agents) agent.destroy();
      figures[name] = Math.round((Math.max(0, after - before) * 1024) / open);
      lines.push(
        `${name.padEnd(14)} ${before.toFixed(0)} MB with none, ${after.toFixed(0)} MB with ${open}: ${figures[name]} kB each`,
      );
      onStep(lines.at(-1)!);
    }
    return { subject: 'idle connections', node: arena.ground.runtime.version, lines, figures };
  } finally {
    await arena.stop();
  }
};

/** The median of ten looks, half a second apart: collectors of garbage run when they like. */
async function settled(look: () => number): Promise<number> {
  const looks: number[] = [];
  for (let n = 0; n < 10; n++) {
    await pause(500);
    looks.push(look());
  }
  return median(looks);
}
