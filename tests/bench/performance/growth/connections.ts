/** How the throughput holds with 10 to 500 connections. */
import { openArena } from '../arena.js';
import { runRounds } from '../rounds.js';
import { comparison, lineOf } from './growth.js';
import type { Study } from './growth.js';

const numbers = [10, 50, 100, 250, 500];

export const connections: Study = async (options, onStep) => {
  const arena = await openArena(
    { ...options, contenders: ['limit', 'oneProcess'], operations: ['caseList'], callers: 1000, compared: 20 },
    onStep,
  );
  try {
    const operation = arena.operations[0]!;
    const contender = arena.contenders[1]!;
    const requests = operation.sets.map((set) => contender.requestOf(operation, set)!);
    const subjects = numbers.map((number) => ({
      name: `${number} connections`,
      contender,
      requests,
      connections: number,
      postmaster: arena.postmaster,
    }));
    const found = await runRounds({ ...options, title: 'caseList', subjects, onStep });
    return {
      subject: 'connections',
      node: arena.ground.runtime.version,
      lines: Object.entries(found).map(([name, rounds]) => lineOf(name, rounds)),
      figures: comparison('500 to 10 connections', found['500 connections']!, found['10 connections']!),
    };
  } finally {
    await arena.stop();
  }
};
