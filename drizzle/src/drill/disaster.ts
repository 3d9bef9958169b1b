import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { until } from '../embedded/deadline.js';
import { approveStatement } from '../guard/approve.js';
import { isDatabaseError } from '../migrate/failure.js';
import { recover } from '../recover/recover.js';
import type { RecoverReport } from '../recover/recover.js';
import { createRandom } from '../sample/random.js';
import { connect } from '../setup/connect.js';
import type { Credentials } from '../setup/credentials.js';
import { differences, stateOf } from './state.js';
import { lostWrites, openWriters } from './writers.js';
import type { LostWrite, Writer } from './writers.js';

export interface DisasterOptions {
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly dataDir: string;
  readonly schema: 'public' | 'case_management' | 'audit_system';
  /** Whether the loss is approved, or done by a superuser who switches the event triggers off (PostgreSQL 17 and newer). */
  readonly guard: 'approved' | 'off';
  readonly seed: number;
  readonly onStep?: (sentence: string) => void;
}

export interface DisasterReport {
  readonly schema: string;
  readonly guard: 'approved' | 'off';
  readonly seed: number;
  /** What the guard answered to the statement before it was approved; null when it was off. */
  readonly refusal: string | null;
  /** Of all writers. */
  readonly acknowledged: { readonly beforeLoss: number; readonly whileLost: number; readonly afterRecovery: number };
  readonly refused: number;
  readonly lost: readonly LostWrite[];
  /** Other rows and definitions that are not as they were. */
  readonly differences: readonly string[];
  readonly recovery: RecoverReport;
  readonly seconds: { readonly toLoss: number; readonly lost: number; readonly recovery: number; readonly total: number };
}

/** Milliseconds. */
const deadline = 60_000;

/**
 * The founding disaster, with four writers running all the time: DROP SCHEMA … CASCADE is refused, approved, done, and recovered from; then everything that
 * the writers were told is written is looked for. When things happen depends on the seed.
 * @throws RECOVERY_FAILED when the guard let the statement through unasked, or writers do not get on; and what recover throws.
 */
export async function runDisaster(options: DisasterOptions): Promise<DisasterReport> {
  const { operatorUrl, credentials, schema, guard, seed, onStep = () => undefined } = options;
  const random = createRandom(String(seed));
  const began = performance.now();
  const elapsed = (since = began): number => (performance.now() - since) / 1000;
  const before = await stateOf(operatorUrl);
  const writers = await openWriters(operatorUrl, credentials, random);
  const operator = await connect(operatorUrl, 'drill');
  const total = (): number => writers.reduce((sum, writer) => sum + writer.total, 0);
  try {
    for (const writer of writers) writer.start();
    await written(writers, random.integer(10, 89), 'before the loss');
    const statement = `DROP SCHEMA ${schema} CASCADE`;
    const refusal = guard === 'approved' ? await refusalOf(operator, statement) : null;
    if (refusal) onStep(`${statement} is refused: ${refusal}`);
    await written(writers, random.integer(0, 59), 'after the refusal');
    if (guard === 'approved') await approveStatement(operator, statement, 'a drill', 60);
    else await operator.query('set event_triggers = off');
    await drop(operator, statement);
    const lostAt = performance.now();
    const beforeLoss = total();
    onStep(`${statement} is done, after ${beforeLoss} acknowledged writes. Writers go on.`);
    const toLoss = elapsed();
    await written(
      writers.filter(({ name }) => name.startsWith('batch')),
      random.integer(5, 64),
      'after the loss',
    );
    const recoveryBegan = performance.now();
    const recovery = await recover({ ...options, to: { kind: 'before-loss' }, onStep });
    const [lostFor, recoveryTook, whileLost] = [elapsed(lostAt), elapsed(recoveryBegan), total() - beforeLoss];
    onStep(`Recovered; writers of all systems go on.`);
    await everyTable(writers);
    for (const writer of writers) await writer.stop();
    const lost = await lostWrites(operatorUrl, writers);
    return {
      schema,
      guard,
      seed,
      refusal,
      acknowledged: { beforeLoss, whileLost, afterRecovery: total() - beforeLoss - whileLost },
      refused: writers.reduce((sum, writer) => sum + writer.refused, 0),
      lost,
      differences: differences(before, await stateOf(operatorUrl)),
      recovery,
      seconds: { toLoss, lost: lostFor, recovery: recoveryTook, total: elapsed() },
    };
  } finally {
    await Promise.allSettled(writers.map(async (writer) => writer.stop()));
    await operator.end().catch(() => undefined);
  }
}

/** Whether anything was lost, or is another than before. */
export const isWhole = ({ lost, differences: others, recovery }: DisasterReport): boolean =>
  lost.length === 0 && others.length === 0 && recovery.restore.notBroughtBack.length === 0;

async function refusalOf(operator: Client, statement: string): Promise<string> {
  const message = await retried(operator, statement);
  if (message !== undefined) return message;
  throw new AppError('RECOVERY_FAILED', `${statement} was not refused.`, {
    hint: 'Run npm run db -- init, which puts the guard back, and npm run db -- status.',
  });
}

async function drop(operator: Client, statement: string): Promise<void> {
  const message = await retried(operator, statement);
  if (message !== undefined)
    throw new AppError('RECOVERY_FAILED', `${statement} was refused although it was approved: ${message}`);
}

/** The drop and a writer may wait for each other; PostgreSQL ends one of them then. */
async function retried(operator: Client, statement: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      await operator.query(statement);
      return undefined;
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      if (error.code?.startsWith('LG')) return error.message;
      if (error.code !== '40P01' || attempt === 20) throw error;
    }
  }
}

async function written(writers: readonly Writer[], count: number, when: string): Promise<void> {
  const goals = writers.map((writer) => writer.total + Math.ceil(count / writers.length));
  if (await until(() => writers.every((writer, i) => writer.total >= (goals[i] ?? 0)), deadline)) return;
  throw new AppError('RECOVERY_FAILED', `The writers did not get on within ${deadline / 1000} s, ${when}.`);
}

async function everyTable(writers: readonly Writer[]): Promise<void> {
  const goals = writers.map(({ acknowledged }) =>
    Object.entries(acknowledged).map(([table, count]) => [table, count + 2] as const),
  );
  const isReached = (): boolean =>
    writers.every(({ acknowledged }, i) =>
      goals[i]?.every(([table, goal]) => acknowledged[table as keyof typeof acknowledged] >= goal),
    );
  if (await until(isReached, deadline)) return;
  throw new AppError(
    'RECOVERY_FAILED',
    `Not every writer got on in every system within ${deadline / 1000} s after the recovery.`,
  );
}
