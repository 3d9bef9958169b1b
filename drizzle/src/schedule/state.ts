import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { isFromFuture, listBackups, openBackupFolder } from '../backup/folder.js';
import type { Clock, Weekday } from './moments.js';
import { lastMoment } from './moments.js';

export const jobs = ['backup', 'proof'] as const;
export type Job = (typeof jobs)[number];

export interface Schedule {
  /** Of the backups. */
  readonly folder: string;
  readonly backupAt: Clock;
  readonly proofAt: Clock;
  readonly proofOn: Weekday;
}

/** When each job was last done, as the backups themselves say; undefined: never. */
export type Done = Readonly<Record<Job, Date | undefined>>;

/** Beside the backups: how the last attempt at each job ended. */
const stateFile = 'schedule.json';
type Attempts = Partial<Record<Job, { at: string; isDone: boolean; message: string }>>;

/** How long after its moment a job may be missing before it counts as overdue, in milliseconds: it takes its time, and is tried again. */
const grace: Readonly<Record<Job, number>> = { backup: 2 * 60 * 60_000, proof: 12 * 60 * 60_000 };

/**
 * The newest backup of all schemas, and the newest proof. Those that a wrong clock dated in the future do not count: nothing would be due until then.
 * @throws BACKUP_FOLDER_INVALID when the folder holds something else; one that is not there has none.
 */
export async function readDone(folder: string, now: Date): Promise<Done> {
  if (!(await stat(folder).catch(() => undefined))) return { backup: undefined, proof: undefined };
  const found = (await listBackups(folder)).filter(({ backup }) => backup?.manifest.onlySchema === null);
  const newest = (times: readonly (string | undefined)[]): Date | undefined => {
    const latest = times
      .filter((time) => time !== undefined && !isFromFuture(time, now))
      .sort()
      .at(-1);
    return latest === undefined ? undefined : new Date(latest);
  };
  return {
    backup: newest(found.map(({ backup }) => backup?.manifest.takenAt)),
    proof: newest(found.map(({ proof }) => proof?.at)),
  };
}

/** The last moment at which a job should have begun. */
function momentOf(schedule: Schedule, job: Job, now: Date): Date {
  return job === 'backup' ? lastMoment(schedule.backupAt, now) : lastMoment(schedule.proofAt, now, schedule.proofOn);
}

/** What should have been done by now, in its order. What was missed while nothing ran is due too. */
export function dueJobs(schedule: Schedule, done: Done, now: Date): Job[] {
  return jobs.filter((job) => (done[job]?.getTime() ?? 0) < momentOf(schedule, job, now).getTime());
}

/** Notes how an attempt ended. A folder that can't be written is what the attempt itself complained of. */
export async function noteAttempt(folder: string, job: Job, at: Date, isDone: boolean, message: string): Promise<void> {
  try {
    // A folder that holds something else is left as it is.
    const path = join(await openBackupFolder(folder), stateFile);
    const attempts: Attempts = { ...(await readAttempts(folder)), [job]: { at: at.toISOString(), isDone, message } };
    await writeFile(`${path}.new`, `${JSON.stringify(attempts)}\n`);
    await rename(`${path}.new`, path);
  } catch {
    // The next look at the backups finds the job overdue all the same.
  }
}

async function readAttempts(folder: string): Promise<Attempts> {
  try {
    return JSON.parse(await readFile(join(folder, stateFile), 'utf8')) as Attempts;
  } catch {
    return {};
  }
}

/**
 * Looks whether the jobs are done in time.
 * @returns one sentence.
 * @throws BACKUP_OVERDUE naming the job that failed or is late, and what readDone throws.
 */
export async function refuseOverdue(schedule: Schedule, now: Date): Promise<string> {
  const done = await readDone(schedule.folder, now);
  const attempts = await readAttempts(schedule.folder);
  for (const job of jobs) {
    const [last, attempt] = [done[job], attempts[job]];
    if (attempt && !attempt.isDone && (last?.getTime() ?? 0) < Date.parse(attempt.at)) {
      throw overdue(schedule, `The last ${job} failed at ${attempt.at}: ${attempt.message}`);
    }
    const moment = momentOf(schedule, job, new Date(now.getTime() - grace[job]));
    if ((last?.getTime() ?? 0) >= moment.getTime()) continue;
    throw overdue(
      schedule,
      last
        ? `The last ${job} in ${schedule.folder} is of ${last.toISOString()}; one was due at ${moment.toISOString()}.`
        : `There is no ${job} in ${schedule.folder} yet.`,
    );
  }
  return `Last backup ${done.backup?.toISOString()}, last proof ${done.proof?.toISOString()}.`;
}

function overdue({ folder }: Schedule, message: string): AppError {
  return new AppError('BACKUP_OVERDUE', message, {
    hint: `See why with: npm run db -- backup --to ${folder}; then npm run db -- verify --restore --from ${folder}.`,
  });
}
