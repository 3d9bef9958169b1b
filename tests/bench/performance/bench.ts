import { openArena } from './arena.js';
import type { OnStep } from './arena.js';
import { takeBackWrites } from './data.js';
import type { BenchOptions } from './options.js';
import { contenderVersions } from './packages.js';
import { machineOf, ratiosOf } from './results.js';
import type { Measurement, Results } from './results.js';
import { runRounds } from './rounds.js';
import { versionsOf } from './runtime.js';

/** Measures every operation with every number of variable sets. */
export async function runBench(options: BenchOptions, onStep: OnStep): Promise<Results> {
  const names = [...new Set(['limit', ...options.contenders])];
  const arena = await openArena({ ...options, contenders: names, callers: Math.max(...options.sets) }, onStep);
  try {
    const { database, contenders, operations, ground, postmaster } = arena;
    const measurements: Measurement[] = [];
    for (const operation of operations) {
      for (const sets of options.sets) {
        const subjects = contenders.flatMap((contender) => {
          const requests = operation.sets.slice(0, sets).map((set) => contender.requestOf(operation, set));
          const { connections } = options;
          return requests.every((request) => request !== undefined)
            ? [{ name: contender.name, contender, requests, connections, postmaster }]
            : [];
        });
        const title = `${operation.name}, ${sets.toLocaleString('en-US')} variable sets`;
        const found = await runRounds({ ...options, title, subjects, onStep });
        if (operation.isWrite) await takeBackWrites(database.operatorUrl);
        for (const [contender, rounds] of Object.entries(found))
          measurements.push({ operation: operation.name, sets, contender, rounds });
      }
    }
    const { cases, rows, version } = database;
    const { rounds, seconds, connections, warmUpSeconds } = options;
    return {
      ...ratiosOf(measurements),
      machine: machineOf({ ...versionsOf(ground.runtime, names), postgresql: version, ...(await contenderVersions(names)) }),
      settings: { cases, rows, rounds, seconds, warmUpSeconds, connections },
      startedIn: Object.fromEntries(contenders.map(({ name, startedIn }) => [name, Math.round(startedIn)])),
      measurements,
    };
  } finally {
    await arena.stop();
  }
}
