import { Option } from 'commander';
import type { Command } from 'commander';
import { defaultLockWait, migrateDatabase } from '../migrate/migrate.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { bailiwicks } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';
import { printResult, tellStep, wholeNumber } from './output.js';

interface MigrateFlags {
  owner?: Bailiwick;
  /** Seconds as typed; false for --no-wait. */
  wait: string | false;
  json?: boolean;
  dataDir?: string;
}

/** `db migrate`: applies what is pending, each owner's files as that owner's deployer. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description("apply the pending migrations in order, each owner's files as that owner's deployer")
    .addOption(new Option('--owner <owner>', "only this owner's files, connecting as its deployer alone").choices(bailiwicks))
    .option('--wait <seconds>', 'how long to wait for another run that holds the lock', String(defaultLockWait / 1000))
    .option('--no-wait', 'refuse at once when another run holds the lock')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async ({ owner, wait, json, dataDir }: MigrateFlags) => {
      const lockWait = wait === false ? 0 : wholeNumber('--wait', wait, 0, 86_400) * 1000;
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        tellStep(`Migrating database ${database} on ${host}:${port}${owner ? `, files of ${owner} only` : ''}.`);
        const result = await migrateDatabase({ ...open, owner, lockWait, onStep: tellStep });
        const { applied, alreadyApplied } = result;
        const text = applied.length
          ? `Applied ${applied.length} migrations; ${alreadyApplied} had been applied before.`
          : `Nothing to apply: all ${alreadyApplied} migrations had been applied before.`;
        printResult(json, { host, port, database, ...result }, text);
      } finally {
        await open.close();
      }
    });
}
