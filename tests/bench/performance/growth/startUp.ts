/** How long each takes from its start until it answers, in turns, on the filled database. */
import { openArena } from '../arena.js';
import { startProcess } from '../processes.js';
import { median } from '../results.js';
import type { Study } from './growth.js';

export const startUp: Study = async (options, onStep) => {
  const names = ['oneProcess', 'separate', 'stockGateway', 'limit'];
  const arena = await openArena({ ...options, contenders: names, operations: [], callers: 1, compared: 0 }, onStep);
  try {
    // The first process of each is its front: the gateway, or the whole. The subgraphs behind start beside each other before it.
    const fronts = arena.contenders.map(({ name, processes }) => ({ name, start: processes[0]!.again }));
    const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < options.rounds; round++) {
      for (const { name, start } of fronts) {
        const again = await startProcess(start!);
        times[name]!.push(again.startedIn);
        await again.stop();
        onStep(`Round ${round + 1}: ${name} answered after ${again.startedIn.toFixed(0)} ms.`);
      }
    }
    const figures = Object.fromEntries(names.map((name) => [name, Math.round(median(times[name]!))]));
    const lines = names.map(
      (name) =>
        `${name.padEnd(14)} ${String(figures[name]).padStart(6)} ms (${Math.min(...times[name]!).toFixed(0)} to ${Math.max(...times[name]!).toFixed(0)}), ${(figures[name]! / figures['stockGateway']!).toFixed(2)} of the stock gateway`,
    );
    return { subject: 'start-up', node: arena.ground.runtime.version, lines, figures };
  } finally {
    await arena.stop();
  }
};
