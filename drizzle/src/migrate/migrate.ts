import { refuseFindings } from '../check/refuse.js';
import { readDatabaseConfig } from '../config.js';
import type { Progress } from '../import/progress.js';
import type { RehearsalLimits } from '../plan/limits.js';
import { planMigrations } from '../plan/planMigrations.js';
import type { PlannedMigration } from '../plan/planMigrations.js';
import { deployerOf } from '../setup/credentials.js';
import { applyMigration } from './apply.js';
import type { MigrationFile } from './files.js';
import { withPending } from './pending.js';
import type { PendingOptions } from './pending.js';
import { approveOwnThings, refuseUnprotected } from './protect.js';
import type { Protection, ProtectionOptions } from './protect.js';
import { atStep } from './step.js';

/** Milliseconds that a run waits for another one, if not told otherwise. */
export { defaultLockWait } from './pending.js';

export interface MigrateOptions extends PendingOptions {
  /** Leaves the rules of db check out. Only for tests of what PostgreSQL itself refuses; no command offers it. */
  readonly withoutRules?: boolean;
  /** Leaves the rehearsal out, and with it every promise about losses. Only for a database that the caller has just made; no command offers it. */
  readonly withoutPlan?: boolean;
  /** How long the rehearsal may stand in other people's way. */
  readonly limits?: RehearsalLimits;
  /** Of the backups before a loss. Default: beside the data directory, with `-backups` behind its name. */
  readonly backupFolder?: string;
  readonly progress?: Progress;
}

export interface MigrateResult {
  /** Names of the files that this run applied, in order. */
  readonly applied: string[];
  /** How many of the files had been applied before. */
  readonly alreadyApplied: number;
  /** What stands by for the files that lost something. */
  readonly protections: Protection[];
}

/**
 * Rehearses the pending migrations, then applies them in the order of their numbers, each in a transaction of its own together with its entry
 * in the record. Until the first one is applied, whatever fails leaves the database as it was; from then on, it leaves it as it was before
 * the file that failed. Every error says at which step.
 * @throws LOCK_HELD, MIGRATION_INVALID, MIGRATION_EDITED, MIGRATION_MISSING, CHECK_REFUSED, SQL_INVALID, REHEARSAL_TIMED_OUT, APPROVAL_MISSING,
 * BACKUP_FOLDER_UNWRITABLE before anything is changed; MIGRATION_FAILED, PLAN_DIFFERS, BACKUP_FAILED when a file fails.
 * DATABASE_UNREACHABLE, DATABASE_NOT_INITIALISED, PRIVILEGE_MISSING.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<MigrateResult> {
  const { onStep = () => undefined } = options;
  const protection: ProtectionOptions = {
    ...options,
    backupFolder: options.backupFolder ?? `${readDatabaseConfig().dataDir}-backups`,
    onStep,
  };
  return withPending(options, 'migrate', async ({ mine, pending, locked, sessionOf }) => {
    const applied: string[] = [];
    const protections: Protection[] = [];
    if (pending.length > 0) {
      if (!options.withoutRules) await atStep('check', async () => refuseFindings(pending));
      const plan = options.withoutPlan ? [] : await rehearsePending(pending, options);
      await atStep('approval', async () => refuseUnprotected(plan, locked, protection));
      for (const [index, file] of pending.entries()) {
        const planned = planOf(plan, file);
        onStep(`Applying ${file.name} as ${deployerOf(file.owner)} (${index + 1} of ${pending.length}).`);
        if (planned && planned.losses.length === 0 && planned.refusedStatements.length > 0 && !planned.approval) {
          await atStep('approval', async () => approveOwnThings(file, planned, protection));
        }
        // Fails when the session that holds the lock is gone, and the lock with it.
        await locked.query('select 1');
        const done = await applyMigration(await sessionOf(file.owner), file, planned, protection);
        applied.push(file.name);
        if (done) protections.push(done);
      }
    }
    return { applied, alreadyApplied: mine.length - pending.length, protections };
  });
}

async function rehearsePending(pending: readonly MigrationFile[], options: MigrateOptions): Promise<PlannedMigration[]> {
  options.onStep?.(`Rehearsing ${pending.length} ${pending.length === 1 ? 'migration' : 'migrations'}.`);
  return atStep('plan', async () => planMigrations(pending, { ...options, isChecked: true }));
}

const planOf = (plan: readonly PlannedMigration[], file: MigrationFile): PlannedMigration | undefined =>
  plan.find(({ name }) => name === file.name);
