import type { Command } from 'commander';
import { checkFiles } from '../backup/checkFiles.js';
import { findBackup } from '../backup/folder.js';
import { proveBackup } from '../backup/proveBackup.js';
import { recordProof } from '../backup/record.js';
import { streamProgress } from '../import/progress.js';
import { openDatabase } from '../operator.js';
import { urlOfRole, withSession } from '../setup/connect.js';
import { defaultBackupFolder, number } from './backup.js';
import { printResult, tellStep } from './output.js';

interface VerifyFlags {
  from?: string;
  restore?: boolean;
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
    .option('--restore', 'prove it: restore it into a scratch server, which is taken away again')
    .option('--data-dir <folder>', 'folder of the embedded server and the passwords (default: BAILIWICK_DATA_DIR or .bailiwick)')
    .option('--json', 'print the result as JSON')
    .action(async (named: string | undefined, flags: VerifyFlags) => {
      const backup = await findBackup(flags.from ?? defaultBackupFolder(flags.dataDir), named);
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
    });
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
