import { AppError } from '@bailiwick/kernel/errors';
import type { ClientBase } from 'pg';

/** The advisory lock of imports; 6118511 is the one of migrations, 6118512 the one of moves of org units. */
const importLock = 6118513;

/** Takes the lock that lets one import run at a time, until the transaction ends. Throws LOCK_HELD with the holder's name. */
export async function takeImportLock(client: ClientBase): Promise<void> {
  const taken = await client.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1) as taken', [importLock]);
  if (taken.rows[0]?.taken) return;
  const holder = await client.query<{ pid: number; name: string; since: string }>(
    `select a.pid, coalesce(nullif(a.application_name, ''), a.usename) as name, to_char(a.xact_start, 'HH24:MI:SS') as since
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1 and l.objsubid = 1
       and l.database = (select d.oid from pg_database d where d.datname = current_database())`,
    [importLock],
  );
  const by = holder.rows[0];
  throw new AppError(
    'LOCK_HELD',
    by
      ? `The import lock is held by pid ${by.pid} (${by.name}, since ${by.since}).`
      : 'The import lock is held by somebody else.',
    {
      hint: 'Wait until that import has ended, then run this one again.',
    },
  );
}
