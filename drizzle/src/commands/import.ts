import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Command } from 'commander';
import { importData } from '../import/importData.js';
import { loadMapping, shippedMappings } from '../import/loadMapping.js';
import { streamProgress } from '../import/progress.js';
import { reportText } from '../import/report.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { printResult, tellStep } from './output.js';

interface ImportFlags {
  from: string;
  dryRun?: boolean;
  allOrNothing?: boolean;
  rejects?: string;
  json?: boolean;
  dataDir?: string;
}

/** `db import`: brings CSV files in after a mapping, in one transaction; rejected rows are listed in a file that can be mended and imported again. */
export function registerImport(program: Command): void {
  program
    .command('import')
    .description(`bring CSV files in after a mapping: ${shippedMappings().join(', ')}, or a .yaml file of your own`)
    .argument('<mapping>', 'the name of a mapping, or the path of a .yaml file')
    .requiredOption('--from <folder>', 'the folder of the CSV files, or a rejects file that was mended')
    .option('--dry-run', 'do everything, then take it back')
    .option('--all-or-nothing', 'change nothing when any row is rejected, and exit with 1')
    .option('--rejects <file>', 'where rejected rows are written (default: <mapping>-rejects.csv)')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the report as JSON')
    .action(async (name: string, flags: ImportFlags) => {
      const mapping = loadMapping(name);
      const rejectsFile = rejectsPath(mapping.name, flags);
      const open = await openDatabase({ dataDir: flags.dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        const mode = flags.dryRun ? ' (dry run: nothing will stay)' : '';
        tellStep(
          `Importing ${flags.from} after the mapping ${mapping.name} into database ${database} on ${host}:${port}${mode}.`,
        );
        const report = await importData({
          operatorUrl: open.operatorUrl,
          mapping,
          from: flags.from,
          isDryRun: flags.dryRun,
          allOrNothing: flags.allOrNothing,
          rejectsFile,
          progress: streamProgress(process.stderr),
        });
        printResult(flags.json, report, reportText(report));
      } finally {
        await open.close();
      }
    });
}

/** The mended file is kept: the rejects of its own import go beside it. */
function rejectsPath(mapping: string, flags: ImportFlags): string {
  const isSource = (path: string): boolean => resolve(path) === resolve(flags.from);
  if (flags.rejects !== undefined) {
    if (isSource(flags.rejects)) {
      throw new AppError('BAD_USER_INPUT', `--rejects would overwrite ${flags.rejects}, which is being imported.`, {
        hint: 'Give another file.',
      });
    }
    return flags.rejects;
  }
  const plain = `${mapping}-rejects.csv`;
  if (!isSource(plain)) return plain;
  let round = 2;
  while (existsSync(`${mapping}-rejects-${round}.csv`)) round++;
  return `${mapping}-rejects-${round}.csv`;
}
