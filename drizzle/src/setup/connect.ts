import { AppError, causesOf } from '@bailiwick/kernel/errors';
import pg from 'pg';
import type { Credentials, LoginRole } from './credentials.js';

/**
 * The same server and database as another role.
 * @param url a PostgreSQL URL; its host, port, database and parameters are kept.
 * @param password left out of the URL when undefined: the server may need none.
 */
export function urlAs(url: string, role: string, password: string | undefined): string {
  const result = new URL(url);
  for (const name of ['user', 'password']) result.searchParams.delete(name);
  if (result.host === '') {
    // A socket folder stands in ?host=, and a URL without a host can't carry a user in front of it.
    result.searchParams.set('user', role);
    if (password !== undefined) result.searchParams.set('password', password);
    return result.href;
  }
  result.username = role;
  result.password = encodeURIComponent(password ?? '');
  return result.href;
}

/** The URL of a login role, with its password where it is known. */
export function urlOfRole(url: string, role: LoginRole, credentials: Credentials): string {
  return urlAs(url, role, credentials.roles[role]);
}

/** The same server and credentials, another database. */
export function urlOfDatabase(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${encodeURIComponent(database)}`;
  return result.href;
}

/** Where a URL leads, as the driver reads it; never the password. */
export function placeOf(url: string): { host: string; port: number; database: string; user: string } {
  const { host, port, database = '', user = '' } = new pg.Client({ connectionString: url });
  return { host, port, database, user };
}

const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ENOENT: 'the socket does not exist',
};

function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code = '', message = String(first) } = first as NodeJS.ErrnoException;
  return networkReasons[code] ?? (message.replace(/[.\s]+$/, '') || code);
}

/** What stands behind a failed connection, in one sentence with a next step. */
export function connectionError(url: string, error: unknown): AppError {
  const { host, port, database, user } = placeOf(url);
  const { code = '' } = error as NodeJS.ErrnoException;
  const passwordKey = `BAILIWICK_PASSWORD_${user.toUpperCase()}`;
  const isOurs = /_(app|deployer)$|^backup_reader$/.test(user);
  if (code === '28000' && isOurs && /does not exist/.test(reasonOf(error))) {
    return new AppError('DATABASE_NOT_INITIALISED', `PostgreSQL at ${host}:${port} knows no role ${user}.`, {
      hint: 'Run npm run db -- init first.',
      cause: error,
    });
  }
  if (code.startsWith('28') || /password must be a string|no password/i.test(reasonOf(error))) {
    return new AppError('PRIVILEGE_MISSING', `PostgreSQL at ${host}:${port} does not let ${user} in: ${reasonOf(error)}.`, {
      hint: isOurs
        ? `Set ${passwordKey} to its password, or let npm run db -- init set one.`
        : 'Correct user and password in DATABASE_URL, or let the user in with pg_hba.conf.',
      cause: error,
    });
  }
  if (code === '42501') {
    return new AppError('PRIVILEGE_MISSING', `Role ${user} may not connect to database ${database}: ${reasonOf(error)}.`, {
      hint: `Run npm run db -- init, or as a superuser: GRANT CONNECT ON DATABASE "${database}" TO ${user};`,
      cause: error,
    });
  }
  if (code === '3D000') {
    return new AppError('DATABASE_UNREACHABLE', `PostgreSQL at ${host}:${port} has no database "${database}".`, {
      hint: `Create it as a superuser with: CREATE DATABASE "${database}"; or name another one in DATABASE_URL.`,
      cause: error,
    });
  }
  return new AppError('DATABASE_UNREACHABLE', `PostgreSQL at ${host}:${port} can not be reached: ${reasonOf(error)}.`, {
    hint: 'Start the server, or correct host and port in DATABASE_URL.',
    cause: error,
  });
}

const broken = /ECONNRESET|EPIPE|Connection terminated|connection was lost|not queryable|Client was closed/;

/** What to tell where a session ended under a command's hands: the server was stopped or killed, or the network broke. Undefined for any other error. */
export function brokenConnection(error: unknown): AppError | undefined {
  const fault = causesOf(error).find(
    ({ code = '', message }: NodeJS.ErrnoException) => /^(57P0[1-4]|08)/.test(code) || broken.test(code) || broken.test(message),
  );
  if (!fault) return undefined;
  return new AppError(
    'DATABASE_UNREACHABLE',
    `The connection to PostgreSQL broke in the middle of the work: ${reasonOf(fault)}.`,
    {
      hint: 'Look at the server and its log, then run the same again: it finds out what was done, and goes on.',
      cause: error,
    },
  );
}

/**
 * Under these a session reads, writes and quotes what its statements say, whatever ALTER DATABASE or ALTER ROLE … SET made of that: an array's NULL
 * would else become a text, a backslash another character, and a long statement would be broken off. The last one is there from PostgreSQL 17 on.
 */
const sessionSettings = `set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set idle_session_timeout = 0;
  set standard_conforming_strings = on; set quote_all_identifiers = off; set array_nulls = on; set transform_null_equals = off;
  set xmloption = content; set default_transaction_isolation = 'read committed'; set default_transaction_deferrable = off;
  set client_min_messages = notice;
  select set_config(name, '0', false) from pg_catalog.pg_settings where name = 'transaction_timeout'`;

/** Gives a session what `connect` gave it; RESET ALL and DISCARD ALL bring back what the database or the role sets of all but the statement timeout. */
export async function setSession(client: pg.Client): Promise<void> {
  await client.query(sessionSettings);
}

/** What the driver has made of a URL and of PGOPTIONS, which its types keep to themselves. */
interface WithParameters {
  readonly connectionParameters: { options?: string | undefined };
}

/**
 * Opens one session.
 * @param step what the session is for; it stands in pg_stat_activity as `bailiwick <step>`.
 * @throws DATABASE_UNREACHABLE, PRIVILEGE_MISSING, DATABASE_NOT_INITIALISED.
 */
export async function connect(url: string, step: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `bailiwick ${step}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // From its first statement on: a timeout of the database or the role would else hold for the very statement that turns it off.
  const { connectionParameters } = client as unknown as WithParameters;
  connectionParameters.options = `${connectionParameters.options ?? ''} -c statement_timeout=0`.trimStart();
  // A session that breaks while idle has nobody waiting for it: the next query on it fails, and that is where it is told.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await setSession(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw connectionError(url, error);
  }
  return client;
}

/** Runs `work` with a session of its own, and ends the session whatever happens. */
export async function withSession<T>(url: string, step: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url, step);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
