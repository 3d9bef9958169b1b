import type { Client } from 'pg';
import type { CataloguedTable } from './catalogue.js';

/** How many rows of a table a file wrote, counted by the server as it went. What the file itself took back counts too. */
export interface RowChange {
  readonly id: string;
  readonly schema: string;
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface HeldLock {
  readonly schema: string;
  readonly table: string;
  readonly mode: string;
  /** Whom it keeps waiting until the migration ends. */
  readonly blocks: 'readers and writers' | 'writers';
}

/** What this transaction, and what the session did just before it, wrote so far. */
export async function readRowChanges(session: Client): Promise<RowChange[]> {
  const { rows } = await session.query<RowChange>(
    `/* db:rowChanges */ select relid::text as id, schemaname::text as schema, relname::text as table, n_tup_ins::float8 as inserted,
       n_tup_upd::float8 as updated, n_tup_del::float8 as deleted
     from pg_catalog.pg_stat_xact_user_tables
     where n_tup_ins + n_tup_upd + n_tup_del > 0 and schemaname !~ '^pg_'
       and not (schemaname = 'guard' and relname in ('commands_in_progress', 'rehearsals', 'rehearsal_notes'))
     order by 2, 3`,
  );
  return rows;
}

export function rowChangesSince(before: readonly RowChange[], now: readonly RowChange[]): RowChange[] {
  const was = new Map(before.map((one) => [one.id, one]));
  return now.flatMap((one) => {
    const old = was.get(one.id);
    const since = {
      ...one,
      // A TRUNCATE sets the counters back.
      inserted: Math.max(0, one.inserted - (old?.inserted ?? 0)),
      updated: Math.max(0, one.updated - (old?.updated ?? 0)),
      deleted: Math.max(0, one.deleted - (old?.deleted ?? 0)),
    };
    return since.inserted + since.updated + since.deleted > 0 ? [since] : [];
  });
}

const modes: readonly string[] = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** The locks of this transaction that keep others waiting (PostgreSQL: "Explicit Locking"), the strongest of each table that was there before. */
export async function heldLocks(session: Client, tables: readonly CataloguedTable[]): Promise<HeldLock[]> {
  const { rows } = await session.query<{ id: string; mode: string }>(
    `/* db:heldLocks */ select l.relation::text as id, l.mode from pg_catalog.pg_locks l
     where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted and l.mode = any ($1)`,
    [modes],
  );
  return tables.flatMap(({ id, schema, name }) => {
    const mode = modes.findLast((one) => rows.some((row) => row.id === id && row.mode === one));
    if (!mode) return [];
    return [{ schema, table: name, mode, blocks: mode === 'AccessExclusiveLock' ? 'readers and writers' : 'writers' }];
  });
}
