import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process for good: a pid alone is given again to another process once the first has ended. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in the kernel's words: clock ticks since boot from /proc, or what ps says. Absent where neither is there. */
  readonly began?: string;
  /** Where the pid counts: host, boot and pid namespace. Two containers on one folder have pids that say nothing to each other. */
  readonly world: string;
}

export type ProcessState = 'running' | 'ended' | 'unknown';

const hasProc = process.platform === 'linux';

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function ps(column: string, pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** State letter and start time from /proc/<pid>/stat (proc(5)). The command's name stands in brackets and may hold blanks and brackets itself. */
function procStat(pid: number): { state: string; began: string } | undefined {
  const line = readText(`/proc/${pid}/stat`);
  if (line === undefined) return undefined;
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', began: fields[19] ?? '' };
}

function began(pid: number): string | undefined {
  if (hasProc) return procStat(pid)?.began;
  return process.platform === 'win32' ? undefined : ps('lstart', pid);
}

function ownWorld(): string {
  const boot = readText('/proc/sys/kernel/random/boot_id') ?? '';
  return [hostname(), boot, readLink('/proc/self/ns/pid') ?? ''].join(' ').trim();
}

/** The identity of a process that runs now, by default this one. */
export function identityOf(pid: number = process.pid): ProcessIdentity {
  return { pid, began: began(pid), world: ownWorld() };
}

/** Whether a process with this pid runs now, in this world. One that has ended and only waits to be reaped does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const state = hasProc ? procStat(pid)?.state : undefined;
  return state !== 'Z' && state !== 'X';
}

/** Whether exactly this process still runs; `unknown` when its pid counts in another world than ours. */
export function stateOf(identity: ProcessIdentity): ProcessState {
  if (identity.world !== ownWorld()) {
    const [host, boot] = identity.world.split(' ');
    const [ownHost, ownBoot] = ownWorld().split(' ');
    // After a restart of the same machine nothing of before runs.
    return host === ownHost && boot !== ownBoot ? 'ended' : 'unknown';
  }
  if (!isRunning(identity.pid)) return 'ended';
  const now = began(identity.pid);
  return identity.began !== undefined && now !== undefined && identity.began !== now ? 'ended' : 'running';
}

/**
 * Whether the process is a postgres that works in this data directory. Every PostgreSQL process makes the data directory its
 * working directory (miscinit.c, ChangeToDataDir), so that is what is looked at where there is a /proc.
 */
export function isPostgresOn(pid: number, cluster: string): boolean {
  if (!isRunning(pid)) return false;
  if (!hasProc) return (ps('command', pid) ?? '').includes('postgres') && (ps('command', pid) ?? '').includes(cluster);
  const program = readLink(`/proc/${pid}/exe`) ?? '';
  return readLink(`/proc/${pid}/cwd`) === cluster && /\/postgres( \(deleted\))?$/.test(program);
}

/** The pids of all postgres processes in this data directory, children included. Empty where there is no /proc to look through. */
export function postgresProcessesOn(cluster: string): number[] {
  if (!hasProc) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && readLink(`/proc/${pid}/cwd`) === cluster && isPostgresOn(pid, cluster));
}
