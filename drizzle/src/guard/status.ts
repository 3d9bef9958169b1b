import { join } from 'node:path';
import type { Client } from 'pg';
import { readDatabaseConfig } from '../config.js';
import { withSession } from '../setup/connect.js';
import { collectAttempts } from './serverLog.js';

export interface GuardStatus {
  /** A sentence for each layer that does not stand. */
  readonly missing: string[];
  /** What only the operator may see; null for anybody else. */
  readonly attempts: {
    readonly refusedInLastDay: number;
    readonly approvedInLastDay: number;
    readonly openApprovals: number;
    readonly last: { happenedAt: Date; roleName: string; statement: string; outcome: string } | null;
    /** False when the server's log could not be read: refused statements are then in the log alone. */
    readonly hasLog: boolean;
  } | null;
}

/** A sentence for each layer of the guard that does not stand in this database. */
export async function missingLayers(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ layer: string; missing: string }>(
    '/* db:missingLayers */ select layer, missing from guard.layers() where missing is not null order by layer',
  );
  return rows.map(({ layer, missing }) => `The guard does not stand whole: ${layer}: ${missing}.`);
}

/** The log of the embedded server, or undefined when the database is on another one. */
export function embeddedLogFile(dataDir: string | undefined): string | undefined {
  const config = readDatabaseConfig();
  return config.databaseUrl ? undefined : join(dataDir ?? config.dataDir, 'postgres.log');
}

/**
 * Whether the guard stands, and what it has refused. As superuser it first brings the records of the server log into the database.
 * @param logFile of the embedded server; without one the server is asked for its log.
 */
export async function guardStatus(url: string, logFile?: string): Promise<GuardStatus> {
  return withSession(url, 'status', async (client) => {
    const missing = await missingLayers(client);
    const { rows } = await client.query<{ super: boolean }>(
      'select rolsuper as super from pg_roles where rolname = current_user',
    );
    if (!rows[0]?.super) return { missing, attempts: null };
    const { hasLog } = await collectAttempts(client, logFile);
    const counted = await client.query<{ refused: number; approved: number; open: number }>(
      `select count(*) filter (where outcome = 'refused')::int as refused, count(*) filter (where outcome = 'approved')::int as approved,
         (select count(*)::int from guard.approvals where used_at is null and expires_at > now()) as open
       from guard.destructive_statements where happened_at > now() - interval '1 day'`,
    );
    const latest = await client.query<{ happenedAt: Date; roleName: string; statement: string; outcome: string }>(
      `select happened_at as "happenedAt", role_name as "roleName", guard.shortened(statement, 80) as statement, outcome
       from guard.destructive_statements order by happened_at desc limit 1`,
    );
    const { refused = 0, approved = 0, open = 0 } = counted.rows[0] ?? {};
    return {
      missing,
      attempts: {
        refusedInLastDay: refused,
        approvedInLastDay: approved,
        openApprovals: open,
        last: latest.rows[0] ?? null,
        hasLog,
      },
    };
  });
}

/** The guard's part of `db status`. */
export function describeGuard({ missing, attempts }: GuardStatus): string {
  const lines = missing.length ? [...missing] : ['Guard: every layer stands.'];
  if (attempts) {
    const { refusedInLastDay, approvedInLastDay, openApprovals, last, hasLog } = attempts;
    lines.push(
      `Destructive statements in the last day: ${refusedInLastDay} refused, ${approvedInLastDay} approved; open approvals: ${openApprovals}.`,
    );
    if (last)
      lines.push(`The last: ${last.statement}, by ${last.roleName} at ${last.happenedAt.toISOString()}: ${last.outcome}.`);
    if (!hasLog) lines.push('The server log can not be read from here: refused statements stand in it, marked bailiwick-guard.');
  }
  return lines.join('\n');
}
