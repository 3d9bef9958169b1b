import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { checkFiles } from '../backup/checkFiles.js';
import { holdBackup, markInUse } from '../backup/inUse.js';
import type { Backup } from '../backup/manifest.js';
import { isDumpBackup } from '../backup/dumpManifest.js';
import { proveBackup } from '../backup/proveBackup.js';
import { recordProof } from '../backup/record.js';
import { verifyDumpBackup } from '../foreign/dumpBackup.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { urlOfRole, withSession } from '../setup/connect.js';
import { defaultBackupFolder, number } from './backup.js';
import { verifyBase } from './base.js';
import { printResult, tellStep } from './output.js';

interface VerifyFlags {
  base?: boolean;
  from?: string;
  restore?: boolean;
  pgRestore?: string;
  json?: boolean;
  dataDir?: string;
}

/** `db verify`: every file of a backup is what was written; with --restore, it also comes back. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('read every file of a backup; with --restore, restore it into a scratch server and compare counts and contents')
    .argument('[backup]', 'its name, or the path of its folder (default: the newest)')
    .option('--from <folder>', 'folder of the backups (default: the data folder with -backups behind its name)')
    .option('--base', 'a base backup of the embedded server instead: every file, and every WAL segment from it on')
    .option('--pg-restore <path>', 'of a backup that pg_dump made: the program that reads it (default: the newest that is found)')
    .option('--restore', 'prove it: restore it into a scratch server, which is taken away again')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async (named: string | undefined, flags: VerifyFlags) => {
      if (flags.base) return verifyBase(named, flags);
      const folder = flags.from ?? defaultBackupFolder(flags.dataDir);
      const dump = named === undefined ? undefined : await dumpBackupNamed(folder, named);
      if (dump !== undefined) return verifyDump(dump, flags);
      const { backup, release } = await holdBackup(folder, named);
      try {
        await verifyBackup(backup, flags);
      } finally {
        await release();
      }
    });
}

async function verifyBackup(backup: Backup, flags: VerifyFlags): Promise<void> {
  const { name, source, takenAt } = backup.manifest;
  tellStep(`Verifying backup ${name} of database ${source.database}, taken ${takenAt}: ${backup.path}.`);
  const progress = streamProgress(process.stderr);
  const { files, bytes } = await checkFiles(backup, progress);
  const proof = flags.restore ? await proveBackup(backup, tellStep, progress) : null;
  if (proof) await noteProof(backup.manifestChecksum, flags.dataDir);
  const read = `All ${files} files of ${name} are as they were written, ${number(bytes)} bytes.`;
  const proven = proof
    ? `Proven: ${number(proof.rows)} rows of ${proof.tables} tables came back on PostgreSQL ${proof.serverVersion} with the same content, in ${proof.seconds.toFixed(1)} s.`
    : `Next: npm run db -- verify ${name} --restore`;
  printResult(flags.json, { name, path: backup.path, files, bytes, proof }, `${read}\n${proven}`);
}

async function dumpBackupNamed(folder: string, named: string): Promise<string | undefined> {
  for (const path of [join(resolve(folder), named), resolve(named)]) if (await isDumpBackup(path)) return path;
  return undefined;
}

/** A backup that pg_dump made. */
async function verifyDump(path: string, flags: VerifyFlags): Promise<void> {
  if (flags.restore) {
    throw new AppError('BAD_USER_INPUT', `${path} was made by pg_dump; --restore proves backups of our own form.`, {
      hint: `Leave --restore out: every row of it is read and counted. Or rehearse it: npm run db -- restore ${path} --dry-run.`,
    });
  }
  tellStep(`Verifying the backup that pg_dump made in ${path}.`);
  const release = await markInUse(path);
  const { dump, rows } = await verifyDumpBackup(path, flags.pgRestore, streamProgress(process.stderr)).finally(release);
  const tables = Object.keys(dump.tables).length;
  printResult(
    flags.json,
    { name: dump.name, path, bytes: dump.file.bytes, tables, rows },
    `${dump.name} is as it was written, ${number(dump.file.bytes)} bytes: pg_restore reads it to its end, ${number(rows)} rows, as many of each of the ${tables} tables as were there.`,
  );
}

/** The database may be the very thing that is lost: the proof stands beside the backup all the same. */
async function noteProof(manifestChecksum: string, dataDir: string | undefined): Promise<void> {
  try {
    const open = await openDatabase({ dataDir, onStep: tellStep });
    try {
      await withSession(urlOfRole(open.operatorUrl, 'backup_reader', open.credentials), 'verify', async (client) =>
        recordProof(client, manifestChecksum, tellStep),
      );
    } finally {
      await open.close();
    }
  } catch (error) {
    tellStep(`Warning: the proof is not noted in the database: ${(error as Error).message}`);
  }
}
