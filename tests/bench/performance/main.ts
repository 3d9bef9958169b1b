/** `npm run bench`: this project beside what a user would pick instead, on one machine, one database and the same requests. */
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { runBench } from './bench.js';
import { writeDocs } from './docs.js';
import { hold, recordOf } from './gate.js';
import type { Recorded } from './gate.js';
import { studies } from './growth/studies.js';
import { parseOptions, usage } from './options.js';
import { ratiosOf, tableOf } from './results.js';
import type { Results } from './results.js';

/** Runs of the same machine and settings, piece by piece, as one. */
async function together(files: readonly string[]): Promise<Results> {
  const pieces = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as Results));
  const [first] = pieces;
  const other = pieces.find(
    ({ machine, settings }) => !isDeepStrictEqual([machine, settings], [first?.machine, first?.settings]),
  );
  if (!first || other)
    throw new Error('The files are of different machines, versions or settings: their figures can not stand in one table.');
  const measurements = pieces.flatMap((piece) => piece.measurements);
  return { ...first, ...ratiosOf(measurements), measurements };
}

if (process.argv.includes('--help')) {
  process.stdout.write(usage);
} else {
  try {
    const options = parseOptions(process.argv.slice(2));
    const started = performance.now();
    const onStep = (sentence: string): void =>
      void process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${sentence}\n`);
    if (options.growth) {
      const { subject, node, lines, figures } = await studies[options.growth]!(options, onStep);
      process.stdout.write(
        `${subject}, Node ${node}\n${lines.map((line) => `  ${line}\n`).join('')}${JSON.stringify(figures)}\n`,
      );
      if (options.json) await writeFile(options.json, `${JSON.stringify({ subject, node, lines, figures }, null, 2)}\n`);
      process.exit();
    }
    const results = options.from.length > 0 ? await together(options.from) : await runBench(options, onStep);
    process.stdout.write(`${tableOf(results)}\n`);
    if (options.docs) await writeDocs(results);
    if (options.against) {
      const recorded = JSON.parse(await readFile(options.against, 'utf8')) as Recorded;
      if (typeof recorded.cpuRatios !== 'object')
        throw new Error(`${options.against} holds no cpuRatios to be held; write it anew with --record.`);
      const asked = { contenders: [...options.contenders, 'limit'], operations: options.operations };
      const fallen = await hold(recorded, results, asked, (operations) => {
        onStep(`measures ${operations.join(', ')} again: less than recorded`);
        return runBench({ ...options, operations }, onStep);
      });
      for (const sentence of fallen) process.stderr.write(`${sentence}\n`);
      if (fallen.length > 0) process.exitCode = 1;
    }
    if (options.record) await writeFile(options.record, `${JSON.stringify(recordOf(results), null, 2)}\n`);
    if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
