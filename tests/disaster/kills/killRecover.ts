import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import type { ScratchDatabase } from '@bailiwick/database/drill/scratchDatabase';
import { differences, stateOf } from '@bailiwick/database/drill/state';
import type { State } from '@bailiwick/database/drill/state';
import { approveStatement } from '@bailiwick/database/guard/approve';
import { withSession } from '@bailiwick/database/setup/connect';
import { nodeArguments } from '../../support/programs.js';
import type { Ended } from './ground.js';
import type { KillOptions, PointResult } from './killVerb.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const loss = 'DROP SCHEMA case_management CASCADE';

/** A recovery needs an archive and base backups of its server, so it is killed on one of its own, and each point begins with a real loss. */
export async function killRecover(options: KillOptions): Promise<{ duration: number; results: PointResult[] }> {
  const database = await makeScratchDatabase();
  try {
    await database.takeBase();
    const whole = await stateOf(database.operatorUrl);
    await lose(database);
    const began = performance.now();
    const undisturbed = await startRecover(database).ended;
    let duration = performance.now() - began;
    if (undisturbed.exitCode !== 0) throw new Error(`recover fails undisturbed: ${undisturbed.stderr}`);
    const results: PointResult[] = [];
    for (let point = 0; point < options.points; point++) {
      const at = (duration * 1.05 * (point + options.random())) / options.points;
      const result = await killOnce(database, whole, point, at);
      results.push(result);
      options.onPoint?.(result);
      if (result.found === 'old') duration = Math.max(duration, at);
    }
    return { duration, results };
  } finally {
    await database.remove();
  }
}

async function lose({ operatorUrl }: ScratchDatabase): Promise<void> {
  await withSession(operatorUrl, 'kills', async (client) => {
    await approveStatement(client, loss, 'a kill test');
    await client.query(loss);
  });
}

/** The real command line, in a process group of its own. */
function startRecover({ dataDir }: ScratchDatabase) {
  const conflicts = join(dataDir, '..', 'conflicts.csv');
  const args = [
    'recover',
    '--schema',
    'case_management',
    '--confirm',
    'bailiwick',
    '--conflicts',
    conflicts,
    '--data-dir',
    dataDir,
  ];
  const child = spawn(process.execPath, [...nodeArguments('drizzle/src/main.ts'), ...args], {
    cwd: project,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  return { ended, kill, isRunning: () => child.exitCode === null && child.signalCode === null };
}

async function killOnce(database: ScratchDatabase, whole: State, point: number, at: number): Promise<PointResult> {
  await lose(database);
  const lost = await stateOf(database.operatorUrl);
  const faults: string[] = [];
  const run = startRecover(database);
  await pause(at);
  const when = run.isRunning() ? 'during' : 'after';
  run.kill();
  await run.ended;
  const found = await foundState(database, whole, lost);
  if (found === 'neither') faults.push('neither the state of before nor the one of after');
  const next = await startRecover(database).ended;
  const said = `${next.stderr}\n${next.stdout}`;
  // When the killed run had done everything, there is no loss left to bring back, and that is said.
  const expected = found === 'new' ? [0, 3] : [0];
  if (!expected.includes(next.exitCode ?? -1)) faults.push(`the next run ends with ${next.exitCode}: ${said.trim()}`);
  const left = differences(whole, await stateOf(database.operatorUrl));
  if (left.length > 0) faults.push(`the next run does not give the new state: ${left.slice(0, 5).join('; ')}`);
  return { verb: 'recover', point, victim: 'command', at, when, found, faults };
}

/** The sessions of the killed command end a moment later, and a commit may be among the last things they do. */
async function foundState({ operatorUrl }: ScratchDatabase, whole: State, lost: State): Promise<PointResult['found']> {
  await withSession(operatorUrl, 'kills', async (client) => {
    const sessions = `select from pg_stat_activity where application_name like 'bailiwick restore%' and backend_type = 'client backend'`;
    for (const deadline = performance.now() + 30_000; (await client.query(sessions)).rowCount;) {
      if (performance.now() > deadline) throw new Error('Sessions of a killed recovery live on for 30 s.');
      await pause(20);
    }
  });
  const state = await stateOf(operatorUrl);
  if (differences(lost, state).length === 0) return 'old';
  return differences(whole, state).length === 0 ? 'new' : 'neither';
}
