import { liftsOf } from '../check/refuse.js';
import type { LiftOfFile } from '../check/refuse.js';
import { placeOf, withSession } from '../setup/connect.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';
import type { Bailiwick } from '../setup/credentials.js';
import { readMigrations } from './files.js';
import { appliedMigrations, findDrift, protectedMigrations } from './history.js';
import type { AppliedMigration, Drift, ProtectedMigration } from './history.js';
import { lockHolder } from './lock.js';
import type { LockHolder } from './lock.js';

export interface OwnerStatus {
  readonly owner: Bailiwick;
  readonly schema: string;
  readonly tables: number;
  readonly applied: number;
  readonly pending: number;
}

export interface DatabaseStatus {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** For example `18.4`. */
  readonly serverVersion: string;
  readonly owners: OwnerStatus[];
  readonly applied: AppliedMigration[];
  /** Those that lost something, and which backup stands by for each. */
  readonly protections: ProtectedMigration[];
  /** Names of files, in the order they would be applied. */
  readonly pending: string[];
  readonly drift: Drift[];
  /** Rules of db check that files lift, with the reasons they give. */
  readonly lifts: LiftOfFile[];
  /** Who migrates at this moment. */
  readonly lock: LockHolder | null;
}

/**
 * What is applied, what is pending, and what differs. Changes nothing and takes no lock.
 * @param url of the operator or of any deployer.
 * @throws DATABASE_UNREACHABLE, PRIVILEGE_MISSING, DATABASE_NOT_INITIALISED, MIGRATION_INVALID.
 */
export async function databaseStatus(url: string, folder?: string): Promise<DatabaseStatus> {
  const files = await readMigrations(folder);
  const lifts = await liftsOf(files);
  return withSession(url, 'status', async (client) => {
    const applied = await appliedMigrations(client);
    const { rows } = await client.query<{ version: string; tables: Record<string, number> }>(
      `select current_setting('server_version') as version, (select coalesce(json_object_agg(schema, tables), '{}') from (
         select n.nspname as schema, count(*) as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') group by 1) as counted) as tables`,
    );
    const pending = files.filter((file) => !applied.some(({ name }) => name === file.name));
    const { host, port, database } = placeOf(url);
    const owners = bailiwicks.map((owner) => ({
      owner,
      schema: schemaOf(owner),
      tables: rows[0]?.tables[schemaOf(owner)] ?? 0,
      applied: applied.filter((one) => one.owner === owner).length,
      pending: pending.filter((one) => one.owner === owner).length,
    }));
    return {
      host,
      port,
      database,
      serverVersion: rows[0]?.version.split(' ')[0] ?? 'unknown',
      owners,
      applied,
      protections: await protectedMigrations(client),
      pending: pending.map(({ name }) => name),
      drift: findDrift(files, applied),
      lifts,
      lock: (await lockHolder(client)) ?? null,
    };
  });
}
