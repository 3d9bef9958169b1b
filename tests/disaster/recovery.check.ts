import { parseArgs } from 'node:util';
import { isWhole, runDisaster } from '@bailiwick/database/drill/disaster';
import type { DisasterOptions } from '@bailiwick/database/drill/disaster';
import { makeScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { createRandom } from '@bailiwick/database/sample/random';

/**
 * The founding disaster over and over, on one server, at random moments: `npm run check:recovery -- --rounds 20`. A line a round and a sum; exit code 1 when
 * anything was lost. `--seed` repeats a run.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string' }, verbose: { type: 'boolean' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const random = createRandom(String(seed));
console.log(`Seed ${seed}; npm run check:recovery -- --rounds ${values.rounds} --seed ${seed} repeats it.`);

/** Every fifth round drops another schema, and every fourth switches the guard off. */
function roundOf(number: number): Pick<DisasterOptions, 'schema' | 'guard'> {
  return { schema: number % 5 === 3 ? 'case_management' : 'public', guard: number % 4 === 2 ? 'off' : 'approved' };
}

const archived = await makeScratchDatabase();
let [failed, acknowledged, lost] = [0, 0, 0];
try {
  await archived.takeBase();
  for (let number = 1; number <= Number(values.rounds); number++) {
    const round = roundOf(number);
    const report = await runDisaster({
      ...archived,
      ...round,
      seed: random.integer(0, 999_999),
      onStep: values.verbose ? console.error : undefined,
    });
    const { acknowledged: counts, seconds } = report;
    const all = counts.beforeLoss + counts.whileLost + counts.afterRecovery;
    acknowledged += all;
    lost += report.lost.length;
    if (!isWhole(report)) failed++;
    console.log(
      `${String(number).padStart(3)}  ${round.schema.padEnd(15)}  guard ${round.guard.padEnd(8)}  ${all} writes acknowledged ` +
        `(${counts.beforeLoss} before the loss, ${counts.whileLost} while it lasted, ${counts.afterRecovery} after), ${report.lost.length} lost, ` +
        `${report.differences.length} other differences; recovered in ${seconds.recovery.toFixed(1)} s${isWhole(report) ? '' : '  FAILED'}`,
    );
    if (!isWhole(report))
      console.log(
        JSON.stringify(
          { lost: report.lost, differences: report.differences, notBroughtBack: report.recovery.restore.notBroughtBack },
          null,
          1,
        ),
      );
  }
} finally {
  await archived.remove();
}
console.log(`${values.rounds} rounds, ${acknowledged} writes acknowledged, ${lost} lost, ${failed} rounds failed.`);
if (failed > 0) process.exitCode = 1;
