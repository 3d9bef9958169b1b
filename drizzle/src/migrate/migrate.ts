import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { refuseFindings } from '../check/refuse.js';
import { connect, urlOfRole } from '../setup/connect.js';
import { deployerOf } from '../setup/credentials.js';
import type { Bailiwick, Credentials } from '../setup/credentials.js';
import { applyMigration } from './apply.js';
import { readMigrations } from './files.js';
import type { MigrationFile } from './files.js';
import { appliedMigrations, refuseDrift } from './history.js';
import type { AppliedMigration } from './history.js';
import { takeMigrationLock } from './lock.js';

/** Milliseconds that a run waits for another one, if not told otherwise. */
export const defaultLockWait = 60_000;

export interface MigrateOptions {
  /** Names server and database. Its user is not used: each owner's files run as that owner's deployer. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Only this owner's files, with no other session than that of its deployer. */
  readonly owner?: Bailiwick;
  /** Milliseconds to wait for the lock, 60,000 by default; 0 refuses at once. */
  readonly lockWait?: number;
  /** Another folder of migrations than the project's. */
  readonly folder?: string;
  /** Leaves the rules of db check out. Only for tests of what PostgreSQL itself refuses; no command offers it. */
  readonly withoutRules?: boolean;
  /** Told what is done, a sentence a step. */
  readonly onStep?: (sentence: string) => void;
}

export interface MigrateResult {
  /** Names of the files that this run applied, in order. */
  readonly applied: string[];
  /** How many of the files had been applied before. */
  readonly alreadyApplied: number;
}

/**
 * Applies the pending migrations in the order of their numbers, each in a transaction of its own together with its entry in the record.
 * @throws MIGRATION_INVALID, MIGRATION_EDITED, MIGRATION_MISSING, LOCK_HELD, CHECK_REFUSED, SQL_INVALID before anything is changed; MIGRATION_FAILED when a file
 * fails, which leaves the files before it applied. DATABASE_UNREACHABLE, DATABASE_NOT_INITIALISED, PRIVILEGE_MISSING.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<MigrateResult> {
  const { operatorUrl, credentials, owner, lockWait = defaultLockWait, onStep = () => undefined } = options;
  const files = await readMigrations(options.folder);
  const sessions = new Map<string, Client>();
  const sessionOf = async (name: string, of: Bailiwick) => {
    const open = sessions.get(name) ?? (await connect(urlOfRole(operatorUrl, deployerOf(of), credentials), name));
    sessions.set(name, open);
    return open;
  };
  try {
    const locked = await sessionOf('migrate lock', owner ?? 'shared_tables');
    // Before the lock too: a database without guard can't name the lock's holder.
    await appliedMigrations(locked);
    await takeMigrationLock(locked, lockWait, onStep);
    const applied = await appliedMigrations(locked);
    refuseDrift(files, applied, owner);
    const mine = files.filter((file) => !owner || file.owner === owner);
    const pending = mine.filter((file) => !applied.some(({ name }) => name === file.name));
    refuseMissingRequirements(pending, applied, owner);
    if (!options.withoutRules) await refuseFindings(pending);
    for (const [index, file] of pending.entries()) {
      onStep(`Applying ${file.name} as ${deployerOf(file.owner)} (${index + 1} of ${pending.length}).`);
      // Fails when the session that holds the lock is gone, and the lock with it.
      await locked.query('select 1');
      await applyMigration(await sessionOf(`migrate ${file.owner}`, file.owner), file, onStep);
    }
    return { applied: pending.map(({ name }) => name), alreadyApplied: mine.length - pending.length };
  } finally {
    await Promise.allSettled([...sessions.values()].map(async (session) => session.end()));
  }
}

function refuseMissingRequirements(
  pending: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
  owner?: Bailiwick,
): void {
  if (!owner) return;
  for (const file of pending) {
    for (const name of file.requires) {
      if (applied.some((done) => done.name === name) || pending.some((other) => other.name === name)) continue;
      throw new AppError('MIGRATION_MISSING', `${file.name}.sql requires ${name}, which is not applied. Nothing was changed.`, {
        hint: 'Its owner applies it first; or run npm run db -- migrate without --owner.',
      });
    }
  }
}
