import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { passwordKey } from '@bailiwick/database/config';
import type { Credentials } from '@bailiwick/database/setup/credentials';

const main = fileURLToPath(new URL('../../drizzle/src/main.ts', import.meta.url));

export interface Measured {
  readonly seconds: number;
  /** Resident, at its highest, of the process; null where the system does not tell. */
  readonly megabytes: number | null;
  /** Seconds of processor time, its own and that of processes it has waited for; null where the system does not tell. */
  readonly processorSeconds: number | null;
  readonly output: string;
}

/**
 * Runs a command to its end.
 * @throws with its standard error when it ends with another code than 0.
 */
export async function measure(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Measured> {
  const started = performance.now();
  // GNU time, where it is there, tells the most memory that a process had, and its processor time.
  const child = spawn('/usr/bin/time', ['--format=%U %S %M', '--', command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${stderr}`);
  const [, user, system, kilobytes] = /([\d.]+) ([\d.]+) (\d+)\s*$/.exec(stderr) ?? [];
  return {
    seconds,
    megabytes: kilobytes ? Math.round(Number(kilobytes) / 1024) : null,
    processorSeconds: kilobytes ? Number(user) + Number(system) : null,
    output: stdout,
  };
}

/** The same of `npm run db -- …`, as a process of its own. */
export async function measureDb(args: readonly string[], operatorUrl: string, credentials: Credentials): Promise<Measured> {
  const bare = Object.entries(process.env).filter(([key]) => !key.startsWith('BAILIWICK_') && key !== 'DATABASE_URL');
  const passwords = Object.entries(credentials.roles).map(([role, password]) => [passwordKey(role as never), password]);
  const env = { ...Object.fromEntries([...bare, ...passwords]), DATABASE_URL: operatorUrl } as NodeJS.ProcessEnv;
  return measure(process.execPath, ['--conditions=bailiwick-source', '--import', 'tsx', main, ...args], env);
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

/** Two commands in turns, and the ratio of each round: whatever else the machine does meets both. */
export function report(title: string, ours: readonly Measured[], theirs: readonly Measured[], limit: number): void {
  const shown = (measured: readonly Measured[]): string => measured.map(({ seconds }) => seconds.toFixed(1)).join(' ');
  const ratios = ours.map(({ seconds }, i) => seconds / (theirs[i]?.seconds ?? NaN));
  const processor = (measured: readonly Measured[]): string =>
    measured.map(({ processorSeconds }) => processorSeconds?.toFixed(1) ?? '?').join(' ');
  const memory = Math.max(...ours.map(({ megabytes }) => megabytes ?? NaN));
  process.stdout.write(
    [
      title,
      `  ours    ${shown(ours)} s, at most ${memory} MB of memory (limit 300)`,
      `  theirs  ${shown(theirs)} s`,
      `  ratios  ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}, median ${median(ratios).toFixed(2)} (limit ${limit})`,
      `  processor time: ours ${processor(ours)} s, theirs ${processor(theirs)} s`,
      '',
    ].join('\n'),
  );
  if (!(median(ratios) <= limit) || memory > 300) process.exitCode = 1;
}
