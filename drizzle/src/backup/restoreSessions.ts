import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { isDatabaseError } from '../migrate/failure.js';
import { describeHolder, lockHolder, migrationLockKey } from '../migrate/lock.js';
import { connect } from '../setup/connect.js';
import { plainTextSettings } from './catalogue.js';

/** Shared by the sessions that load tables, so that a next restore knows when those of one that was killed have ended. */
const loadingLockKey = 6118514;

/** What every transaction of a restore stands under. */
export const restoreSettings = `${plainTextSettings}; set local lock_timeout = '60s'; set local check_function_bodies = off;
  set local maintenance_work_mem = '256MB'; set local client_min_messages = 'warning'`;

/** A session that does pieces of work, each whole or not at all. */
export interface RestoreSession {
  readonly client: Client;
  transaction<T>(work: (client: Client) => Promise<T>): Promise<T>;
}

/** Each piece is committed at once. The last word is one commit of the leader, which waits for the disk and so for all of these too. */
const committing = (client: Client): RestoreSession => ({
  client,
  transaction: async (work) => {
    await client.query('begin read write');
    try {
      await client.query(`${restoreSettings}; set local synchronous_commit = off`);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  },
});

/** The pieces are parts of a transaction that is open already: a dry run takes them all back. */
const nested = (client: Client): RestoreSession => ({
  client,
  transaction: async (work) => {
    await client.query('savepoint piece');
    const result = await work(client);
    await client.query('release savepoint piece');
    return result;
  },
});

/** Where the server can, it looks once a second whether we are still there, and ends what runs or waits when we are not. */
async function noticeOurEnd(client: Client): Promise<void> {
  await client.query(`set client_connection_check_interval = '1s'`).catch(() => undefined);
}

/**
 * Takes the lock of migrations and restores for as long as the session lives, and waits until no session of a killed restore works any more.
 * @throws LOCK_HELD naming the holder; RESTORE_FAILED when sessions of an earlier restore do not end.
 */
export async function takeRestoreLock(leader: Client): Promise<void> {
  await noticeOurEnd(leader);
  const taken = async (key: number): Promise<boolean> => {
    const { rows } = await leader.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [key]);
    return rows[0]?.taken ?? false;
  };
  if (!(await taken(migrationLockKey))) {
    // Without a guard nobody can say who it is.
    const holder = await lockHolder(leader).catch(() => undefined);
    throw new AppError('LOCK_HELD', describeHolder(holder), {
      hint: 'A migration or another restore runs. Wait, or look at it with: npm run db -- status.',
    });
  }
  const deadline = performance.now() + 60_000;
  while (!(await taken(loadingLockKey))) {
    if (performance.now() > deadline) {
      throw new AppError('RESTORE_FAILED', 'Sessions of a restore that was cut off still work. Nothing was changed.', {
        hint: `Look for the sessions named "bailiwick restore" in pg_stat_activity, and end them.`,
      });
    }
    await pause(100);
  }
  await leader.query('select pg_advisory_unlock($1::bigint)', [loadingLockKey]);
}

/** Opens the sessions that load. They end with the leader, because its session holds the lock. */
export async function openLoaders(operatorUrl: string, leader: Client, count: number): Promise<Workers> {
  const clients: Client[] = [];
  try {
    while (clients.length < count) {
      const client = await connect(operatorUrl, 'restore');
      clients.push(client);
      await client.query(`select pg_advisory_lock_shared(${loadingLockKey})`);
      await noticeOurEnd(client);
    }
  } catch (error) {
    await Promise.allSettled(clients.map(async (client) => client.end()));
    throw error;
  }
  return new Loaders(clients, leader);
}

/** Who does the long part of a restore. */
export interface Workers {
  /** For what one session does alone. */
  readonly own: RestoreSession;
  /** Each session takes the next task that is left. @throws the first failure. */
  share<T>(tasks: readonly T[], work: (session: RestoreSession, task: T) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** One session does it all in its open transaction, which a dry run takes back. */
export function aloneWith(client: Client): Workers {
  const own = nested(client);
  return {
    own,
    share: async (tasks, work) => {
      for (const task of tasks) await work(own, task);
    },
    close: async () => undefined,
  };
}

class Loaders implements Workers {
  readonly own: RestoreSession;
  readonly #clients: readonly Client[];
  readonly #sessions: readonly RestoreSession[];
  #lost: Error | undefined;

  constructor(clients: readonly Client[], leader: Client) {
    this.#clients = clients;
    this.#sessions = clients.map(committing);
    this.own = committing(leader);
    leader.once('end', () => this.#leaderEnded());
  }

  #leaderEnded(): void {
    this.#lost = new AppError(
      'RESTORE_FAILED',
      'The connection to the database that held the lock of the restore was lost. Nothing was changed.',
      {
        hint: 'See whether the server is up with: npm run db -- status. Then restore again: what was loaded is taken up.',
      },
    );
    void this.close();
  }

  /** When one fails the others are cut off. */
  async share<T>(tasks: readonly T[], work: (session: RestoreSession, task: T) => Promise<void>): Promise<void> {
    const waiting = [...tasks];
    let failure: { error: unknown } | undefined;
    await Promise.all(
      this.#sessions.map(async (session) => {
        try {
          for (let task = waiting.shift(); task !== undefined && !failure; task = waiting.shift()) await work(session, task);
        } catch (error) {
          failure ??= { error };
          await this.close();
        }
      }),
    );
    if (this.#lost) throw this.#lost;
    if (failure) throw failure.error;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#clients.map(async (client) => client.end()));
  }
}

/** Whether the server said no for a reason that lies in the statement, and not in the disk, the memory or the connection. */
export const isAboutTheStatement = (error: unknown): boolean =>
  isDatabaseError(error) && !/^(08|25|40|53|55|57|58|XX)/.test(error.code ?? '');
