import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { readLocation } from '../embedded/place.js';
import { startEmbeddedServer } from '../embedded/server.js';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { quoteName } from '../import/sql.js';
import { withSession } from '../setup/connect.js';
import { fromEmbedded } from '../setup/credentials.js';
import { contentOf, plainTextSettings, tableName } from './catalogue.js';
import { writeProof } from './folder.js';
import type { Backup } from './manifest.js';
import { restoreBackup } from './restoreBackup.js';
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
  const dataDir = await mkdtemp(join(tmpdir(), 'bailiwick-scratch-'));
  // The account that PostgreSQL runs as, where we are root, must be able to enter.
  await chmod(dataDir, 0o755);
  try {
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
      const report = await restoreBackup({ operatorUrl, credentials, backup, isScratch: true, onStep, progress });
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
        await checkConstraints(client, backup);
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
  } finally {
    const elsewhere = (await readLocation(dataDir))?.cluster;
    if (elsewhere) await rm(elsewhere, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}

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
    const columns = table.columns.map(({ name, type }) => `${quoteName(name)} ${type}`);
    await client.query(`create temp table guard_rows (${columns.join(', ')}) on commit drop`);
    await readTableFile(client, 'pg_temp.guard_rows', table.columns, join(backup.path, table.file.path));
    const { rows, content } = await contentOf(client, 'pg_temp.guard_rows', table.columns);
    await client.query('rollback');
    if (rows !== table.rows || content !== table.content) {
      throw failed(
        backup,
        `${tableName(table)} reads as ${rows} rows with another content than the ${table.rows} that were saved`,
      );
    }
  }
}

/** Triggers of foreign keys slept while the rows came: each key is tested against the rows once more, by PostgreSQL itself. */
async function checkConstraints(client: Client, backup: Backup): Promise<void> {
  if (backup.manifest.onlySchema !== null) return;
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace in (select oid from pg_namespace where nspname = any ($1))`,
    [backup.manifest.schemas],
  );
  for (const { table, name, definition } of rows) {
    await client.query('begin');
    try {
      await client.query(`alter table ${table} add constraint proof_of_restore ${definition}`);
    } catch (error) {
      throw failed(backup, `foreign key ${name} of ${table} does not hold: ${(error as Error).message}`);
    } finally {
      await client.query('rollback');
    }
  }
}
