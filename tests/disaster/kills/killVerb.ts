import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, createDatabase, dropDatabase, killPostmaster, placeOf, sessionsEnded, sessionsOf, startVerb } from './ground.js';
import type { Ended, Ground, Place } from './ground.js';
import { difference, sameState } from './state.js';
import type { State } from './state.js';
import { leftoversOf } from './verbs.js';
import type { Shared, Verb } from './verbs.js';

/** Who is killed: the command's process group, its sessions politely, a process of PostgreSQL, or PostgreSQL whole. */
export type Victim = 'command' | 'session' | 'backend' | 'postmaster';

export interface PointResult {
  readonly verb: string;
  readonly point: number;
  readonly victim: Victim;
  /** Milliseconds after the command's first sentence. */
  readonly at: number;
  readonly when: 'before' | 'during' | 'after';
  readonly found: 'old' | 'between' | 'new' | 'neither';
  /** What is not as it must be. */
  readonly faults: string[];
}

export interface KillOptions {
  readonly points: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Taken in turn. */
  readonly victims: readonly Victim[];
  readonly onPoint?: (result: PointResult) => void;
}

/** Mostly the command; the server's processes now and then. A postmaster is started again only a few times a minute. */
export const usualVictims: readonly Victim[] = [
  'command',
  'command',
  'session',
  'command',
  'command',
  'backend',
  'command',
  'session',
  'command',
  'postmaster',
];

interface Trial {
  readonly ground: Ground;
  readonly verb: Verb;
  readonly template: string;
  readonly shared: Shared;
  /** The old state, those between, the new one. */
  readonly states: readonly State[];
  /** From the command's first sentence to its end, in milliseconds; measured anew with every run that is left alone. */
  duration: number;
}

/** Runs a verb undisturbed, then kills it at so many points of that time, and looks each time at what there is and what the next run says. */
export async function killVerb(
  ground: Ground,
  verb: Verb,
  options: KillOptions,
): Promise<{ duration: number; results: PointResult[] }> {
  const trial = await prepare(ground, verb);
  const results: PointResult[] = [];
  for (let point = 0; point < options.points; point++) {
    // Spread evenly, each at random within its share; the end is passed by a little, so that the last milliseconds are hit too.
    const at = (trial.duration * 1.05 * (point + options.random())) / options.points;
    const result = await killOnce(trial, point, at, options.victims[point % options.victims.length] ?? 'command');
    results.push(result);
    options.onPoint?.(result);
  }
  await dropDatabase(ground, trial.template);
  return { duration: trial.duration, results };
}

async function prepare(ground: Ground, verb: Verb): Promise<Trial> {
  const template = await createDatabase(ground, `${verb.name}_old`);
  const shared = await verb.prepare(ground, placeOf(ground, template, ground.folder));
  await sessionsEnded(ground, placeOf(ground, template, ground.folder));
  const between = (await verb.between?.(ground)) ?? [];
  return inPlace(ground, verb.name, template, async (place) => {
    const old = await verb.state(place);
    const started = startVerb(place, verb.args(place, shared));
    await started.begun;
    const began = performance.now();
    const { exitCode, stderr } = await started.ended;
    const duration = performance.now() - began;
    if (exitCode !== 0) throw new Error(`${verb.name} fails undisturbed: ${stderr}`);
    const after = await verb.state(place);
    if (shared.newState && !sameState(shared.newState, after)) {
      throw new Error(`${verb.name} undisturbed does not give the new state:\n${difference(shared.newState, after).join('\n')}`);
    }
    if (sameState(old, after)) throw new Error(`${verb.name} changes nothing, so a kill can show nothing.`);
    return { ground, verb, template, shared, states: [old, ...between, after], duration };
  });
}

/** Gives a clone of the old state, and takes it away afterwards. */
async function inPlace<T>(ground: Ground, verb: string, template: string, work: (place: Place) => Promise<T>): Promise<T> {
  const name = await createDatabase(ground, `${verb}_place`, template);
  const folder = join(ground.folder, 'place');
  await mkdir(folder);
  try {
    return await work(placeOf(ground, name, folder));
  } finally {
    await dropDatabase(ground, name);
    await rm(folder, { recursive: true, force: true });
  }
}

