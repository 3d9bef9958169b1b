import { open } from 'node:fs/promises';
import type { Client } from 'pg';

/** What is read of a server's log at most, from its end. */
const mostBytes = 16 * 1024 * 1024;

const guardLine = /bailiwick-guard ([0-9a-f]{64}) (\{.*\})$/gm;

/**
 * Brings the guard's lines of the server log into guard.destructive_statements. A refused statement takes its transaction with it, so
 * the log is where its record survives. Lines that this database did not seal are passed over; what is there already is left alone.
 * @param client of a superuser.
 * @param logFile the log as this process can read it; without one the server is asked for its own.
 * @returns whether a log could be read, and how many records are new.
 */
export async function collectAttempts(client: Client, logFile?: string): Promise<{ hasLog: boolean; added: number }> {
  const text = await readServerLog(client, logFile);
  if (text === undefined) return { hasLog: false, added: 0 };
  const seals: string[] = [];
  const lines: string[] = [];
  for (const [, seal = '', line = ''] of text.matchAll(guardLine)) {
    seals.push(seal);
    lines.push(line);
  }
  const { rows } = await client.query<{ added: number }>(
    `/* db:collectAttempts */ select count(*) filter (where guard.take_log_line(seal, line))::int as added
     from (select seal, line from unnest($1::text[], $2::text[]) with ordinality as read (seal, line, position) order by position) as lines`,
    [seals, lines],
  );
  return { hasLog: true, added: rows[0]?.added ?? 0 };
}

/** The end of the server's log, or undefined when it can't be read. */
export async function readServerLog(client: Client, logFile?: string): Promise<string | undefined> {
  return (logFile === undefined ? undefined : await readEnd(logFile)) ?? (await readServersOwn(client));
}

async function readEnd(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, mostBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * The log of the logging collector; else, on Linux, the file that the server's standard error goes to, which is how Debian runs it.
 * A pipe has no size and is never opened: that would wait for ever.
 */
async function readServersOwn(client: Client): Promise<string | undefined> {
  const read = async (path: string) => {
    const { rows } = await client.query<{ bytes: Buffer | null }>(
      `select case when size > 0 then pg_read_binary_file($1::text, greatest(size - $2::bigint, 0), $2::bigint, true) end as bytes
       from pg_stat_file($1::text, true)`,
      [path, mostBytes],
    );
    return rows[0]?.bytes?.toString('utf8');
  };
  try {
    const { rows } = await client.query<{ path: string | null }>(`select pg_current_logfile('stderr') as path`);
    return await read(rows[0]?.path ?? '/proc/self/fd/2');
  } catch {
    // Not the server's to read: an embedded server that root started, a managed host.
    return undefined;
  }
}
