import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeArguments } from './programs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface ServiceProcess {
  /** Where it says that it answers, without a path. */
  readonly url: string;
  /** What it wrote to standard error so far. */
  log(): string;
  /** Sends the signal and waits for the end; returns exit code or signal. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export interface EndedProcess {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a main.ts of the project, or of a copy of it, with nothing in its environment but `env`, and waits until it answers. */
export async function startService(main: URL, env: Record<string, string>): Promise<ServiceProcess> {
  const started = launch(main, env);
  const url = await new Promise<string>((resolve, reject) => {
    started.child.stdout.on('data', () => {
      const found = /answers at (http:\/\/[^/\s]+)/.exec(started.output().stdout);
      if (found) resolve(found[1]!);
    });
    started.child.once('exit', (code) => reject(new Error(`The process ended with ${code}:\n${started.output().stderr}`)));
  });
  return {
    url,
    log: () => started.output().stderr,
    async end(signal = 'SIGTERM') {
      const ended = once(started.child, 'exit');
      started.child.kill(signal);
      const [code, by] = (await ended) as [number | null, NodeJS.Signals | null];
      return code ?? by;
    },
  };
}

/** Starts a main.ts that is to end by itself, and waits for that. */
export async function runToEnd(main: URL, env: Record<string, string>): Promise<EndedProcess> {
  const started = launch(main, env);
  const [code] = (await once(started.child, 'close')) as [number | null];
  return { code, ...started.output() };
}

/** A program of the project is bundled once a run. One of a copy of the project runs from its source. */
function argumentsFor(main: URL): string[] {
  const path = fileURLToPath(main);
  const fromRoot = relative(root, path);
  return fromRoot.startsWith('..') ? ['--conditions=bailiwick-source', '--import', 'tsx', path] : nodeArguments(fromRoot);
}

function launch(main: URL, env: Record<string, string>) {
  const child = spawn(process.execPath, argumentsFor(main), {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, output: () => ({ stdout, stderr }) };
}
