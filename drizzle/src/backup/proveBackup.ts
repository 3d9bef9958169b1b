import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { startEmbeddedServer } from '../embedded/server.js';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { withSession } from '../setup/connect.js';
import { fromEmbedded } from '../setup/credentials.js';
import { quoteName } from '../import/sql.js';
import { plainTextSettings, quotedColumn, tableName } from './catalogue.js';
import { contentOf } from './content.js';
import { writeProof } from './folder.js';
import type { Backup, SavedDefinition } from './manifest.js';
import { restoreBackup } from './restoreBackup.js';
import type { RestoreReport } from './restoreBackup.js';
import { inScratchFolder } from './scratchFolder.js';
import { readTableFile } from './tableFile.js';

export interface ProofReport {
  readonly tables: number;
  readonly rows: number;
  /** Of the scratch server. */
  readonly serverVersion: string;
  readonly seconds: number;
  /** ISO 8601, UTC. */
  readonly provenAt: string;
}

/**
 * Restores a backup into a scratch server and compares: every table has as many rows as were saved, with the same content; every rule stands and
 * is validated. Notes beside the backup that it is proven. The scratch server is taken away again.
 * @throws RESTORE_FAILED naming what did not come back, and what restoreBackup throws.
 */
export async function proveBackup(
  backup: Backup,
  onStep: (sentence: string) => void = () => undefined,
  progress: Progress = silentProgress,
): Promise<ProofReport> {
  const began = performance.now();
  return inScratchFolder(onStep, async (dataDir) => {
    onStep('Starting a scratch server for the restore.');
    const server = await startEmbeddedServer({
      dataDir,
      // The data lives for minutes, so nothing is lost by not waiting for the disk.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
    });
    try {
      await withSession(server.operatorUrl(), 'verify', async (client) =>
        client.query(`create database bailiwick template template0 encoding 'UTF8'`),
      );
      const operatorUrl = server.operatorUrl('bailiwick');
      const credentials = fromEmbedded(server.credentials);
      const restore = async (): Promise<RestoreReport> =>
        restoreBackup({ operatorUrl, credentials, backup: standingAlone(backup), onStep, progress });
      let report = await restore();
      // Each round names the roles that the one before did not get to.
      for (let absent = absentRoles(report); absent.length > 0; absent = absentRoles(report)) {
        await makeRoles(operatorUrl, absent);
        onStep(
          `The backup names ${listed(absent)}, which the scratch server lacked: made there for the proof. A server that this backup is restored into must have ${absent.length === 1 ? 'it' : 'them'}, or says what stays away.`,
        );
        report = await restore();
      }
      const [lost] = report.notBroughtBack;
      if (lost) throw failed(backup, `${lost.what} did not come back: ${lost.why}`);
      const differing = report.tables.find((table) => !table.isContentEqual);
      if (differing) {
        throw failed(
          backup,
          `${differing.table} came back with ${differing.rowsAfter} rows, and not with the content that was saved (${differing.rowsInBackup} rows)`,
        );
      }
      const serverVersion = await withSession(operatorUrl, 'verify', async (client) => {
        await checkGuardTables(client, backup);
        const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
        return rows[0]?.version ?? 'unknown';
      });
      const provenAt = new Date();
      await writeProof(backup, provenAt);
      const rows = backup.manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      const seconds = (performance.now() - began) / 1000;
      return { tables: backup.manifest.tables.length, rows, serverVersion, seconds, provenAt: provenAt.toISOString() };
    } finally {
      await server.stop();
    }
  });
}

/** Roles belong to a server and not to a backup: owners, and whom rights and policies are for. Our own server speaks English. */
const absentRoles = ({ notBroughtBack }: RestoreReport): string[] => [
  ...new Set(notBroughtBack.flatMap(({ why }) => /^role "(.+)" does not exist$/.exec(why)?.[1] ?? [])),
];

async function makeRoles(operatorUrl: string, names: readonly string[]): Promise<void> {
  await withSession(operatorUrl, 'verify', async (client) => {
    for (const name of names) await client.query(`create role ${quoteName(name)} nologin`);
  });
}

const listed = (names: readonly string[]): string => `role${names.length === 1 ? '' : 's'} ${names.join(', ')}`;

function failed(backup: Backup, what: string): AppError {
  return new AppError('RESTORE_FAILED', `The backup in ${backup.path} is not proven: ${what}.`, {
    hint: 'Take a new backup now and verify it; keep this one until that one is proven.',
  });
}

/** What guard recorded is saved and never restored, so its files are read apart. */
async function checkGuardTables(client: Client, backup: Backup): Promise<void> {
  for (const table of backup.manifest.tables.filter(({ schema }) => schema === 'guard')) {
    await client.query('begin');
    await client.query(plainTextSettings);
    const columns = table.columns.map(({ name, type }) => `${quotedColumn(name)} ${type}`);
    await client.query(`create temp table guard_rows (${columns.join(', ')}) on commit drop`);
    await readTableFile(client, 'pg_temp.guard_rows', table.columns, join(backup.path, table.file.path));
    const { rows, content } = await contentOf(client, 'pg_temp.guard_rows', table.columns, backup.manifest.contentFormula);
    await client.query('rollback');
    if (rows !== table.rows || content !== table.content) {
      throw failed(
        backup,
        `${tableName(table)} reads as ${rows} rows with another content than the ${table.rows} that were saved`,
      );
    }
  }
}

/** A backup of one schema has not what its rows refer to in others: it is proven without those foreign keys. */
function standingAlone(backup: Backup): Backup {
  const { manifest } = backup;
  if (manifest.onlySchema === null) return backup;
  const isOwn = (schema: string | null): boolean => schema !== null && manifest.schemas.includes(schema);
  const definitions = manifest.definitions.filter(
    ({ kind, refersTo }: SavedDefinition) => kind !== 'foreign key' || isOwn(refersTo),
  );
  const foreignKeys = manifest.foreignKeys.filter(({ toSchema }) => isOwn(toSchema));
  return { ...backup, manifest: { ...manifest, definitions, foreignKeys } };
}
