import type { Client } from 'pg';

export interface Blocker {
  readonly pid: number;
  readonly role: string;
  readonly application: string;
  readonly state: string;
  readonly since: Date;
}

export interface BlockerWatch {
  /** Ends the watch. Whom the session waited for when it was last looked at; nobody when it did not wait. */
  stop(): Promise<Blocker[]>;
}

/**
 * Looks at whom a session waits for, again and again: once its lock_timeout has struck, nobody knows any more.
 * @param observer another session.
 * @param pid of the session that may wait.
 * @param every milliseconds between two looks.
 */
export function watchBlockers(observer: Client, pid: number, every: number): BlockerWatch {
  let last: Blocker[] = [];
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    // The session's statistics are kept for a whole transaction otherwise.
    await observer.query('select pg_stat_clear_snapshot()');
    const { rows } = await observer.query<Blocker>(
      `/* db:blockers */ select pid, coalesce(role_name, 'unknown role') as role, coalesce(application, '') as application,
         coalesce(state, 'unknown') as state, since from guard.blockers_of($1)`,
      [pid],
    );
    if (rows.length > 0) last = rows;
  };
  const timer = setInterval(() => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => (looking = undefined));
  }, every);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return last;
    },
  };
}

export function describeBlocker({ pid, role, application, state, since }: Blocker): string {
  const program = application ? `, "${application}"` : '';
  return `pid ${pid} (${role}${program}, ${state}, since ${since.toTimeString().slice(0, 8)})`;
}
