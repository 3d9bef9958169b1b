import { Option } from 'commander';
import type { Command } from 'commander';
import { streamProgress } from '../import/progress.js';
import { defaultLockWait, migrateDatabase } from '../migrate/migrate.js';
import type { Protection } from '../migrate/protect.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { bailiwicks } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';
import { defaultBackupFolder } from './backup.js';
import { printResult, tellStep, wholeNumber } from './output.js';
import { addLimitOptions, limitsOf } from './plan.js';
import type { LimitFlags } from './plan.js';

interface MigrateFlags extends LimitFlags {
  owner?: Bailiwick;
  /** Seconds as typed; false for --no-wait. */
  wait: string | false;
  backupTo?: string;
  json?: boolean;
  dataDir?: string;
}

/** `db migrate`: rehearses what is pending, then applies it, each owner's files as that owner's deployer. */
export function registerMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description("rehearse the pending migrations, then apply them in order, each owner's files as that owner's deployer")
    .addOption(new Option('--owner <owner>', "only this owner's files, connecting as its deployer alone").choices(bailiwicks))
    .option('--wait <seconds>', 'how long to wait for another run that holds the lock', String(defaultLockWait / 1000))
    .option('--no-wait', 'refuse at once when another run holds the lock')
    .option('--backup-to <folder>', 'of the backup before a loss (default: the data folder with -backups behind its name)');
  addLimitOptions(command)
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async (flags: MigrateFlags) => {
      const { owner, wait, json, dataDir } = flags;
      const limits = limitsOf(flags);
      const backupFolder = flags.backupTo ?? defaultBackupFolder(dataDir);
      const lockWait = wait === false ? 0 : wholeNumber('--wait', wait, 0, 86_400) * 1000;
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        tellStep(`Migrating database ${database} on ${host}:${port}${owner ? `, files of ${owner} only` : ''}.`);
        const result = await migrateDatabase({
          ...open,
          ...{ owner, lockWait, limits, backupFolder },
          onStep: tellStep,
          progress: streamProgress(process.stderr),
        });
        const { applied, alreadyApplied, protections } = result;
        const text = applied.length
          ? `Applied ${applied.length} migrations; ${alreadyApplied} had been applied before.`
          : `Nothing to apply: all ${alreadyApplied} migrations had been applied before.`;
        printResult(json, { host, port, database, ...result }, [text, ...protections.map(describeProtection)].join('\n'));
      } finally {
        await open.close();
      }
    });
}

function describeProtection({ migration, backup, restorePoint, losses }: Protection): string {
  const point = restorePoint ? `, restore point ${restorePoint}` : '';
  return `${migration} took away ${losses.join('; ')}. Backup ${backup.name} in ${backup.folder}${point}.`;
}
