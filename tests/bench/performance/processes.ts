import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process that is measured. */
export interface Measured {
  readonly name: string;
  readonly pid: number;
  /** How to start another one like it. */
  readonly again?: ProcessOptions;
}

/** A server that was started for the bench. */
export interface RunningProcess extends Measured {
  readonly url: string;
  /** From its start until it answered, in milliseconds. */
  readonly startedIn: number;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly file: URL;
  readonly env: Readonly<Record<string, string>>;
  readonly command: { readonly node: string; readonly args: readonly string[] };
  /** After the file's name. */
  readonly args?: readonly string[];
  /** How it says where it answers. */
  readonly ready?: RegExp;
}

const answersWithin = 120_000;
/** What ends the servers when the bench itself ends before it could stop them. */
const running = new Set<() => void>();
process.once('exit', () => running.forEach((kill) => kill()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts a server and waits until it prints "… answers at <url>". Throws with what it printed when it ends before that. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, file, env, command, args: own = [], ready } = options;
  const started = performance.now();
  const { node, args } = command;
  const child = spawn(node, [...args, fileURLToPath(file), ...own], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await urlOf(name, child, ready);
  const kill = (): void => void child.kill('SIGKILL');
  running.add(kill);
  return {
    name,
    again: options,
    pid: child.pid!,
    url,
    startedIn: performance.now() - started,
    async stop() {
      running.delete(kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      const deadline = setTimeout(kill, 15_000);
      await ended;
      clearTimeout(deadline);
    },
  };
}

function urlOf(name: string, child: ChildProcess, ready = /answers at\s+(http:\/\/[^/\s]+)/): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${name} did not answer within ${answersWithin / 1000} s:\n${text}`));
    }, answersWithin);
    const take = (chunk: Buffer): void => {
      text = (text + chunk.toString()).slice(-10_000);
      const found = ready.exec(text);
      if (!found) return;
      clearTimeout(deadline);
      resolve(found[1]!.replace('//localhost:', '//127.0.0.1:'));
    };
    child.stdout!.on('data', take);
    child.stderr!.on('data', take);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(deadline);
      reject(new Error(`${name} ended with ${code}:\n${text}`));
    });
  });
}

/** Ticks of /proc/<pid>/stat a second: 100 on every Linux that Node runs on. */
const ticks = 100;

/** The fields after the command's name, which may hold spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** CPU seconds that a process has used, its ended children included. NaN where the system has no /proc. */
export function cpuSeconds(pid: number): number {
  const stat = statOf(pid);
  if (!stat) return Number.NaN;
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field]), 0) / ticks;
}

/** The same of a process and all its children: PostgreSQL's postmaster and every session. */
export function cpuSecondsOfTree(pid: number): number {
  if (!statOf(pid)) return Number.NaN;
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + (cpuSeconds(each) || 0), 0);
}

/** The processes that a process has started and that run, the oldest first. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((other) => parentOf(other) === pid)
    .toSorted((one, other) => one - other);
}

/** The process above another one. */
export const parentOf = (pid: number): number => Number(statOf(pid)?.[1]);

/** Lets the peak begin anew; harmless where that is not allowed. */
export function resetPeakMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Then the peak is that of the whole life of the process.
  }
}

/** Resident memory in MB: at its highest since the reset, or now. NaN where the system does not tell. */
export function memoryOf(pid: number, which: 'VmHWM' | 'VmRSS' = 'VmHWM'): number {
  try {
    const kilobytes = new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
