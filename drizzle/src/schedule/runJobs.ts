import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@bailiwick/kernel/errors';
import { nextMoment } from './moments.js';
import type { Job, Schedule } from './state.js';
import { dueJobs, noteAttempt, readDone } from './state.js';

const oneMinute = 60_000;

export interface JobOptions {
  readonly schedule: Schedule;
  /** See `db backup --keep`. */
  readonly keep: string | undefined;
  readonly dataDir: string | undefined;
  /** How long after a failure it is tried again, in milliseconds. */
  readonly retry: number;
  /** Takes the one line about each attempt. */
  readonly log: (line: string) => void;
}

function argumentsOf({ schedule: { folder }, keep, dataDir }: JobOptions, job: Job): string[] {
  const place = dataDir === undefined ? [] : ['--data-dir', dataDir];
  return job === 'backup'
    ? ['backup', '--json', '--to', folder, ...(keep === undefined ? [] : ['--keep', keep]), ...place]
    : ['verify', '--json', '--restore', '--from', folder, ...place];
}

/**
 * Does what is due, each job in a process of its own, and logs one line about each.
 * @returns whether all of it was done.
 */
export async function runDueJobs(options: JobOptions, running: Set<ChildProcess> = new Set()): Promise<boolean> {
  const { schedule, log } = options;
  let isAllDone = true;
  for (const job of ['backup', 'proof'] as const) {
    const began = new Date();
    let due: boolean;
    try {
      due = dueJobs(schedule, await readDone(schedule.folder, began), began).includes(job);
    } catch (error) {
      // A folder that is no folder of backups: the job itself says what is wrong with it.
      if (!(error instanceof AppError)) throw error;
      due = true;
    }
    // Nothing to prove where nothing could be saved.
    if (!due || (job === 'proof' && !isAllDone)) continue;
    const { isDone, message } = await runJob(argumentsOf(options, job), running);
    const seconds = ((Date.now() - began.getTime()) / 1000).toFixed(1);
    log(`${new Date().toISOString()} ${job} ${isDone ? 'done' : 'failed'} in ${seconds} s: ${message}`);
    await noteAttempt(schedule.folder, job, began, isDone, message);
    isAllDone &&= isDone;
  }
  return isAllDone;
}

/** Never ends by itself. A job that fails is tried again; nothing of it reaches the others. */
export async function runForever(options: JobOptions, running: Set<ChildProcess>): Promise<never> {
  const { schedule, retry } = options;
  for (;;) {
    const isAllDone = await runDueJobs(options, running);
    const now = new Date();
    const next = Math.min(
      nextMoment(schedule.backupAt, now).getTime(),
      nextMoment(schedule.proofAt, now, schedule.proofOn).getTime(),
    );
    const until = isAllDone ? next : Math.min(next, now.getTime() + retry);
    // In short pieces: a machine that slept, or whose clock was set, goes by the clock again within a minute; one that was set back looks anew.
    for (let last = now.getTime(); Date.now() < until && Date.now() >= last - oneMinute; last = Date.now())
      await pause(Math.min(oneMinute, until - Date.now()));
  }
}

interface JobAnswer {
  readonly name?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly proof?: { rows: number; tables: number } | null;
  readonly error?: { code: string; message: string };
}

async function runJob(args: readonly string[], running: Set<ChildProcess>): Promise<{ isDone: boolean; message: string }> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  // Progress can be long; what went wrong stands at its end.
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2000)));
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
  running.delete(child);
  const answer = parsed(stdout);
  if (exitCode === 0 && answer) return { isDone: true, message: doneSentence(answer) };
  const message = answer?.error
    ? `${answer.error.code}: ${answer.error.message}`
    : `it ended with ${exitCode ?? child.signalCode ?? 'no exit code'}. ${stderr.trim().split('\n').slice(-2).join(' ')}`;
  return { isDone: false, message: message.replaceAll(/\s+/g, ' ').trim() };
}

function parsed(text: string): JobAnswer | undefined {
  try {
    return JSON.parse(text) as JobAnswer;
  } catch {
    return undefined;
  }
}

function doneSentence({ name, rows = 0, bytes = 0, proof }: JobAnswer): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return proof
    ? `${name} came back, ${count(proof.rows)} rows of ${count(proof.tables)} tables.`
    : `${name}, ${count(rows)} rows, ${count(bytes)} bytes.`;
}
