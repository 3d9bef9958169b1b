import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { isWhole, runDisaster } from '../drill/disaster.js';
import type { DisasterOptions } from '../drill/disaster.js';
import { drillPage } from '../drill/page.js';
import { makeScratchDatabase } from '../drill/scratchDatabase.js';
import { AlreadyTold, printResult, tellStep, wholeNumber } from './output.js';

interface DrillFlags {
  schema: DisasterOptions['schema'];
  guardOff?: boolean;
  seed?: string;
  to?: string;
  json?: boolean;
}

/** `db drill`: the founding disaster on a scratch database, start to end. */
export function registerDrill(program: Command): void {
  program
    .command('drill')
    .description(
      'rehearse the founding disaster on a scratch database with writers running: dropped, refused, approved, dropped, recovered, compared',
    )
    .addOption(
      new Option('--schema <schema>', 'the schema that is dropped')
        .choices(['public', 'case_management', 'audit_system'])
        .default('public'),
    )
    .option('--guard-off', 'the loss comes from a superuser who switches the event triggers off, so that it is found in the WAL')
    .option('--seed <number>', 'repeats the moments of an earlier drill')
    .option('--to <file>', 'writes the report there too')
    .option('--json', 'print the report as JSON')
    .action(async (flags: DrillFlags) => {
      const seed =
        flags.seed === undefined ? Math.floor(Math.random() * 1_000_000) : wholeNumber('--seed', flags.seed, 0, 999_999);
      tellStep('Drilling on a scratch server of its own; no other database is touched.');
      const began = performance.now();
      const scratch = await makeScratchDatabase(tellStep);
      try {
        await scratch.takeBase();
        const prepared = (performance.now() - began) / 1000;
        const report = await runDisaster({
          ...scratch,
          schema: flags.schema,
          guard: flags.guardOff ? 'off' : 'approved',
          seed,
          onStep: tellStep,
        });
        const page = drillPage(report, prepared);
        if (flags.to !== undefined) {
          await mkdir(dirname(flags.to), { recursive: true });
          await writeFile(flags.to, `${page}\n`);
        }
        printResult(flags.json, { ...report, isWhole: isWhole(report) }, page);
        if (!isWhole(report)) throw new AlreadyTold(1);
      } finally {
        await scratch.remove();
      }
    });
}
