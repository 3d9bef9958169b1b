import { chown, lchown, mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import type { BaseBackup } from '../archive/baseBackup.js';
import { parseLsn } from '../archive/walFiles.js';
import type { Account } from '../embedded/account.js';
import { lastLines } from '../embedded/cluster.js';
import { clearCluster } from '../embedded/postmaster.js';
import type { Progress } from '../import/progress.js';
import { copyBase } from './copyBase.js';
import { clusterOf, ScratchServerEnded, startScratchServer } from './scratchServer.js';
import type { ScratchServer } from './scratchServer.js';
import { describeTarget, targetSettings } from './target.js';
import type { ExactTarget } from './target.js';
import { gatherWal } from './walSegments.js';
import type { GatheredWal, WalSource } from './walSegments.js';

export interface ScratchPlace {
  /** Of one recovery alone; every account may enter it. */
  readonly folder: string;
  readonly postgres: string;
  readonly account: Account | undefined;
  readonly progress: Progress;
  readonly onStep: (sentence: string) => void;
  /** Settings that must not be smaller than those of the server that wrote the WAL, where it is read while it stands still. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The moment lies before what this base backup can give; an older one may do. */
export class BeforeThisBase extends Error {}

/** The recovery came to the end of its WAL without meeting the target. */
export class TargetNotReached extends Error {
  /** Of the last transaction, as the WAL has it. */
  readonly lastTime: Date | undefined;
  readonly wal: GatheredWal;

  constructor(lastTime: Date | undefined, wal: GatheredWal) {
    super('The target was not reached.');
    this.lastTime = lastTime;
    this.wal = wal;
  }
}

/** A copied cluster with the WAL that follows it; started as often as needed, each time to a later target. */
export interface ScratchCluster {
  readonly wal: GatheredWal;
  /**
   * Starts it and waits until it stands at the target.
   * @throws BeforeThisBase, TargetNotReached, RECOVERY_FAILED.
   */
  startAt(target: ExactTarget, until: 'paused' | 'promoted'): Promise<ScratchServer>;
}

/** Takes away what an earlier run left, and stops the server that still runs on it. */
export async function clearScratch(folder: string, onStep: (sentence: string) => void): Promise<void> {
  if ((await readdir(folder).catch(() => [])).length === 0) return;
  onStep('Removing the scratch server of a run that did not end by itself.');
  await removeScratch(folder);
}

export async function removeScratch(folder: string): Promise<void> {
  await clearCluster(clusterOf(folder), () => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/**
 * Copies a base backup and the WAL after it into the scratch folder.
 * @throws RECOVERY_FAILED for a damaged base backup or a full disk, RECOVERY_IMPOSSIBLE when the first WAL segment is missing.
 */
export async function prepareScratch(place: ScratchPlace, base: BaseBackup, source: WalSource): Promise<ScratchCluster> {
  const { folder, account, progress, onStep } = place;
  const cluster = clusterOf(folder);
  await removeScratch(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await refuseFullDisk(folder, base.bytes);
    onStep(`Copying base backup ${base.name}, finished ${base.stoppedAt}.`);
    await copyBase(base, cluster, progress);
    const walFolder = join(cluster, 'pg_wal');
    await mkdir(join(walFolder, 'archive_status'), { recursive: true, mode: 0o700 });
    const wal = await gatherWal(source, base, walFolder, progress);
    if (wal.segments.length === 0 && wal.gap) {
      throw new AppError(
        'RECOVERY_IMPOSSIBLE',
        `WAL segment ${wal.gap.segment}, which base backup ${base.name} begins with, ${wal.gap.fault}.`,
        {
          hint: 'Recover to a time that an older or newer base backup covers (npm run db -- recover --list), or restore a backup: npm run db -- restore.',
        },
      );
    }
    await giveAway(account, cluster);
    return { wal, startAt: async (target, until) => startAt({ place, base, wal }, target, until) };
  } catch (error) {
    await removeScratch(folder);
    throw fullDisk(folder, error) ?? error;
  }
}

interface Prepared {
  readonly place: ScratchPlace;
  readonly base: BaseBackup;
  readonly wal: GatheredWal;
}

async function startAt(
  { place, base, wal }: Prepared,
  target: ExactTarget,
  until: 'paused' | 'promoted',
): Promise<ScratchServer> {
  const { folder, account, progress, onStep } = place;
  const cluster = clusterOf(folder);
  const signal = join(cluster, 'recovery.signal');
  await writeFile(signal, '', { mode: 0o600 });
  if (account) await chown(signal, account.uid, account.gid);
  const start = parseLsn(base.startLsn);
  const total = wal.segments.length * base.walSegmentSize;
  onStep(`Replaying WAL up to ${describeTarget(target)}.`);
  progress.begin('Replaying WAL', total);
  let replayed = 0;
  const onReplay = (lsn: string): void => {
    const now = Number(parseLsn(lsn) - start);
    progress.advance(Math.max(0, now - replayed), 0);
    replayed = Math.max(now, replayed);
  };
  const settings = {
    ...(until === 'paused' ? place.settings : {}),
    // All WAL is in pg_wal already. A command there must be; this one finds nothing, in sh and in cmd.exe.
    restore_command: 'exit 1',
    ...targetSettings(target),
    recovery_target_action: until === 'paused' ? 'pause' : 'promote',
  };
  try {
    const server = await startScratchServer({ ...place, settings, until, onReplay });
    progress.end();
    return server;
  } catch (error) {
    progress.end();
    throw error instanceof ScratchServerEnded ? explained(error.log, { place, base, wal }) : error;
  }
}

/** What the words of the server's log mean (src/backend/access/transam/xlogrecovery.c). */
function explained(log: string, { place, base, wal }: Prepared): Error {
  const full = fullDisk(place.folder, { message: log });
  if (full) return full;
  if (/requested recovery stop point is before consistent recovery point/.test(log)) return new BeforeThisBase();
  if (/recovery ended before configured recovery target was reached/.test(log)) return new TargetNotReached(lastTimeIn(log), wal);
  if (
    /WAL ends before (end of online backup|consistent recovery point)|could not locate required checkpoint record/.test(log) &&
    wal.gap
  ) {
    return new AppError(
      'RECOVERY_IMPOSSIBLE',
      `WAL segment ${wal.gap.segment} ${wal.gap.fault}, and base backup ${base.name} can not be brought to a whole state without it.`,
      { hint: 'Recover with an older base backup, or restore a backup with npm run db -- restore.' },
    );
  }
  return new AppError(
    'RECOVERY_FAILED',
    `The scratch server could not replay base backup ${base.name}. Its last words:\n${lastLines(log)}`,
    {
      hint: 'The base backup may be damaged: take another one with npm run db -- backup --base, or restore a backup with npm run db -- restore.',
    },
  );
}

/** `last completed transaction was at log time 2026-11-22 14:05:00.123456+00`: the scratch server runs in UTC. */
function lastTimeIn(log: string): Date | undefined {
  const [, day, clock] =
    /last completed transaction was at log time (\d{4,}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)/.exec(log) ?? [];
  return day ? new Date(`${day}T${clock}Z`) : undefined;
}

async function refuseFullDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const [has, needs] = [bavail * bsize, bytes].map((one) => Math.floor(one / 1024 / 1024));
  throw diskError(
    `The disk that holds ${folder} has ${has} MB free, and the copy of the base backup needs ${needs} MB and more for WAL`,
  );
}

function fullDisk(folder: string, error: unknown): AppError | undefined {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (error instanceof AppError) return undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && !/No space left on device|Disk quota exceeded/.test(message)) return undefined;
  return diskError(`The disk that holds ${folder} is full`);
}

const diskError = (what: string): AppError =>
  new AppError('RECOVERY_FAILED', `${what}. The database is as it was.`, {
    hint: 'Free some space, or name a folder on another disk with --work.',
  });

async function giveAway(account: Account | undefined, folder: string): Promise<void> {
  if (!account) return;
  for (const name of ['.', ...(await readdir(folder, { recursive: true }))])
    await lchown(join(folder, name), account.uid, account.gid);
}
