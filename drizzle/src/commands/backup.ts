import type { Command } from 'commander';
import { readDatabaseConfig } from '../config.js';
import { savedSchemas } from '../backup/catalogue.js';
import { listBackups } from '../backup/folder.js';
import type { ListedBackup } from '../backup/folder.js';
import type { DumpBackup } from '../backup/dumpManifest.js';
import { applyKeep, parseKeep } from '../backup/retention.js';
import { takeBackup } from '../backup/takeBackup.js';
import { defaultLevel } from '../backup/tableFile.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { placeOf } from '../setup/connect.js';
import { printResult, tellStep, wholeNumber } from './output.js';
import { Option } from 'commander';

interface BackupFlags {
  schema?: string;
  to?: string;
  keep?: string;
  list?: boolean;
  base?: boolean;
  format: 'csv' | 'dump';
  pgDump?: string;
  connections: string;
  level: string;
  json?: boolean;
  dataDir?: string;
}

/** Beside the data directory and not in it: who removes the one keeps the other. */
export const defaultBackupFolder = (dataDir: string | undefined): string => `${dataDir ?? readDatabaseConfig().dataDir}-backups`;

export const number = (value: number): string => value.toLocaleString('en-US');

/** `db backup`: all schemas in one snapshot, one compressed CSV file a table, a manifest; complete or not listed. */
export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('save all schemas in one snapshot: a compressed CSV file a table and a manifest; complete, or not listed')
    .addOption(new Option('--schema <schema>', 'only the rows of this schema').choices(savedSchemas))
    .option('--to <folder>', 'folder of the backups (default: the data folder with -backups behind its name)')
    .option('--keep <counts>', 'then remove what is not among these, for example last=7,daily=7,weekly=4,monthly=12')
    .option('--list', 'take none; list those that are there')
    .option(
      '--base',
      'copy the whole cluster of the embedded server instead, which its archived WAL leads on from (docs/archive.md)',
    )
    .addOption(
      new Option('--format <format>', "csv: our own form; dump: the server's own pg_dump, of the same major version")
        .choices(['csv', 'dump'])
        .default('csv'),
    )
    .option('--pg-dump <path>', 'with --format dump: the program (default: the one of the right version that is found)')
    .option('--connections <count>', 'sessions that read at the same time', '2')
    .option('--level <level>', 'compression, from 1 (fast) to 9 (small)', String(defaultLevel))
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async (flags: BackupFlags) => {
      // These two load much that a backup of rows has no use for.
      if (flags.base) {
        const { backupBase, listBase } = await import('./base.js');
        return flags.list ? listBase(flags) : backupBase(flags);
      }
      const folder = flags.to ?? defaultBackupFolder(flags.dataDir);
      const keep = flags.keep === undefined ? undefined : parseKeep(flags.keep);
      const connections = wholeNumber('--connections', flags.connections, 1, 16);
      const level = wholeNumber('--level', flags.level, 1, 9);
      if (flags.list) {
        const found = await listBackups(folder);
        printResult(flags.json, { folder, backups: found.map(summary) }, listText(folder, found));
        return;
      }
      const open = await openDatabase({ dataDir: flags.dataDir, onStep: tellStep });
      try {
        const { host, port, database } = placeOf(open.operatorUrl);
        tellStep(
          `Backing up ${flags.schema ? `schema ${flags.schema} of ` : ''}database ${database} on ${host}:${port} to ${folder}.`,
        );
        const began = performance.now();
        const progress = streamProgress(process.stderr);
        if (flags.format === 'dump') {
          const { takeDumpBackup } = await import('../foreign/dumpBackup.js');
          const { schema: onlySchema, pgDump } = flags;
          const { path, dump } = await takeDumpBackup({ ...open, folder, onlySchema, pgDump, level, onStep: tellStep, progress });
          const removed = keep ? await applyKeep(folder, keep, { justTaken: dump.name, onStep: tellStep }) : [];
          const seconds = (performance.now() - began) / 1000;
          printResult(flags.json, { ...dump, path, removed, seconds }, dumpText(path, dump, removed, seconds));
          return;
        }
        const { manifest, path, manifestChecksum } = await takeBackup({
          ...open,
          folder,
          onlySchema: flags.schema,
          connections,
          level,
          onStep: tellStep,
          progress,
        });
        const removed = keep ? await applyKeep(folder, keep, { justTaken: manifest.name, onStep: tellStep }) : [];
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
        const bytes = manifest.tables.reduce((sum, table) => sum + table.file.bytes, 0);
        const seconds = (performance.now() - began) / 1000;
        printResult(
          flags.json,
          {
            name: manifest.name,
            path,
            takenAt: manifest.takenAt,
            tables: manifest.tables.length,
            rows,
            bytes,
            manifestChecksum,
            removed,
            seconds,
          },
          [
            `Saved ${number(rows)} rows of ${manifest.tables.length} tables in ${number(bytes)} bytes, ${seconds.toFixed(1)} s: ${path}`,
            ...(removed.length ? [`Removed by --keep: ${removed.join(', ')}.`] : []),
            `Next: npm run db -- verify ${manifest.name} --restore`,
          ].join('\n'),
        );
      } finally {
        await open.close();
      }
    });
}

function dumpText(path: string, dump: DumpBackup, removed: readonly string[], seconds: number): string {
  const rows = Object.values(dump.tables).reduce((sum, count) => sum + count, 0);
  return [
    `pg_dump ${dump.dumpVersion} saved ${Object.keys(dump.tables).length} tables with ${number(rows)} rows in ${number(dump.file.bytes)} bytes, ${seconds.toFixed(1)} s: ${path}`,
    ...(removed.length ? [`Removed by --keep: ${removed.join(', ')}.`] : []),
    `Next: npm run db -- verify ${dump.name}`,
  ].join('\n');
}

function summary({ name, path, backup, dump, fault, proof }: ListedBackup) {
  if (dump) {
    const rows = Object.values(dump.tables).reduce((sum, count) => sum + count, 0);
    const { source, onlySchema, takenAt, file, dumpVersion } = dump;
    return {
      name,
      path,
      database: source.database,
      onlySchema,
      takenAt,
      rows,
      bytes: file.bytes,
      provenAt: null,
      fault: null,
      dumpVersion,
    };
  }
  const tables = backup?.manifest.tables ?? [];
  return {
    name,
    path,
    database: backup?.manifest.source.database ?? null,
    onlySchema: backup?.manifest.onlySchema ?? null,
    takenAt: backup?.manifest.takenAt ?? null,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    bytes: tables.reduce((sum, table) => sum + table.file.bytes, 0),
    provenAt: proof?.manifestChecksum === backup?.manifestChecksum ? (proof?.at ?? null) : null,
    fault: fault ? { code: fault.code, message: fault.message } : null,
    dumpVersion: null,
  };
}

function listText(folder: string, found: readonly ListedBackup[]): string {
  if (found.length === 0) return `${folder} has no complete backup.`;
  return found
    .map(summary)
    .map((one) =>
      one.fault
        ? `${one.name}  ${one.fault.code}: ${one.fault.message}`
        : `${one.name}  ${one.database}${one.onlySchema ? `, only ${one.onlySchema}` : ''}, ${number(one.rows)} rows, ${number(one.bytes)} bytes${one.dumpVersion ? ` of pg_dump ${one.dumpVersion}` : ''}, ${one.provenAt ? `proven ${one.provenAt}` : 'not proven'}`,
    )
    .join('\n');
}
