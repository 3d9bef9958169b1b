import type { Client } from 'pg';
import { isDatabaseError } from '../migrate/failure.js';
import { withSession } from '../setup/connect.js';
import { isFromFuture, listBackups } from './folder.js';
import type { DumpBackup } from './dumpManifest.js';
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

/** Notes a backup that pg_dump made. Its own description stands for a manifest. */
export async function recordDump(
  client: Client,
  { dump, checksum, folder }: { dump: DumpBackup; checksum: string; folder: string },
  onStep: (sentence: string) => void,
): Promise<void> {
  const counts = Object.values(dump.tables);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const values = [checksum, dump.name, folder, dump.onlySchema, dump.takenAt, counts.length, rows, dump.file.bytes];
  await write(client, 'select guard.record_backup($1, $2, $3, $4, $5, $6, $7, $8)', values, onStep);
}

/**
 * Notes the complete backups of this database that its record lacks: of a run that was killed at its very end, or from before the record was lost.
 */
export async function noteMissing(
  client: Client,
  root: string,
  database: string,
  onStep: (sentence: string) => void,
): Promise<void> {
  const known = await client
    .query<{ checksum: string; systemIdentifier: string }>(
      `select manifest_checksum as checksum, s.system_identifier::text as "systemIdentifier" from pg_control_system() s left join guard.backups on true`,
    )
    .catch(() => undefined);
  const [first] = known?.rows ?? [];
  if (!known || !first) return;
  for (const { name, backup } of (await listBackups(root)).reverse()) {
    if (!backup || known.rows.some(({ checksum }) => checksum === backup.manifestChecksum)) continue;
    const { source } = backup.manifest;
    if (source.database !== database || source.systemIdentifier !== first.systemIdentifier) continue;
    await recordBackup(client, backup, root, onStep);
    onStep(`Noted backup ${name} in guard.backups, where it was missing.`);
  }
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
      // A wrong clock may have dated one in the future: it would be the last for ever.
      return {
        last: whole.find(({ takenAt }) => !isFromFuture(takenAt)) ?? whole[0] ?? null,
        lastProven: proven.find(({ provenAt }) => provenAt && !isFromFuture(provenAt)) ?? proven[0] ?? null,
      };
    } catch (error) {
      if (isDatabaseError(error) && ['42883', '3F000', '42501'].includes(error.code ?? '')) return undefined;
      throw error;
    }
  });
}

/** A moment and how long ago it was, in words; of one to come, that a clock is to blame. */
export const ageOf = (then: Date, now: Date, inWords: (milliseconds: number) => string = elapsed): string =>
  isFromFuture(then, now)
    ? `${then.toISOString()}, which is in the future: a clock was or is wrong`
    : `${then.toISOString()}, ${inWords(now.getTime() - then.getTime())} ago`;

/** Sentences for `db status`. */
export function describeBackups(ages: BackupAges | undefined, now: Date = new Date()): string {
  if (!ages) return 'Backups: not recorded here yet; npm run db -- init makes the record.';
  const { last, lastProven } = ages;
  const age = (then: Date): string => ageOf(then, now);
  return [
    last
      ? `Last backup: ${last.name} (${age(last.takenAt)}), ${last.rows.toLocaleString('en-US')} rows, in ${last.folder}.`
      : 'Last backup: none. Take one with: npm run db -- backup',
    lastProven?.provenAt
      ? `Last proven restore: ${lastProven.name}, proven ${age(lastProven.provenAt)}.`
      : 'Last proven restore: none. Prove one with: npm run db -- verify --restore',
  ].join('\n');
}

/** Days after which a restore must have been proven again: one a week, and a day for the job to run. */
export const defaultProofLimit = 8;

/**
 * What is wrong with the age of the last proven restore, as a sentence.
 * @param since when the database began; one that is younger than the limit need not be proven yet.
 */
export function proofFault(
  ages: BackupAges | undefined,
  since: Date | undefined,
  limitDays: number = defaultProofLimit,
  now: Date = new Date(),
): string | undefined {
  const isOld = (then: Date | undefined) => now.getTime() - (then?.getTime() ?? 0) > limitDays * 86_400_000;
  const proven = ages?.lastProven?.provenAt;
  const command = 'npm run db -- verify --restore';
  if (proven) {
    if (isFromFuture(proven, now))
      return `The last proven restore says that it was at ${ageOf(proven, now)}, so its age is not known. Prove one with: ${command}`;
    if (!isOld(proven)) return undefined;
    return `The last proven restore is ${elapsed(now.getTime() - proven.getTime())} old, more than ${limitDays} days. Prove one with: ${command}`;
  }
  return isOld(since) ? `No backup was ever proven by a restore. Prove one with: ${command}` : undefined;
}

/** A length of time in words, for a person. */
export function elapsed(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
