import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import type { Bailiwick } from '../setup/credentials.js';
import { isDatabaseError } from './failure.js';
import type { MigrationFile } from './files.js';

/** A migration as guard.migrations has it. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly owner: Bailiwick;
  readonly checksum: string;
  readonly appliedAt: Date;
  readonly appliedBy: string;
  readonly durationMs: number;
}

/**
 * What has been applied, by number.
 * @throws DATABASE_NOT_INITIALISED when the database has no guard.
 */
export async function appliedMigrations(client: Client): Promise<AppliedMigration[]> {
  try {
    const { rows } = await client.query<AppliedMigration>(
      `/* db:appliedMigrations */ select number, name, owner, checksum, applied_at as "appliedAt", applied_by as "appliedBy",
         duration_ms as "durationMs" from guard.applied_migrations() order by number`,
    );
    return rows;
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    if (error.code === '42501') {
      throw new AppError('PRIVILEGE_MISSING', `Role ${client.user} may not read the record of migrations: ${error.message}.`, {
        hint: 'Name a superuser or a deployer in DATABASE_URL.',
        cause: error,
      });
    }
    // No schema or no function: init has not been run here.
    if (!['3F000', '42883', '42P01'].includes(error.code ?? '')) throw error;
    throw new AppError(
      'DATABASE_NOT_INITIALISED',
      `Database ${client.database} has no record of migrations yet: ${error.message}.`,
      {
        hint: 'Run npm run db -- init first.',
        cause: error,
      },
    );
  }
}

/**
 * Refuses a database whose identity is that of an older version: the services call these functions.
 * @throws DATABASE_NOT_INITIALISED.
 */
export async function refuseOlderIdentity(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select w.name from unnest(array['enter', 'person_may']) w(name) where not exists
       (select from pg_proc where proname = w.name and pronamespace = (select oid from pg_namespace where nspname = 'identity'))`,
  );
  if (!rows[0]) return;
  throw new AppError(
    'DATABASE_NOT_INITIALISED',
    `Database ${client.database} has no identity.${rows[0].name}: its identity is that of an older version.`,
    {
      hint: 'Run npm run db -- init first, which brings roles, identity and guard to this version and leaves every row as it is.',
    },
  );
}

/** What stood by when a migration lost something. */
export interface ProtectedMigration {
  readonly name: string;
  readonly losses: number;
  readonly approvalId: string;
  readonly backupName: string;
  readonly backupFolder: string;
  readonly restorePoint: string | null;
}

/** The migrations that lost something, with their backups; none where the record does not know of backups yet. */
export async function protectedMigrations(client: Client): Promise<ProtectedMigration[]> {
  try {
    const { rows } = await client.query<ProtectedMigration>(
      `/* db:protectedMigrations */ select name, jsonb_array_length(losses) as losses, approval_id as "approvalId", backup_name as "backupName",
         backup_folder as "backupFolder", restore_point as "restorePoint" from guard.protected_migrations()`,
    );
    return rows;
  } catch (error) {
    if (isDatabaseError(error) && error.code === '42883') return [];
    throw error;
  }
}

export interface Drift {
  readonly code: 'MIGRATION_EDITED' | 'MIGRATION_MISSING';
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

const short = (checksum: string) => checksum.slice(0, 12);

/**
 * Compares the files with what was applied.
 * @param owner only this owner's: a team that deploys alone answers for no other team's files.
 * @returns every difference that must not be: an applied file edited or gone, or a late one before an applied one of the same owner.
 */
export function findDrift(files: readonly MigrationFile[], applied: readonly AppliedMigration[], owner?: Bailiwick): Drift[] {
  const drift: Drift[] = [];
  for (const done of applied.filter((one) => !owner || one.owner === owner)) {
    const file = files.find(({ name }) => name === done.name);
    const when = done.appliedAt.toISOString();
    if (!file) {
      const other = files.find(({ number }) => number === done.number);
      drift.push({
        code: 'MIGRATION_MISSING',
        name: done.name,
        message: `${done.name} was applied at ${when}, but has no file any more${other ? `; its number is now that of ${other.name}.sql` : ''}.`,
        hint: 'Restore the file from version control: a merged migration is never removed or renamed.',
      });
    } else if (file.checksum !== done.checksum) {
      drift.push({
        code: 'MIGRATION_EDITED',
        name: done.name,
        message: `${done.name}.sql was edited after it had been applied at ${when}: the applied one has SHA-256 ${short(done.checksum)}…, the file has ${short(file.checksum)}….`,
        hint: 'Restore the file from version control, and put the change into a new migration.',
      });
    }
  }
  for (const file of files.filter((one) => !owner || one.owner === owner)) {
    if (applied.some(({ name }) => name === file.name)) continue;
    const later = applied.findLast((done) => done.owner === file.owner && done.number > file.number);
    if (!later) continue;
    drift.push({
      code: 'MIGRATION_MISSING',
      name: file.name,
      message: `${file.name}.sql is not applied, but ${later.name} of the same owner, which comes after it, is.`,
      hint: 'Give the late file the next free number, so that every database applies the files in one order.',
    });
  }
  return drift;
}

/** @throws the first drift, MIGRATION_EDITED or MIGRATION_MISSING. */
export function refuseDrift(files: readonly MigrationFile[], applied: readonly AppliedMigration[], owner?: Bailiwick): void {
  const [first, ...others] = findDrift(files, applied, owner);
  if (!first) return;
  const more = others.length ? `\n${others.map(({ message }) => message).join('\n')}` : '';
  throw new AppError(first.code, `${first.message}${more}`, { hint: first.hint });
}
