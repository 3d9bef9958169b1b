import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { connect, urlOfRole } from '../setup/connect.js';
import { deployerOf } from '../setup/credentials.js';
import type { Bailiwick, Credentials } from '../setup/credentials.js';
import { readMigrations } from './files.js';
import type { MigrationFile } from './files.js';
import { appliedMigrations, refuseDrift, refuseOlderIdentity } from './history.js';
import type { AppliedMigration } from './history.js';
import { takeMigrationLock } from './lock.js';
import { atStep } from './step.js';

/** Milliseconds that a run waits for another one, if not told otherwise. */
export const defaultLockWait = 60_000;

export interface PendingOptions {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Only this owner's files, with no other session than that of its deployer. */
  readonly owner?: Bailiwick;
  /** Milliseconds to wait for the lock, 60,000 by default; 0 refuses at once. */
  readonly lockWait?: number;
  /** Another folder of migrations than the project's. */
  readonly folder?: string;
  readonly onStep?: (sentence: string) => void;
}

/** What is to be applied, while nobody else migrates. */
export interface Pending {
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  /** The owner's files, or all. */
  readonly mine: readonly MigrationFile[];
  readonly pending: readonly MigrationFile[];
  /** The session that holds the lock. */
  readonly locked: Client;
  /** A session of the owner's deployer, opened once. */
  readonly sessionOf: (owner: Bailiwick) => Promise<Client>;
}

/**
 * Takes the migration lock, compares files and record, and runs `work` while it holds the lock.
 * @param forWhat what the lock is for; it stands in pg_stat_activity.
 * @throws LOCK_HELD, MIGRATION_INVALID, MIGRATION_EDITED, MIGRATION_MISSING, DATABASE_UNREACHABLE, DATABASE_NOT_INITIALISED, PRIVILEGE_MISSING.
 */
export async function withPending<T>(options: PendingOptions, forWhat: string, work: (found: Pending) => Promise<T>): Promise<T> {
  const { operatorUrl, credentials, owner, lockWait = defaultLockWait, onStep = () => undefined } = options;
  const files = await atStep('checksums', async () => readMigrations(options.folder));
  const sessions = new Map<string, Client>();
  const open = async (name: string, of: Bailiwick) => {
    const session = sessions.get(name) ?? (await connect(urlOfRole(operatorUrl, deployerOf(of), credentials), name));
    sessions.set(name, session);
    return session;
  };
  try {
    const locked = await atStep('lock', async () => {
      const session = await open(`${forWhat} lock`, owner ?? 'shared_tables');
      // Before the lock too: a database without guard can't name the lock's holder.
      await appliedMigrations(session);
      await refuseOlderIdentity(session);
      await takeMigrationLock(session, lockWait, onStep);
      return session;
    });
    const mine = files.filter((file) => !owner || file.owner === owner);
    const { applied, pending } = await atStep('checksums', async () => {
      const done = await appliedMigrations(locked);
      refuseDrift(files, done, owner);
      const left = mine.filter((file) => !done.some(({ name }) => name === file.name));
      refuseMissingRequirements(left, done, owner);
      return { applied: done, pending: left };
    });
    return await work({ files, applied, mine, pending, locked, sessionOf: async (of) => open(`${forWhat} ${of}`, of) });
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
