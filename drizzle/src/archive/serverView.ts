import type { Client } from 'pg';
import { readServerLog } from '../guard/serverLog.js';
import { isDatabaseError } from '../migrate/failure.js';

/** How archiving goes, as the server itself tells it. */
export interface ServerView {
  readonly mode: 'off' | 'on' | 'always';
  /** The library, or the command; null when neither is set, or may not be seen. */
  readonly method: string | null;
  readonly lastArchived: { readonly segment: string; readonly at: Date } | null;
  readonly lastFailure: { readonly segment: string; readonly at: Date; readonly words: string | null } | null;
  /** Whether nothing could be archived since the last failure. */
  readonly isFailing: boolean;
  /** Segments that are complete and not archived yet; null when this role may not see it. */
  readonly waiting: { readonly count: number; readonly oldestSeconds: number } | null;
}

/** @param logFile of the embedded server; without one the server is asked for its log. */
export async function viewArchiver(client: Client, logFile: string | undefined): Promise<ServerView> {
  const { rows } = await client.query<{
    mode: ServerView['mode'];
    library: string;
    command: string;
    archivedSegment: string | null;
    archivedAt: Date | null;
    failedSegment: string | null;
    failedAt: Date | null;
    pid: number | null;
  }>(
    `/* db:archiver */ select current_setting('archive_mode') as mode, coalesce(current_setting('archive_library', true), '') as library,
       coalesce(current_setting('archive_command', true), '') as command, last_archived_wal as "archivedSegment", last_archived_time as "archivedAt",
       last_failed_wal as "failedSegment", last_failed_time as "failedAt",
       (select pid from pg_stat_activity where backend_type = 'archiver') as pid from pg_stat_archiver`,
  );
  const [row] = rows;
  if (!row) throw new Error('pg_stat_archiver is empty.');
  const { mode, library, command, archivedSegment, archivedAt, failedSegment, failedAt, pid } = row;
  const queue = await waiting(client, failedSegment);
  // Times alone would say that all is well when the clock went back between the last success and the failure.
  const isFailing = failedAt !== null && (archivedAt === null || failedAt > archivedAt || queue?.isLastFailed === true);
  const words = isFailing && pid ? failureWords(await readServerLog(client, logFile), pid) : null;
  return {
    mode,
    method: library || (command && command !== '(disabled)' ? command : null),
    lastArchived: archivedSegment && archivedAt ? { segment: archivedSegment, at: archivedAt } : null,
    lastFailure: failedSegment && failedAt ? { segment: failedSegment, at: failedAt, words } : null,
    isFailing,
    waiting: queue && { count: queue.count, oldestSeconds: queue.oldestSeconds },
  };
}

type Waiting = NonNullable<ServerView['waiting']> & { readonly isLastFailed: boolean };

/** @param failed the segment that failed last. */
async function waiting(client: Client, failed: string | null): Promise<Waiting | null> {
  try {
    const { rows } = await client.query<{ count: number; seconds: number; isLastFailed: boolean }>(
      `select count(*)::int as count, coalesce(extract(epoch from clock_timestamp() - min(modification)), 0)::float8 as seconds,
         coalesce(bool_or(name = $1 || '.ready'), false) as "isLastFailed"
       from pg_ls_archive_statusdir() where name like '%.ready'`,
      [failed],
    );
    const [row] = rows;
    if (!row) return null;
    const { count, seconds, isLastFailed } = row;
    return { count, oldestSeconds: Math.max(0, Math.round(seconds)), isLastFailed };
  } catch (error) {
    if (isDatabaseError(error) && error.code === '42501') return null;
    throw error;
  }
}

/**
 * Why archiving failed, from the server's log: the last line of the archiver that says so. What an archive_command wrote itself stands in the line
 * before.
 */
export function failureWords(log: string | undefined, pid: number): string | null {
  const lines = (log ?? '').split('\n');
  const ofArchiver = new RegExp(`\\[${pid}\\].*?\\b(?:ERROR|FATAL|LOG|WARNING):\\s+(.*)$`);
  for (let at = lines.length - 1; at >= 0; at--) {
    const found = ofArchiver.exec(lines[at] ?? '')?.[1];
    if (!found || /failed too many times/.test(found)) continue;
    const before = lines[at - 1]?.trim() ?? '';
    const isCommands = found.startsWith('archive command failed') && before !== '' && !/\[\d+\]/.test(before);
    return isCommands ? `${found}: ${before}` : found;
  }
  return null;
}
