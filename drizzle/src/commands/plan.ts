import { Option } from 'commander';
import type { Command } from 'commander';
import { defaultLockWait, withPending } from '../migrate/pending.js';
import { approvalMissing } from '../migrate/protect.js';
import { openDatabase } from '../operator.js';
import { describePlan, needsApproval } from '../plan/describePlan.js';
import { defaultLimits } from '../plan/limits.js';
import type { RehearsalLimits } from '../plan/limits.js';
import { filesToPlan } from '../plan/planFiles.js';
import { planMigrations } from '../plan/planMigrations.js';
import { placeOf } from '../setup/connect.js';
import { bailiwicks } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';
import { AlreadyTold, printResult, tellStep, wholeNumber } from './output.js';

export interface LimitFlags {
  lockTimeout: string;
  statementTimeout: string;
}

interface PlanFlags extends LimitFlags {
  owner?: Bailiwick;
  wait: string | false;
  json?: boolean;
  dataDir?: string;
}

/** The options of a rehearsal, for every verb that has one. */
export function addLimitOptions(command: Command): Command {
  return command
    .option(
      '--lock-timeout <seconds>',
      'how long a statement of the rehearsal may wait for a lock; 0 is for ever',
      String(defaultLimits.lock / 1000),
    )
    .option(
      '--statement-timeout <seconds>',
      'how long a statement of the rehearsal may run; 0 is for ever',
      String(defaultLimits.statement / 1000),
    );
}

export function limitsOf({ lockTimeout, statementTimeout }: LimitFlags): RehearsalLimits {
  return {
    lock: wholeNumber('--lock-timeout', lockTimeout, 0, 86_400) * 1000,
    statement: wholeNumber('--statement-timeout', statementTimeout, 0, 86_400) * 1000,
  };
}

/** `db plan`: applies migrations in a transaction that can only be rolled back, and says what would be made, altered, dropped and lost. */
export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('run migrations and take them back; say what they would create, alter, drop and lose, with the number of rows')
    .argument('[files...]', 'names of pending migrations, or SQL files (default: all that are pending)')
    .addOption(new Option('--owner <owner>', "only this owner's files, connecting as its deployer alone").choices(bailiwicks))
    .option('--wait <seconds>', 'how long to wait for another run that holds the lock', String(defaultLockWait / 1000))
    .option('--no-wait', 'refuse at once when another run holds the lock');
  addLimitOptions(command)
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async (named: string[], flags: PlanFlags) => {
      const { owner, wait, json, dataDir } = flags;
      const lockWait = wait === false ? 0 : wholeNumber('--wait', wait, 0, 86_400) * 1000;
      const limits = limitsOf(flags);
      const open = await openDatabase({ dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        const options = { ...open, owner, lockWait, onStep: tellStep };
        const plan = await withPending(options, 'plan', async (found) => {
          const files = await filesToPlan(named, found, owner);
          const what = files.length === 1 ? `${files[0]?.name}.sql` : `${files.length} migrations`;
          tellStep(`Rehearsing ${what} in database ${database} on ${host}:${port}, and taking it back.`);
          return planMigrations(files, { ...options, limits });
        });
        const missing = plan.find(needsApproval);
        const refusal = missing && approvalMissing(missing, database);
        const error = refusal && { code: refusal.code, message: refusal.message, hint: refusal.hint };
        printResult(json, { host, port, database, files: plan, ...(error && { error }) }, describePlan(plan));
        if (!refusal) return;
        process.stderr.write(`${refusal.code}: ${refusal.message}\nHint: ${refusal.hint ?? ''}\n`);
        throw new AlreadyTold(refusal.exitCode);
      } finally {
        await open.close();
      }
    });
}
