import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { openBackupFolder } from '../backup/folder.js';
import { backupAges } from '../backup/record.js';
import { takeBackup } from '../backup/takeBackup.js';
import { silentProgress } from '../import/progress.js';
import type { Progress } from '../import/progress.js';
import { approvalOf, approveMigration } from '../plan/approvals.js';
import { describeLoss } from '../plan/losses.js';
import type { PlannedMigration } from '../plan/planMigrations.js';
import { urlOfRole, withSession } from '../setup/connect.js';
import { deployerOf } from '../setup/credentials.js';
import type { Credentials } from '../setup/credentials.js';
import type { MigrationFile } from './files.js';

export interface ProtectionOptions {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  /** Of the backups that are taken before a loss. */
  readonly backupFolder: string;
  readonly onStep: (sentence: string) => void;
  readonly progress?: Progress;
}

/** What stands by when a migration loses something. */
export interface Protection {
  readonly migration: string;
  readonly backup: { readonly name: string; readonly folder: string };
  /** Null where the server writes too little WAL for one. */
  readonly restorePoint: string | null;
  readonly losses: readonly string[];
}

/** What keeps a plan from being applied, in one error. `past` says why an approval that was given is not good. */
export function approvalMissing(
  planned: Pick<PlannedMigration, 'name' | 'checksum' | 'losses'>,
  database: string,
  past?: string | null,
): AppError {
  const { name, checksum, losses } = planned;
  const told = losses.slice(0, 5).map(describeLoss).join('; ');
  const more = losses.length > 5 ? `; and ${losses.length - 5} more` : '';
  const what = losses.length ? `would lose ${told}${more}` : 'has statements that the guard refuses';
  return new AppError(
    'APPROVAL_MISSING',
    `${name}.sql ${what}, and nobody has approved exactly this file (SHA-256 ${checksum.slice(0, 12)}…).${past ? ` ${past}` : ''} Nothing was changed.`,
    {
      hint: `Look at it with npm run db -- plan; if it is meant, let an operator run npm run db -- approve --migration ${name} --because "<why>" --confirm ${database}, and migrate within the hour.`,
    },
  );
}

/**
 * Refuses a plan with a loss that nobody approved, before anything is applied, and a backup folder that can't be written.
 * @throws APPROVAL_MISSING, BACKUP_FOLDER_UNWRITABLE, BACKUP_FOLDER_INVALID.
 */
export async function refuseUnprotected(
  plan: readonly PlannedMigration[],
  locked: Client,
  { operatorUrl, backupFolder, onStep }: ProtectionOptions,
): Promise<void> {
  const losing = plan.filter(({ losses }) => losses.length > 0);
  for (const one of losing) {
    if (one.approval) onStep(`${one.name} is approved by ${one.approval.approvedBy}, because: ${one.approval.because}`);
    else throw approvalMissing(one, new URL(operatorUrl).pathname.slice(1), (await approvalOf(locked, one)).past);
  }
  if (losing.length) await openBackupFolder(backupFolder);
}

/**
 * Approves what the guard refuses although it was not there before this run: a history that makes a thing and drops it again must be good
 * for a new database too. Only a superuser may.
 * @throws APPROVAL_MISSING when the operator's session may not.
 */
export async function approveOwnThings(
  file: MigrationFile,
  planned: PlannedMigration,
  { operatorUrl, onStep }: ProtectionOptions,
): Promise<void> {
  onStep(`${file.name} drops things that this run itself has made: approved, nothing that was there before is lost.`);
  try {
    await withSession(operatorUrl, 'approve', async (operator) =>
      approveMigration(
        operator,
        file,
        planned.refusedStatements,
        'the plan found that nothing is lost that was there before this run',
      ),
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'PRIVILEGE_MISSING') throw error;
    throw approvalMissing(planned, new URL(operatorUrl).pathname.slice(1));
  }
}

/**
 * Takes a backup of all schemas. Where the password of backup_reader is not known, as with a team that deploys alone, one that the operator
 * has taken after the approval will do.
 * @throws what takeBackup throws.
 */
export async function backUp(planned: PlannedMigration, options: ProtectionOptions): Promise<Protection['backup']> {
  const { operatorUrl, credentials, backupFolder, onStep, progress = silentProgress } = options;
  onStep(`Backing up to ${backupFolder} before ${planned.name}.`);
  try {
    const { manifest } = await takeBackup({ operatorUrl, credentials, folder: backupFolder, onStep, progress });
    return { name: manifest.name, folder: backupFolder };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'PRIVILEGE_MISSING') throw error;
    const last = (await backupAges(urlOfRole(operatorUrl, deployerOf(planned.owner), credentials)))?.last;
    if (last && planned.approval && last.takenAt >= planned.approval.approvedAt) {
      onStep(`No backup can be taken from here; the operator has taken ${last.name} after the approval.`);
      return { name: last.name, folder: last.folder };
    }
    throw new AppError(error.code, `${error.message} No backup stands by, so ${planned.name}.sql was not applied.`, {
      hint: 'Give BAILIWICK_PASSWORD_BACKUP_READER; or let the operator run npm run db -- backup now, after the approval, and migrate again.',
      cause: error,
    });
  }
}

/** Marks the place in the WAL to which `db recover` can go back. */
export async function makeRestorePoint(
  session: Client,
  name: string,
  onStep: (sentence: string) => void,
): Promise<string | null> {
  const point = `before_${name}`.slice(0, 63);
  const { rows } = await session.query<{ lsn: string | null }>('select guard.make_restore_point($1) as lsn', [point]);
  if (rows[0]?.lsn) return point;
  onStep('Warning: this server writes too little WAL for a restore point (wal_level = minimal); the backup alone stands by.');
  return null;
}
