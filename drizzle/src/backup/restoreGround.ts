import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { approveStatement } from '../guard/approve.js';
import { placeOf, withSession } from '../setup/connect.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import { initialiseDatabase, refuseUnfitServer, serverFacts } from '../setup/init.js';
import type { Backup } from './manifest.js';
import type { RestoreOptions } from './restoreBackup.js';

const countTables = `select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any ($1) and c.relkind = 'r'`;

/**
 * Roles, schemas, identity and guard, where they are missing: from the backup's own init files in a database without tables. Tables are none of its business.
 * @throws DATABASE_NOT_INITIALISED for a dry run, and what db init throws.
 */
export async function makeGround({
  operatorUrl,
  credentials,
  backup,
  isDryRun,
  onStep = () => undefined,
}: RestoreOptions): Promise<void> {
  const { database } = placeOf(operatorUrl);
  const state = await withSession(operatorUrl, 'restore', async (client) => {
    refuseUnfitServer(operatorUrl, await serverFacts(client));
    const { rows } = await client.query<{ isInitialised: boolean; tables: number }>(
      `select to_regclass('guard.migrations') is not null and to_regprocedure('identity.may(text, text)') is not null
           and to_regclass('identity.roles') is not null as "isInitialised", (${countTables}) as tables`,
      [bailiwicks.map(schemaOf)],
    );
    return { isInitialised: rows[0]?.isInitialised ?? false, tables: rows[0]?.tables ?? 0 };
  });
  if (state.isInitialised) return;
  if (isDryRun) {
    throw new AppError('DATABASE_NOT_INITIALISED', `Database ${database} has no guard or identity, and a dry run makes none.`, {
      hint: 'Run npm run db -- init first, or restore without --dry-run.',
    });
  }
  // Init names the schema public and expects it; it may be the very one that was dropped.
  await withSession(operatorUrl, 'restore', async (client) => client.query('create schema if not exists public'));
  const folder = state.tables > 0 ? undefined : join(backup.path, 'init');
  await initialiseDatabase({ operatorUrl, credentials, folder, onStep });
}

/**
 * What a newer PostgreSQL says of its tables, an older one may not understand. The other way round is what every upgrade does.
 * @throws BACKUP_OTHER_VERSION naming both.
 */
export async function refuseNewerSource({ operatorUrl, backup, acceptNewer = false }: RestoreOptions): Promise<void> {
  if (acceptNewer) return;
  const { path, manifest } = backup;
  const { serverVersion, serverVersionNumber } = manifest.source;
  const { version, versionNumber } = await withSession(operatorUrl, 'restore', serverFacts);
  const major = majorOf(serverVersionNumber);
  if (major <= majorOf(versionNumber)) return;
  const { host, port } = placeOf(operatorUrl);
  throw new AppError(
    'BACKUP_OTHER_VERSION',
    `The backup in ${path} is of PostgreSQL ${serverVersion}, and the server on ${host}:${port} is ${version}: it may not understand all of it. Nothing was changed.`,
    {
      hint: `Restore it into PostgreSQL ${major} or newer. If there is none, npm run db -- restore … --accept-newer tries it, and does it whole or not at all.`,
    },
  );
}

const majorOf = (versionNumber: number): number => Math.floor(versionNumber / 10_000);

interface Migrations {
  /** The migrations that each owner applied after the backup. */
  readonly ahead: Map<string, string[]>;
  /** Nothing is recorded: guard itself had been lost, or the database is new. */
  readonly isRecordEmpty: boolean;
}

/**
 * The database must have the backup's migrations, with the same content; or none at all.
 * @throws RESTORE_CONFLICT
 */
export async function compareMigrations(client: Client, { manifest }: Backup): Promise<Migrations> {
  const { rows } = await client.query<{ name: string; owner: string; checksum: string }>(
    'select name, owner, checksum from guard.migrations order by number',
  );
  for (const { name, checksum } of manifest.migrations) {
    const applied = rows.find((one) => one.name === name);
    if (applied && applied.checksum !== checksum) {
      throw new AppError(
        'RESTORE_CONFLICT',
        `Migration ${name} has another content in the database (SHA-256 ${applied.checksum.slice(0, 12)}…) than in the backup (${checksum.slice(0, 12)}…).`,
        {
          hint: 'Restore into another database: name an empty one in DATABASE_URL.',
        },
      );
    }
    if (!applied && rows.length > 0) {
      throw new AppError('RESTORE_CONFLICT', `The database lacks migration ${name}, which the backup was taken after.`, {
        hint: 'Run npm run db -- migrate first, then restore again.',
      });
    }
  }
  const ahead = new Map<string, string[]>();
  for (const { name, owner } of rows) {
    if (!manifest.migrations.some((one) => one.name === name)) ahead.set(owner, [...(ahead.get(owner) ?? []), name]);
  }
  return { ahead, isRecordEmpty: rows.length === 0 };
}

/** What was saved was made by these migrations, so they count as applied. */
export async function recordMigrations(client: Client, { manifest }: Backup): Promise<void> {
  for (const { number, name, owner, checksum } of manifest.migrations) {
    await client.query(
      'insert into guard.migrations (number, name, owner, checksum, applied_by, duration_ms) values ($1, $2, $3, $4, session_user, 0)',
      [number, name, owner, checksum],
    );
  }
}

/**
 * In a database that has no table and no migration yet, the catalogue of roles that init put there makes way for the one that was saved.
 * The guard lets this one statement through, and records it.
 */
export async function makeWayForRoles(client: Client, { manifest }: Backup): Promise<void> {
  const { rows } = await client.query<{ tables: number }>(`select (${countTables}) as tables`, [bailiwicks.map(schemaOf)]);
  if (rows[0]?.tables !== 0) return;
  const statement = 'delete from identity.roles';
  await approveStatement(client, statement, `restore of backup ${manifest.name} into a new database`, 1);
  await client.query(statement);
}
