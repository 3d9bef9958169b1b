import type { Client } from 'pg';
import { isDatabaseError } from '../migrate/failure.js';
import { withSession } from '../setup/connect.js';
import type { Backup } from './manifest.js';

export interface RecordedBackup {
  readonly name: string;
  readonly folder: string;
  readonly onlySchema: string | null;
  readonly takenAt: Date;
  readonly rows: number;
  readonly provenAt: Date | null;
}

export interface BackupAges {
  /** The newest of all schemas. */
  readonly last: RecordedBackup | null;
  /** The one whose proof is the newest. */
  readonly lastProven: RecordedBackup | null;
}

/** Notes a backup in the database it was taken of. It is complete all the same when that can't be done: a standby takes no writes. */
export async function recordBackup(
  client: Client,
  backup: Backup,
  folder: string,
  onStep: (sentence: string) => void,
): Promise<void> {
  const { manifest, manifestChecksum } = backup;
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = manifest.tables.reduce((sum, table) => sum + table.file.bytes, 0);
  const values = [
    manifestChecksum,
    manifest.name,
    folder,
    manifest.onlySchema,
    manifest.takenAt,
    manifest.tables.length,
    rows,
    bytes,
  ];
  await write(client, 'select guard.record_backup($1, $2, $3, $4, $5, $6, $7, $8)', values, onStep);
}

/** Notes that a backup was proven by a restore. */
export async function recordProof(client: Client, manifestChecksum: string, onStep: (sentence: string) => void): Promise<void> {
  await write(client, 'select guard.record_proven_restore($1)', [manifestChecksum], onStep);
}

async function write(client: Client, sql: string, values: unknown[], onStep: (sentence: string) => void): Promise<void> {
  try {
    // backup_reader is read-only unless it says otherwise.
    await client.query('begin read write');
    await client.query(sql, values);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    onStep(
      `Warning: this is not noted in guard.backups, so npm run db -- status does not know of it: ${(error as Error).message}.`,
    );
  }
}

/**
 * The age of the last backup and of the last proven restore.
 * @returns undefined when the database keeps no record of backups.
 */
export async function backupAges(url: string): Promise<BackupAges | undefined> {
  return withSession(url, 'status', async (client) => {
    try {
      const { rows } = await client.query<Omit<RecordedBackup, 'rows'> & { rows: string }>(
        `/* db:backupAges */ select name, folder, only_schema as "onlySchema", taken_at as "takenAt", rows, proven_at as "provenAt"
         from guard.backup_ages()`,
      );
      const whole = rows.filter((row) => row.onlySchema === null).map((row) => ({ ...row, rows: Number(row.rows) }));
      const proven = whole.filter((row) => row.provenAt !== null);
      proven.sort((a, b) => Number(b.provenAt) - Number(a.provenAt));
      return { last: whole[0] ?? null, lastProven: proven[0] ?? null };
    } catch (error) {
      if (isDatabaseError(error) && ['42883', '3F000', '42501'].includes(error.code ?? '')) return undefined;
      throw error;
    }
  });
}

/** Sentences for `db status`. */
export function describeBackups(ages: BackupAges | undefined, now: Date = new Date()): string {
  if (!ages) return 'Backups: not recorded here yet; npm run db -- init makes the record.';
  const { last, lastProven } = ages;
  const age = (then: Date): string => `${then.toISOString()}, ${elapsed(now.getTime() - then.getTime())} ago`;
  return [
    last
      ? `Last backup: ${last.name} (${age(last.takenAt)}), ${last.rows.toLocaleString('en-US')} rows, in ${last.folder}.`
      : 'Last backup: none. Take one with: npm run db -- backup',
    lastProven?.provenAt
      ? `Last proven restore: ${lastProven.name}, proven ${age(lastProven.provenAt)}.`
      : 'Last proven restore: none. Prove one with: npm run db -- verify --restore',
  ].join('\n');
}

function elapsed(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
