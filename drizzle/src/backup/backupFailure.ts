import { AppError } from '@bailiwick/kernel/errors';
import { isDatabaseError } from '../migrate/failure.js';
import { placeOf } from '../setup/connect.js';
import { isFileError, unwritableFolder } from './folder.js';

/** Says what ended a backup, and what to do about it. */
export function explained(
  error: unknown,
  root: string,
  { operatorUrl, onlySchema }: { readonly operatorUrl: string; readonly onlySchema?: string },
): unknown {
  if (error instanceof AppError) return error;
  if (isFileError(error)) return unwritableFolder(root, error);
  const { database } = placeOf(operatorUrl);
  const what = onlySchema ? `Schema ${onlySchema} of database ${database}` : `Database ${database}`;
  const message = (error as Error).message.replace(/\.$/, '');
  if (isDatabaseError(error) && error.code === '42501') {
    return new AppError('PRIVILEGE_MISSING', `${what} can not be read whole by backup_reader: ${message}. No backup was made.`, {
      hint: 'Run npm run db -- init, which gives backup_reader what it needs.',
      cause: error,
    });
  }
  if (isDatabaseError(error) && (error.code === '3F000' || error.code === '42P01') && /guard/.test(message)) {
    return new AppError('DATABASE_NOT_INITIALISED', `${what} is not initialised: ${message}.`, {
      hint: 'Run npm run db -- init first.',
      cause: error,
    });
  }
  if (isDatabaseError(error) && (error.code === 'XX001' || error.code === 'XX002')) {
    return new AppError(
      'BACKUP_FAILED',
      `${what} could not be saved: its own files are damaged: ${message}. No backup was made.`,
      {
        hint: 'Keep the backups that are there (no --keep now), stop the writers, and look at the disk; then npm run db -- restore of the last one into an empty database.',
        cause: error,
      },
    );
  }
  if (isDatabaseError(error) && error.code === '55P03') {
    return new AppError('BACKUP_FAILED', `${what} could not be saved: a table was locked for 60 s. No backup was made.`, {
      hint: 'A migration runs; look at npm run db -- status and try again when it has ended.',
      cause: error,
    });
  }
  return new AppError('BACKUP_FAILED', `${what} could not be saved: ${message}. No backup was made.`, {
    hint: 'Look at the server, then take it again.',
    cause: error,
  });
}
