/** Half an hour of all operations mixed (--seconds says otherwise): whether memory stays flat, and no answer fails. */
import { openArena } from '../arena.js';
import { takeBackWrites } from '../data.js';
import { inTurn, runLoad } from '../load.js';
import { memoryOf } from '../processes.js';
import { median } from '../results.js';
import type { Study } from './growth.js';

const every = 2_000;

export const soak: Study = async (options, onStep) => {
  const arena = await openArena({ ...options, contenders: ['limit', 'oneProcess'], callers: 1000, compared: 20 }, onStep);
  try {
    const contender = arena.contenders[1]!;
    const { url, processes } = contender;
    const perOperation = arena.operations.map((operation) => operation.sets.map((set) => contender.requestOf(operation, set)!));
    const requests = perOperation[0]!.flatMap((_request, index) => perOperation.map((each) => each[index % each.length]!));
    const seconds = options.seconds > 60 ? options.seconds : 1_800;
    const samples: number[] = [];
    const watch = setInterval(() => {
      samples.push(memoryOf(processes[0]!.pid, 'VmRSS'));
      if (samples.length % 60 === 0) onStep(`${samples.length * (every / 1000)} s: ${samples.at(-1)!.toFixed(0)} MB`);
    }, every);
    const load = await runLoad({ url, next: inTurn(requests), seconds, connections: options.connections });
    clearInterval(watch);
    await takeBackWrites(arena.database.operatorUrl);
    if (load.failures > 0) throw new Error(`${load.failures} answers failed: ${load.firstFailure}`);
    const sixth = Math.floor(samples.length / 6);
    const [second, last] = [median(samples.slice(sixth, 2 * sixth)), median(samples.slice(-sixth))];
    const figure = Math.round((last / second) * 1000) / 1000;
    return {
      subject: 'soak',
      node: arena.ground.runtime.version,
      lines: [
        `${load.requests} answers in ${seconds} s, none failed, p50 ${load.p50.toFixed(1)} ms, p99 ${load.p99.toFixed(1)} ms`,
        `Memory ${second.toFixed(0)} MB in the second sixth, ${last.toFixed(0)} MB in the last (${figure} times), at most ${Math.max(...samples).toFixed(0)} MB`,
      ],
      figures: { memoryLastToSecondSixth: figure },
    };
  } finally {
    await arena.stop();
  }
};
