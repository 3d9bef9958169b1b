import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { missingLayers } from '../guard/status.js';
import { isDatabaseError, statementFailure } from '../migrate/failure.js';
import { splitStatements } from '../migrate/statements.js';
import { placeOf, withSession } from './connect.js';
import type { Credentials } from './credentials.js';
import { setPasswords } from './passwords.js';

export const oldestSupportedMajor = 15;

export const initFolder = fileURLToPath(new URL('../../init/', import.meta.url));

export interface InitialiseOptions {
  /** URL of the database as a superuser. */
  readonly operatorUrl: string;
  /** The passwords to set; a role without one keeps what it has. */
  readonly credentials: Credentials;
  /** Another folder of init files than the project's: a backup carries its own. */
  readonly folder?: string;
  /** Told what is done, a sentence a step. */
  readonly onStep?: (sentence: string) => void;
}

/**
 * Makes the roles, schemas, identity and guard of a database, and sets the passwords of the login roles. All in one transaction:
 * it is done whole or not at all, and running it again changes nothing but the passwords.
 * @throws DATABASE_UNREACHABLE, DATABASE_TOO_OLD, PRIVILEGE_MISSING, MIGRATION_FAILED when an init file fails.
 */
export async function initialiseDatabase({
  operatorUrl,
  credentials,
  folder = initFolder,
  onStep = () => undefined,
}: InitialiseOptions): Promise<void> {
  await withSession(operatorUrl, 'init', async (client) => {
    refuseUnfitServer(operatorUrl, await serverFacts(client));
    const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
    const { rows } = await client.query(`select from pg_catalog.pg_namespace where nspname = 'guard'`);
    const step = rows.length === 0 ? 'Initialising database' : 'Renewing what init makes in database';
    onStep(`${step} ${placeOf(operatorUrl).database}: roles, schemas, identity, guard.`);
    await client.query('begin');
    try {
      // Roles belong to all databases of the server, where no advisory lock reaches; this catalogue is one for the whole server.
      await client.query('lock table pg_catalog.pg_auth_members in share row exclusive mode');
      for (const name of files) await runFile(client, folder, name);
      await setPasswords(client, credentials);
      const missing = await missingLayers(client);
      await client.query('commit');
      for (const one of missing) onStep(one);
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  });
}

interface ServerFacts {
  /** For example 180004. */
  readonly versionNumber: number;
  readonly version: string;
  readonly role: string;
  readonly isSuperuser: boolean;
  readonly encoding: string;
}

/** What decides whether a server and the role that is connected to it can carry Bailiwick. */
export async function serverFacts(client: Client): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version_num')::int as "versionNumber", current_setting('server_version') as version,
       current_user as role, (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as "isSuperuser",
       current_setting('server_encoding') as encoding`,
  );
  if (!rows[0]) throw new AppError('INTERNAL', 'The server did not tell its version.');
  return rows[0];
}

/**
 * Refuses a server or a role that can not carry Bailiwick.
 * @throws DATABASE_TOO_OLD, PRIVILEGE_MISSING naming the role and the statement that mends it, CONFIG_INVALID for the encoding.
 */
export function refuseUnfitServer(operatorUrl: string, found: ServerFacts): void {
  const { host, port, database } = placeOf(operatorUrl);
  if (found.versionNumber < oldestSupportedMajor * 10_000) {
    const message = `PostgreSQL at ${host}:${port} is version ${found.version}; Bailiwick needs ${oldestSupportedMajor} or newer.`;
    throw new AppError('DATABASE_TOO_OLD', message, {
      hint: 'Upgrade the server, or leave DATABASE_URL unset to use the embedded one.',
    });
  }
  if (!found.isSuperuser) {
    throw new AppError(
      'PRIVILEGE_MISSING',
      `Role ${found.role} is not a superuser of PostgreSQL at ${host}:${port}, and only a superuser can make roles that bypass row security.`,
      {
        hint: `Name a superuser in DATABASE_URL, or let one run: ALTER ROLE "${found.role}" SUPERUSER; and take it back afterwards.`,
      },
    );
  }
  if (found.encoding !== 'UTF8') {
    throw new AppError('CONFIG_INVALID', `Database ${database} is encoded in ${found.encoding}; Bailiwick needs UTF8.`, {
      hint: `Use another database: CREATE DATABASE bailiwick ENCODING 'UTF8' TEMPLATE template0;`,
    });
  }
}

async function runFile(client: Client, folder: string, name: string): Promise<void> {
  const sql = await readFile(join(folder, name), 'utf8');
  for (const statement of splitStatements(sql)) {
    try {
      await client.query(statement.text);
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      throw statementFailure('MIGRATION_FAILED', `init/${name}`, sql, statement, error, 'Nothing was changed.');
    }
  }
}
