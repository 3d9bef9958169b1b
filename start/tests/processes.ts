import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '../../tests/support/database.js';
import { nodeArguments } from '../../tests/support/programs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm start` as a user runs it, in a process of its own. */
export interface Started {
  readonly child: ChildProcess;
  /** Everything that it has printed so far, both streams. */
  output(): string;
  /** Waits until the output matches. Fails when the process ends or a minute passes before that. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Settles when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const processes: ChildProcess[] = [];
const folders: string[] = [];

export function start(args: string[], environment: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [...nodeArguments('start/src/main.ts'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  return {
    child,
    ended,
    output: () => text,
    async printed(pattern) {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found;
        if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline)
          throw new Error(`${String(pattern)} was not printed:\n${text}`);
        await pause(20);
      }
    },
  };
}

/** What it prints when it answers. */
export const ready = /http:\/\/localhost:(\d+)\/graphql/;

/** Asks as the sample person of a role, with the token that was printed. */
export async function ask(started: Started, query: string, role: string) {
  const [, port] = await started.printed(ready);
  const [, token] = await started.printed(new RegExp(`${role}, .+:\\n(\\S+)`));
  const response = await fetch(`http://localhost:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: Record<string, never>; errors?: unknown };
}

/** The processes of a start that answer requests, the oldest first. None where it answers itself. */
export function workersOf({ child }: Started): number[] {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,args=']).toString().split('\n');
  return rows.flatMap((row) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return Number(parent) === child.pid && args.includes('start/src/main.') ? [Number(pid)] : [];
  });
}

/** Roles belong to the whole server of the test run: what starts here must not give them other passwords than the other tests use. */
export function passwordsOf({ credentials }: TestDatabase): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials.roles).map(([role, password]) => [`BAILIWICK_PASSWORD_${role.toUpperCase()}`, password]),
  );
}

/** A folder that is gone after the tests. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-start-'));
  folders.push(folder);
  return folder;
}

/** Ends what a failed test left running, and removes the folders. */
export async function cleanUp(): Promise<void> {
  const running = processes.filter((child) => child.exitCode === null && child.signalCode === null);
  const ended = running.map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(ended);
  for (const folder of folders) for (const end of ['', '-archive']) await rm(folder + end, { recursive: true, force: true });
}
