import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { isDatabaseError } from '../migrate/failure.js';
import { connect, placeOf } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { checkFiles } from './checkFiles.js';
import { requireWritable } from './conflictsFile.js';
import { DefinitionWork } from './definitionWork.js';
import type { NotBroughtBack } from './definitionWork.js';
import type { Backup } from './manifest.js';
import { compareMigrations, makeGround, refuseNewerSource } from './restoreGround.js';
import { putInPlace } from './restoreInPlace.js';
import type { RestoreReport } from './restoreReport.js';

import { aloneWith, openLoaders, restoreSettings, takeRestoreLock } from './restoreSessions.js';
import { clearStage, planRebuild, stageSchemas } from './restoreStage.js';
import { loadStage } from './restoreLoad.js';

export type { RestoredTable, RestoreReport } from './restoreReport.js';

export interface RestoreOptions {
  /** URL of the database as a superuser. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly backup: Backup;
  /** Only this schema, and the foreign keys that others had to it. */
  readonly onlySchema?: string;
  /** Does everything, then takes it back. */
  readonly isDryRun?: boolean;
  /** Changes nothing when there is anything that can't be brought back. */
  readonly allOrNothing?: boolean;
  /** What a migration after the backup may have taken away on purpose comes back too. */
  readonly despiteMigrations?: boolean;
  /** A backup of a newer major version of PostgreSQL than the server's is tried. */
  readonly acceptNewer?: boolean;
  /** Where the rows that were not brought back are listed, as CSV. */
  readonly conflictsFile?: string;
  /** Sessions that load at once, 2 by default. A dry run has one. */
  readonly connections?: number;
  readonly onStep?: (sentence: string) => void;
  readonly progress?: Progress;
}

/** What every step of a restore knows. */
export interface Restore {
  readonly options: RestoreOptions;
  readonly leader: Client;
  /** The schemas whose tables are restored. */
  readonly scope: ReadonlySet<string>;
  readonly definitions: DefinitionWork;
  readonly notBroughtBack: NotBroughtBack[];
  /** No migration is recorded: guard itself had been lost, or the database is new. */
  readonly isRecordEmpty: boolean;
  readonly onStep: (sentence: string) => void;
  readonly progress: Progress;
}

/**
 * Brings back what a backup has and the database lacks: tables, rows, rules. What is there and equal is left alone; what is there and differs is listed,
 * and nothing is overwritten. Tables that are missing are made on a stage outside the guarded schemas by several sessions; one transaction at the end
 * brings everything into its place, so whoever looks sees the old state or the new one. A database that was never initialised is initialised from the
 * backup's own init files first.
 * @throws BACKUP_OTHER_VERSION, BACKUP_CORRUPT, BACKUP_INCOMPLETE, RESTORE_CONFLICT, RESTORE_FAILED, LOCK_HELD, PRIVILEGE_MISSING, DATABASE_NOT_INITIALISED for a dry run on nothing.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { operatorUrl, backup, onlySchema, isDryRun = false, progress = silentProgress } = options;
  if (onlySchema && !backup.manifest.schemas.includes(onlySchema)) {
    throw new AppError(
      'BAD_USER_INPUT',
      `Backup ${backup.manifest.name} has no rows of schema ${onlySchema}, only of ${backup.manifest.schemas.join(', ')}.`,
      {
        hint: 'Use a backup of all schemas.',
      },
    );
  }
  await refuseNewerSource(options);
  if (options.conflictsFile !== undefined) await requireWritable(options.conflictsFile);
  await checkFiles(backup, progress);
  const leader = await connect(operatorUrl, 'restore');
  try {
    await takeRestoreLock(leader);
    await makeGround(options);
    try {
      return await run(leader, options);
    } catch (error) {
      await leader.query('rollback').catch(() => undefined);
      // What a kill leaves is taken up by the next run; what failed may well have failed because there is no room.
      if (!isDryRun) await clearStage(leader, stageSchemas(backup)).catch(() => undefined);
      throw explained(error);
    }
  } finally {
    await leader.end().catch(() => undefined);
  }
}

async function run(leader: Client, options: RestoreOptions): Promise<RestoreReport> {
  const { backup, onlySchema, isDryRun = false, allOrNothing, operatorUrl } = options;
  const { onStep = () => undefined, progress = silentProgress } = options;
  const scope = new Set(onlySchema ? [onlySchema] : backup.manifest.schemas);
  scope.delete('guard');
  if (!onlySchema) scope.add('extensions');
  await leader.query(`begin read write; ${restoreSettings}`);
  const { ahead, isRecordEmpty } = await compareMigrations(leader, backup);
  const notBroughtBack: NotBroughtBack[] = [];
  const definitions = new DefinitionWork(leader, backup.manifest.definitions, {
    scope,
    ahead,
    despiteMigrations: options.despiteMigrations ?? false,
    notBroughtBack,
  });
  await definitions.begin();
  const restore: Restore = { options, leader, scope, definitions, notBroughtBack, isRecordEmpty, onStep, progress };
  const planned = planRebuild(backup, definitions.missing, scope, isDryRun);
  if (!isDryRun) await leader.query('commit');
  const workers = isDryRun ? aloneWith(leader) : await openLoaders(operatorUrl, leader, options.connections ?? 2);
  const loaded = await loadStage(restore, planned, workers).finally(async () => workers.close());
  if (!isDryRun) await leader.query(`begin read write; ${restoreSettings}`);
  const report = await putInPlace(restore, loaded);
  if (allOrNothing && report.notBroughtBack.length > 0) {
    throw new AppError('RESTORE_CONFLICT', `${summaryOf(report)} Nothing was changed in ${placeOf(operatorUrl).database}.`, {
      hint: report.conflictsFile ? `They are listed in ${report.conflictsFile}.` : 'Look at the report of a --dry-run.',
    });
  }
  if (isDryRun) await leader.query('rollback');
  else await commit(leader);
  return report;
}

async function commit(leader: Client): Promise<void> {
  try {
    await leader.query('commit');
  } catch (error) {
    if (isDatabaseError(error) && error.code?.startsWith('23')) throw error;
    throw new AppError('RESTORE_FAILED', `The connection was lost in the moment of the commit: ${(error as Error).message}.`, {
      hint: 'It is done whole or not at all. Restore again: that says which, and goes on.',
      cause: error,
    });
  }
}

const summaryOf = ({ notBroughtBack: [first, ...others] }: RestoreReport): string =>
  `${first?.what}: ${first?.why}.${others.length ? ` And ${others.length} more.` : ''}`;

function explained(error: unknown): unknown {
  if (error instanceof AppError || !isDatabaseError(error)) return error;
  if (error.code === '55P03') {
    return new AppError('RESTORE_FAILED', 'A table was locked by somebody else for 60 s. Nothing was changed.', {
      hint: 'Look at npm run db -- status, and restore again when it has ended.',
      cause: error,
    });
  }
  if (error.code === '53100') {
    return new AppError('RESTORE_FAILED', `The disk of the database is full: ${error.message}. Nothing was changed.`, {
      hint: 'Free some space there, and restore again: it goes on from where this one came to, or begins anew.',
      cause: error,
    });
  }
  const detail = error.detail ? ` (${error.detail})` : '';
  return new AppError('RESTORE_FAILED', `The database refused the restore: ${error.message}${detail}. Nothing was changed.`, {
    hint: error.hint ?? 'Restore into another database: name an empty one in DATABASE_URL.',
    cause: error,
  });
}
