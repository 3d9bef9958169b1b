import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { searchPath } from '../config.js';

export interface ClientTool {
  readonly path: string;
  /** For example `15.18`. */
  readonly version: string;
  readonly major: number;
}

/** Where Debian, Red Hat and Homebrew put the client tools of each version. */
function folders(): string[] {
  const versioned = [
    { root: '/usr/lib/postgresql', inner: 'bin' },
    { root: '/opt/homebrew/opt', inner: 'bin' },
    { root: '/usr/local/opt', inner: 'bin' },
  ].flatMap(({ root, inner }) =>
    existsSync(root)
      ? readdirSync(root)
          .filter((name) => /^(?:\d+|(?:libpq|postgresql)(?:@\d+)?)$/.test(name))
          .map((name) => join(root, name, inner))
      : [],
  );
  const redHat = existsSync('/usr') ? readdirSync('/usr').filter((name) => /^pgsql-\d+$/.test(name)) : [];
  // Debian's /usr/bin/pg_dump is a wrapper that chooses a version by itself, so folders of one version come first.
  return [...versioned, ...redHat.map((name) => join('/usr', name, 'bin')), ...searchPath().split(delimiter).filter(Boolean)];
}

/** The tool's own word about its version; undefined when it is no such tool. */
function toolAt(path: string, name: string): ClientTool | undefined {
  const { stdout, status } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const version = status === 0 ? /\(PostgreSQL\) (\d+(?:[.\w]*))/.exec(stdout) : null;
  if (!version?.[1] || !stdout.startsWith(name)) return undefined;
  return { path, version: version[1], major: Number.parseInt(version[1], 10) };
}

/** Every one that is found, each version once, the newest first. */
export function findTools(name: 'pg_dump' | 'pg_restore', named: string | undefined): ClientTool[] {
  if (named !== undefined) {
    const tool = toolAt(named, name);
    if (tool) return [tool];
    throw new AppError('CLIENT_TOOL_UNFIT', `${named} is not there, or is no ${name}.`, {
      hint: `Give the path of the program with --${name.replace('_', '-')}, or leave the option out.`,
    });
  }
  const found = folders()
    .map((folder) => join(folder, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => toolAt(path, name) ?? []);
  const each = new Map<string, ClientTool>();
  for (const tool of found) if (!each.has(tool.version)) each.set(tool.version, tool);
  return [...each.values()].sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}

export const listTools = (tools: readonly ClientTool[]): string =>
  tools.map(({ version, path }) => `${version} (${path})`).join(', ');

/** How to come by the tools of one version. */
export const installHint = (name: string, major: number | string): string =>
  `Install the client tools (Debian: apt-get install postgresql-client-${major}, from apt.postgresql.org where Debian has none of that version), or give the path of a ${name} with --${name.replace('_', '-')}.`;

export interface ToolRun {
  readonly stdout: NodeJS.ReadableStream & AsyncIterable<Buffer>;
  /** Settles when the tool has ended. */
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  stop(): void;
}

/** Starts a client tool. `environment` holds what it needs beside the search path, and nothing of ours. */
export function startTool(path: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): ToolRun {
  const child = spawn(path, args, {
    env: { PATH: searchPath(), LC_ALL: 'C', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-20_000);
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('error', (error) => resolve({ code: -1, stderr: error.message }));
    child.once('close', (code) => resolve({ code, stderr }));
  });
  return { stdout: child.stdout, ended, stop: () => void child.kill() };
}
