import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import pg from 'pg';
import { archiveOf } from './archive/place.js';
import type { Archive } from './archive/place.js';
import { passwordKey, readDatabaseConfig } from './config.js';
import { connectToRunningServer, startEmbeddedServer } from './embedded/server.js';
import { placeOf, withSession } from './setup/connect.js';
import { fromEmbedded, loginRoles } from './setup/credentials.js';
import type { Credentials, LoginRole } from './setup/credentials.js';
import { refuseUnfitServer, serverFacts } from './setup/init.js';
import { completePasswordFile, passwordFileOf, readPasswordFile } from './setup/passwordFile.js';
import { isDatabaseError } from './migrate/failure.js';

/** The database of the embedded server that holds everything; its database `postgres` stays empty. */
export const embeddedDatabase = 'bailiwick';

export interface OpenDatabaseOptions {
  /** Of a PostgreSQL that exists. Default: DATABASE_URL; without either, the embedded server. */
  readonly databaseUrl?: string;
  /** Default: BAILIWICK_DATA_DIR, or `.bailiwick` in the project. */
  readonly dataDir?: string;
  /** Of the embedded server, when this call starts it. */
  readonly port?: number;
  /** Makes what is not there yet: a cluster in the data directory, and passwords for roles that have none. Only what initialises asks for it. */
  readonly create?: boolean;
  /** With `create`, on a server that exists: gives roles that are there already new passwords, if theirs are not known here. */
  readonly newPasswords?: boolean;
  /** Runs the embedded server itself, and refuses to share one that another process runs. A server that its process left behind is stopped first. */
  readonly exclusive?: boolean;
  /** Told what is done, a sentence a step. */
  readonly onStep?: (sentence: string) => void;
}

export interface OpenDatabase {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Whether this call started the embedded server; `close` then stops it. */
  readonly isOurServer: boolean;
  /** Where the embedded server archives its WAL. Undefined for a server that exists. */
  readonly archive: Archive | undefined;
  close(): Promise<void>;
}

/**
 * The way of a command to its database: DATABASE_URL; else the embedded server that runs on the data directory; else that server,
 * started for as long as the command needs it.
 * @throws CONFIG_INVALID, DATABASE_NOT_INITIALISED without `create` when there is nothing to open, and what the embedded server throws.
 */
export async function openDatabase(options: OpenDatabaseOptions = {}): Promise<OpenDatabase> {
  const config = readDatabaseConfig();
  const {
    databaseUrl = config.databaseUrl,
    dataDir = config.dataDir,
    create = false,
    exclusive = false,
    onStep = () => undefined,
  } = options;
  if (databaseUrl) return openExisting(databaseUrl, dataDir, config.passwords, options);
  const running = exclusive ? undefined : await connectToRunningServer(dataDir);
  if (running) {
    await ensureDatabase(running.operatorUrl());
    return {
      operatorUrl: running.operatorUrl(embeddedDatabase),
      credentials: fromEmbedded(running.credentials),
      isOurServer: false,
      archive: await archiveOf(dataDir),
      close: async () => undefined,
    };
  }
  if (!create && !existsSync(join(dataDir, 'location.json'))) {
    throw new AppError('DATABASE_NOT_INITIALISED', `There is no database in ${dataDir} yet.`, {
      hint: 'Make one with npm start or npm run db -- init, or name a PostgreSQL that exists in DATABASE_URL.',
    });
  }
  const server = await startEmbeddedServer({ dataDir, port: options.port, onStep, archive: true });
  try {
    await ensureDatabase(server.operatorUrl());
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    operatorUrl: server.operatorUrl(embeddedDatabase),
    credentials: fromEmbedded(server.credentials),
    isOurServer: true,
    archive: server.archive,
    close: async () => server.stop(),
  };
}

async function openExisting(
  databaseUrl: string,
  dataDir: string,
  given: Credentials['roles'],
  { create = false, newPasswords = false }: OpenDatabaseOptions,
): Promise<OpenDatabase> {
  const path = passwordFileOf(dataDir, placeOf(databaseUrl));
  const known = { ...(await readPasswordFile(path)), ...passwordInUrl(databaseUrl), ...given };
  if (create && !newPasswords) await refuseForgottenPasswords(databaseUrl, known);
  const roles = create ? await completePasswordFile(path, known) : known;
  return {
    operatorUrl: databaseUrl,
    credentials: { roles },
    isOurServer: false,
    archive: undefined,
    close: async () => undefined,
  };
}

/** A role whose password somebody else keeps may be in use this moment: a new password would lock that service out. */
async function refuseForgottenPasswords(databaseUrl: string, known: Credentials['roles']): Promise<void> {
  const unknown = loginRoles.filter((role) => known[role] === undefined);
  if (unknown.length === 0) return;
  const existing = await withSession(databaseUrl, 'open', async (client) => {
    // First, because who can't initialise at all should not be asked for passwords; and before a password file is written.
    refuseUnfitServer(databaseUrl, await serverFacts(client));
    const { rows } = await client.query<{ rolname: string }>(
      'select rolname from pg_catalog.pg_roles where rolname = any($1) order by 1',
      [unknown],
    );
    return rows.map(({ rolname }) => rolname as LoginRole);
  });
  if (existing.length === 0) return;
  const { host, port } = placeOf(databaseUrl);
  throw new AppError(
    'PASSWORDS_UNKNOWN',
    `The server at ${host}:${port} has the roles ${existing.join(', ')} already, and their passwords are not known here. Nothing was changed.`,
    {
      hint:
        `Give the passwords in ${existing.map(passwordKey).join(', ')}; or set new ones with npm run db -- init --new-passwords, ` +
        'which locks out every service that still uses the old ones.',
    },
  );
}

/** A team that deploys alone names its deployer in DATABASE_URL, password and all. */
function passwordInUrl(databaseUrl: string): Credentials['roles'] {
  // As the driver reads it, which takes a lone % for itself.
  const { user, password } = new pg.Client({ connectionString: databaseUrl });
  const role = loginRoles.find((name) => name === user);
  return role && password ? { [role]: password } : {};
}

async function ensureDatabase(operatorUrl: string): Promise<void> {
  await withSession(operatorUrl, 'open', async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [embeddedDatabase]);
    if (rowCount) return;
    try {
      await client.query(`create database ${embeddedDatabase} template template0 encoding 'UTF8'`);
    } catch (error) {
      // Another command made it in this moment.
      if (!isDatabaseError(error) || !['42P04', '23505'].includes(error.code ?? '')) throw error;
    }
  });
}
