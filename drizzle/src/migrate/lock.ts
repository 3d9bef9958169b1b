import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';

/** The advisory lock that one migration run holds in its database. guard.migration_lock_holder() knows the same key. */
export const migrationLockKey = 6118511;

export interface LockHolder {
  readonly pid: number;
  readonly role: string;
  readonly application: string;
  readonly since: Date;
}

/** Who holds the migration lock of this database now. */
export async function lockHolder(client: Client): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `/* db:lockHolder */ select pid, coalesce(role_name, 'unknown role') as role, coalesce(application, '') as application, since
     from guard.migration_lock_holder()`,
  );
  return rows[0];
}

function clock(moment: Date): string {
  return moment.toTimeString().slice(0, 8);
}

export function describeHolder(holder: LockHolder | undefined): string {
  // Between our try and our look the holder may have let go.
  if (!holder) return 'The migration lock is held by somebody else.';
  return `The migration lock is held by pid ${holder.pid} (${holder.role}, since ${clock(holder.since)}).`;
}

/**
 * Takes the lock for as long as the session lives.
 * @param wait milliseconds to wait for it; 0 refuses at once.
 * @throws LOCK_HELD naming pid, role and the time since when.
 */
export async function takeMigrationLock(client: Client, wait: number, onStep: (sentence: string) => void): Promise<void> {
  const deadline = performance.now() + wait;
  let told: number | undefined;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [
      migrationLockKey,
    ]);
    if (rows[0]?.taken) return;
    const holder = await lockHolder(client);
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new AppError('LOCK_HELD', describeHolder(holder), { hint: 'Wait, or look at it with: npm run db -- status.' });
    }
    if (holder && holder.pid !== told) {
      told = holder.pid;
      onStep(`${describeHolder(holder)} Waiting up to ${Math.ceil(left / 1000)} s for it.`);
    }
    await pause(Math.min(200, left));
  }
}
