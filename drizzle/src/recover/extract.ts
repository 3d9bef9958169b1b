import { AppError } from '@bailiwick/kernel/errors';
import type { BaseBackup } from '../archive/baseBackup.js';
import { listBackups, removeBackup } from '../backup/folder.js';
import type { Backup } from '../backup/manifest.js';
import { takeBackup } from '../backup/takeBackup.js';
import type { Credentials } from '../setup/credentials.js';
import { BeforeThisBase, prepareScratch, removeScratch, TargetNotReached } from './scratchRecovery.js';
import type { ScratchPlace } from './scratchRecovery.js';
import { describeTarget } from './target.js';
import type { ExactTarget } from './target.js';
import type { WalSource } from './walSegments.js';
import { unwritableWork } from './workspace.js';

export interface ExtractOptions {
  readonly place: ScratchPlace;
  /** The newest first. */
  readonly bases: readonly BaseBackup[];
  readonly wal: WalSource;
  readonly database: string;
  readonly target: ExactTarget;
  /** About when the target is; undefined when nobody knows. */
  readonly at: Date | undefined;
  /** Where the backup of that moment goes. What lies there is taken away first. */
  readonly folder: string;
}

export interface Extracted {
  readonly backup: Backup;
  readonly base: BaseBackup;
}

/**
 * Brings a scratch server to the target and takes a backup of it. The newest base backup before the target does; where that turns out too new or damaged, an
 * older one, because times are what clocks said.
 * @throws RECOVERY_IMPOSSIBLE, RECOVERY_FAILED, NOT_FOUND, BAD_USER_INPUT for a time to come.
 */
export async function extractMoment(options: ExtractOptions): Promise<Extracted> {
  const { bases, at, target, place } = options;
  const fitting = at === undefined ? [...bases] : bases.filter(({ stoppedAt }) => new Date(stoppedAt) <= at);
  // Where only clocks speak against a base backup, it is tried after the others.
  const tried = target.kind === 'transaction' ? [...fitting, ...bases.filter((base) => !fitting.includes(base))] : fitting;
  if (tried.length === 0) throw tooEarly(options);
  let last: unknown;
  for (const [i, base] of tried.entries()) {
    try {
      return { backup: await extractFrom(base, options), base };
    } catch (error) {
      last = error;
      const isOver = error instanceof TargetNotReached && (error.wal.gap !== undefined || target.kind === 'time');
      const isDamaged = error instanceof AppError && (error.code === 'BACKUP_CORRUPT' || error.code === 'BACKUP_INCOMPLETE');
      if (isOver || !(isDamaged || error instanceof BeforeThisBase || error instanceof TargetNotReached)) break;
      const older = tried[i + 1];
      const why =
        error instanceof AppError ? error.message : `Base backup ${base.name} does not lead to ${describeTarget(target)}.`;
      if (older) place.onStep(`${why} Trying base backup ${older.name}.`);
    }
  }
  throw last instanceof BeforeThisBase ? tooEarly(options) : last instanceof TargetNotReached ? notReached(last, options) : last;
}

async function extractFrom(base: BaseBackup, { place, wal, database, target, folder }: ExtractOptions): Promise<Backup> {
  const cluster = await prepareScratch(place, base, wal);
  try {
    const server = await cluster.startAt(target, 'promoted');
    try {
      return await extractServer(server.url(database), { roles: {} }, folder, place);
    } finally {
      await server.stop();
    }
  } finally {
    await removeScratch(place.folder);
  }
}

/** A backup of a server that stands at the moment; the only one in its folder. */
export async function extractServer(
  operatorUrl: string,
  credentials: Credentials,
  folder: string,
  { onStep, progress }: Pick<ScratchPlace, 'onStep' | 'progress'>,
): Promise<Backup> {
  for (const { name } of await listBackups(folder).catch(() => [])) await removeBackup(folder, name);
  onStep('Saving all tables as they were at that moment.');
  try {
    return await takeBackup({ operatorUrl, credentials, folder, onStep, progress });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'BACKUP_FOLDER_UNWRITABLE') throw unwritableWork(folder, error.cause);
    if (error.code !== 'BACKUP_FAILED') throw error;
    throw new AppError('RECOVERY_FAILED', `The state that was recovered can not be read: ${error.message}`, {
      hint: 'The base backup may be damaged; recover with an older one, or restore a backup: npm run db -- restore.',
      cause: error,
    });
  }
}

function tooEarly({ bases, target }: ExtractOptions): AppError {
  return new AppError(
    'RECOVERY_IMPOSSIBLE',
    `The archive reaches back to ${bases.at(-1)?.stoppedAt}, when its oldest base backup was finished, and ${describeTarget(target)} lies before it. Nothing was changed.`,
    { hint: 'Restore a backup of that time: npm run db -- backup --list, then npm run db -- restore.' },
  );
}

function notReached({ lastTime, wal }: TargetNotReached, { target }: ExtractOptions): AppError {
  const end = lastTime?.toISOString() ?? 'an unknown time';
  if (wal.gap) {
    return new AppError(
      'RECOVERY_IMPOSSIBLE',
      `WAL segment ${wal.gap.segment} ${wal.gap.fault}. Recovery got to the last transaction before it, at ${end}, and ${describeTarget(target)} lies behind. Nothing was changed.`,
      { hint: `Put the segment back into the archive if there is a copy of it; else recover with --to ${end}.` },
    );
  }
  if (target.kind === 'time') {
    return new AppError(
      'BAD_USER_INPUT',
      `--to got ${target.text}, which lies in the future: the last transaction of the WAL is of ${end}. Nothing was changed.`,
      {
        hint: 'Give a time that has passed; --to end takes everything that the WAL has.',
      },
    );
  }
  if (target.kind === 'name') {
    return new AppError(
      'NOT_FOUND',
      `The archive has no restore point ${target.name}; its WAL ends at ${end}. Nothing was changed.`,
      {
        hint: 'npm run db -- recover --list --search-wal names those that are there.',
      },
    );
  }
  return new AppError(
    'RECOVERY_IMPOSSIBLE',
    `The WAL of the archive does not have ${describeTarget(target)}; it ends at ${end}. Nothing was changed.`,
    {
      hint: 'Give the time before the loss with --to <time>.',
    },
  );
}