async function killOnce(trial: Trial, point: number, at: number, victim: Victim): Promise<PointResult> {
  const { ground, verb, template, shared, states } = trial;
  return inPlace(ground, verb.name, template, async (place) => {
    const faults: string[] = [];
    const started = startVerb(place, verb.args(place, shared));
    await started.begun;
    await pause(at);
    const sessions = started.isRunning() ? await sessionsOf(ground, place) : [];
    const when = !started.isRunning() ? 'after' : sessions.length === 0 ? 'before' : 'during';
    if (victim === 'command') started.kill();
    else await killServerSide(ground, victim, sessions);
    const end = await endOf(started, faults);
    if (victim !== 'command') faults.push(...faultsOfBrokenRun(end));
    await sessionsEnded(ground, place);
    const step = stepOf(states, await verb.state(place), faults);
    const leftovers = await leftoversOf(place);
    const next = startVerb(place, verb.args(place, shared));
    await next.begun;
    const began = performance.now();
    const again = await endOf(next, faults);
    // The machine has other work to do as well: one measurement does not hold for long.
    if (step === 0) trial.duration = (2 * trial.duration + performance.now() - began) / 3;
    if (again.exitCode !== 0) faults.push(`the next run ends with ${again.exitCode}: ${again.stderr.trim()}`);
    else {
      const said = `${again.stderr}\n${again.stdout}`;
      const expected = step < 0 ? [] : verb.says({ step, steps: states.length - 1, leftovers });
      for (const sentence of expected)
        if (!sentence.test(said)) faults.push(`the next run does not say ${String(sentence)}: ${said}`);
    }
    const last = states.at(-1) ?? [];
    const final = await verb.state(place);
    if (!sameState(last, final)) faults.push(`the next run does not give the new state: ${difference(last, final).join('; ')}`);
    const left = await leftoversOf(place);
    if (left.length > 0) faults.push(`the next run leaves ${left.join(', ')}`);
    const found = step < 0 ? 'neither' : step === 0 ? 'old' : step === states.length - 1 ? 'new' : 'between';
    return { verb: verb.name, point, victim, at, when, found, faults };
  });
}

function stepOf(states: readonly State[], found: State, faults: string[]): number {
  const step = states.findIndex((state) => sameState(state, found));
  if (step < 0) {
    const [old = []] = states;
    faults.push(`neither the old state nor the new one; against the old one: ${difference(old, found).join('; ')}`);
  }
  return step;
}

async function killServerSide(ground: Ground, victim: Victim, sessions: readonly number[]): Promise<void> {
  if (victim === 'postmaster') {
    await killPostmaster(ground);
    return;
  }
  const [pid] = sessions;
  if (pid === undefined) return;
  if (victim === 'backend') {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  } else
    await ask(ground, async (client) => client.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [sessions]));
}

/** A run may take long where the server starts again meanwhile, but it has to end. */
async function endOf(started: ReturnType<typeof startVerb>, faults: string[]): Promise<Ended> {
  const ending = new AbortController();
  const late = pause(120_000, true, { signal: ending.signal }).catch(() => false);
  const isLate = await Promise.race([late, started.ended.then(() => false)]);
  ending.abort();
  if (isLate) {
    faults.push('the run had not ended after two minutes');
    started.kill();
  }
  return started.ended;
}

/** A command whose server breaks must say so: a code of the catalogue and a hint, and not that this should not have happened. */
function faultsOfBrokenRun({ exitCode, stderr }: Ended): string[] {
  if (exitCode === 0) return [];
  if (exitCode !== 1) return [`its server broke, and it ends with ${exitCode}: ${stderr.trim()}`];
  if (/^INTERNAL:/m.test(stderr) || !/^[A-Z_]+: /m.test(stderr) || !/^Hint: /m.test(stderr)) {
    return [`its server broke, and it says: ${stderr.trim()}`];
  }
  return [];
}
