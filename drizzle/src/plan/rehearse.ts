import { AppError } from '@bailiwick/kernel/errors';
import type { Client, DatabaseError, QueryConfig } from 'pg';
import { isDatabaseError, statementFailure } from '../migrate/failure.js';
import type { MigrationFile } from '../migrate/files.js';
import { ownerRole, oneStatement } from '../migrate/apply.js';
import type { Statement } from '../migrate/statements.js';
import { setSession } from '../setup/connect.js';
import { describeBlocker, watchBlockers } from './blockers.js';
import type { RehearsalLimits } from './limits.js';
import { heldLocks, readRowChanges, rowChangesSince } from './observations.js';
import type { HeldLock, RowChange } from './observations.js';
import { touchedReadings, wholeReadings } from './readings.js';
import type { CataloguePair, Readings } from './readings.js';

/** What the guard would have refused. */
export interface GuardNote {
  readonly statement: Statement;
  readonly command: string;
  readonly code: string;
  readonly sentence: string;
  readonly took: unknown;
}

/** What one file did in a rehearsal, before it was taken back. */
export interface RehearsedFile extends CataloguePair {
  readonly file: MigrationFile;
  readonly notes: readonly GuardNote[];
  readonly rows: readonly RowChange[];
  /** Those that its statements took and that block others, on tables that were there before. */
  readonly locks: readonly HeldLock[];
  readonly milliseconds: number;
}

export interface RehearsalOptions {
  /** Of the one deployer whose files they are; of shared_tables_deployer, with a ticket, when they belong to several teams. */
  readonly session: Client;
  /** Another session of the same role, with a snapshot from before: for looking at the first while it waits, and at what was. */
  readonly observer: Client;
  readonly ofSeveralTeams: boolean;
  readonly limits: RehearsalLimits;
  readonly onStep?: (sentence: string) => void;
}

const aftermath = 'This was a rehearsal; nothing was changed.';

/**
 * Runs files in one transaction that can only be rolled back, and rolls it back. The guard takes notes and lets everything pass.
 * @throws MIGRATION_FAILED with file, line and column; REHEARSAL_TIMED_OUT naming who held the lock; DATABASE_NOT_INITIALISED for a guard
 * that knows no rehearsals.
 */
export async function rehearse(files: readonly MigrationFile[], options: RehearsalOptions): Promise<RehearsedFile[]> {
  const { session, observer } = options;
  const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
  const rehearsed: Omit<RehearsedFile, keyof CataloguePair>[] = [];
  let readings: Readings;
  await session.query('discard all');
  await setSession(session);
  await session.query('begin read write');
  try {
    await beginRehearsal(session);
    readings = files.length === 1 ? touchedReadings(session, observer) : await wholeReadings(session);
    for (const file of files) rehearsed.push(await rehearseFile(file, readings, rows[0]?.pid ?? 0, options));
  } finally {
    await session.query('rollback').catch(() => undefined);
  }
  const pairs = await readings.pairs();
  return rehearsed.flatMap((one, index) => (pairs[index] ? [{ ...one, ...pairs[index] }] : []));
}

async function beginRehearsal(session: Client): Promise<void> {
  try {
    await session.query('select guard.begin_rehearsal(), guard.count_written_rows()');
  } catch (error) {
    if (!isDatabaseError(error) || !['42883', '42501', '3F000'].includes(error.code ?? '')) throw error;
    throw new AppError('DATABASE_NOT_INITIALISED', `The guard of this database knows no rehearsals yet: ${error.message}.`, {
      hint: 'Run npm run db -- init once more; it adds what is missing and changes nothing else.',
      cause: error,
    });
  }
}

async function rehearseFile(
  file: MigrationFile,
  readings: Readings,
  pid: number,
  options: RehearsalOptions,
): Promise<Omit<RehearsedFile, keyof CataloguePair>> {
  const { session, ofSeveralTeams } = options;
  const began = performance.now();
  // What an earlier file has SET or prepared does not hold for this one when it is applied.
  await session.query('close all; deallocate all; reset all; discard temp; discard sequences; unlisten *');
  await setSession(session);
  await session.query(`set local idle_in_transaction_session_timeout = 0; set local search_path = ''`);
  await session.query('select guard.count_written_rows()');
  if (!ofSeveralTeams) await session.query(`set local role ${ownerRole(file.owner)}`);
  const rowsBefore = await readRowChanges(session);
  const notes: GuardNote[] = [];
  let lastNote = await newestNote(session);
  await setLimits(options);
  for (const statement of file.statements) {
    if (isImmediate(statement)) await checkDeferred(file, statement, pid, options);
    else await run(file, statement, ofSeveralTeams ? asOwner(file, statement.text) : oneStatement(statement.text), pid, options);
    if (onlyMakes(statement)) continue;
    // It may have SET something else.
    await setLimits(options);
    const found = await notesAfter(session, lastNote);
    lastNote = found.at(-1)?.id ?? lastNote;
    notes.push(...found.map((note) => ({ ...note, statement })));
  }
  // What would only be tested at COMMIT, as the file's own last step.
  await checkDeferred(file, file.statements.at(-1), pid, options);
  if (!ofSeveralTeams) await session.query('reset role');
  const rows = rowChangesSince(rowsBefore, await readRowChanges(session));
  const locks = await heldLocks(session, await readings.tablesBefore());
  await readings.fileIsDone();
  return { file, notes, rows, locks, milliseconds: Math.round(performance.now() - began) };
}

async function run(
  file: MigrationFile,
  statement: Statement | undefined,
  query: QueryConfig,
  pid: number,
  { session, observer, limits }: RehearsalOptions,
): Promise<void> {
  const watch = watchBlockers(observer, pid, Math.max(50, (limits.lock || 2_000) / 8));
  try {
    await session.query(query);
  } catch (error) {
    const blockers = await watch.stop();
    throw isDatabaseError(error) ? failure(file, statement, error, blockers.map(describeBlocker), limits) : error;
  }
  await watch.stop();
}

async function setLimits({ session, limits }: RehearsalOptions): Promise<void> {
  await session.query(`set local lock_timeout = ${limits.lock}; set local statement_timeout = ${limits.statement}`);
}

/** Statements that run nobody's code: the guard has nothing to say to them, and they set nothing. Most of a new schema is made of them. */
function onlyMakes({ words: [first, second], text }: Statement): boolean {
  if (['comment', 'grant', 'revoke'].includes(first ?? '')) return true;
  return first === 'create' && second !== 'schema' && !/\b(as|replace)\b/i.test(text);
}

function asOwner(file: MigrationFile, sql: string): QueryConfig {
  return { text: `select guard.rehearse_as_${file.owner}($1)`, values: [sql] };
}

const isImmediate = ({ text }: Statement): boolean => /^set\s+constraints\s+all\s+immediate\s*;?$/i.test(text.trim());

/**
 * SET CONSTRAINTS ALL IMMEDIATE but for the one that keeps the rehearsal from being committed. As the owner: what fires may be a trigger of
 * the file's own making.
 */
async function checkDeferred(
  file: MigrationFile,
  statement: Statement | undefined,
  pid: number,
  options: RehearsalOptions,
): Promise<void> {
  const { rows } = await options.session.query<{ name: string; deferred: boolean }>(
    `/* db:deferrable */ select distinct format('%I.%I', n.nspname, c.conname) as name, bool_or(c.condeferred) as deferred
     from pg_constraint c join pg_namespace n on n.oid = c.connamespace
     where c.condeferrable and n.nspname <> 'guard' group by 1`,
  );
  const names = rows.map(({ name }) => name);
  if (names.length === 0) return;
  const deferred = rows.filter((row) => row.deferred).map(({ name }) => name);
  const queryOf = (sql: string): QueryConfig => (options.ofSeveralTeams ? asOwner(file, sql) : oneStatement(sql));
  await run(file, statement, queryOf(`set constraints ${names.join(', ')} immediate`), pid, options);
  if (deferred.length) await run(file, statement, queryOf(`set constraints ${deferred.join(', ')} deferred`), pid, options);
}

/** The notes of the files before this one are theirs. */
async function newestNote(session: Client): Promise<string> {
  const { rows } = await session.query<{ last: string }>(
    'select coalesce(max(id), 0)::text as last from guard.rehearsal_notes_after(0)',
  );
  return rows[0]?.last ?? '0';
}

async function notesAfter(session: Client, last: string) {
  const { rows } = await session.query<Omit<GuardNote, 'statement'> & { id: string }>(
    `/* db:rehearsalNotes */ select id::text, command, code, sentence, would_take as took from guard.rehearsal_notes_after($1)`,
    [last],
  );
  return rows;
}

function failure(
  file: MigrationFile,
  statement: Statement | undefined,
  error: DatabaseError,
  blockers: readonly string[],
  limits: RehearsalLimits,
): AppError {
  // As a team's owner the statement runs inside a function: that is no part of what the reader wrote.
  if (error.position === undefined && error.internalQuery === statement?.text) error.position = error.internalPosition;
  error.where = error.where
    ?.split('\n')
    .filter((line) => !/guard\.rehearse_as_|^SQL statement /.test(line))
    .join('\n');
  const name = `${file.name}.sql`;
  const isLock = error.code === '55P03';
  if (!isLock && !(error.code === '57014' && /statement timeout/.test(error.message))) {
    return statementFailure('MIGRATION_FAILED', name, file.sql, statement, error, aftermath);
  }
  const known = statementFailure('MIGRATION_FAILED', name, file.sql, statement, error, aftermath);
  const limit = isLock
    ? `It waited ${limits.lock} ms for ${blockers.length ? `a lock of ${blockers.join(' and ')}` : "somebody else's lock"}.`
    : `It ran for ${limits.statement} ms${blockers.length ? ` and waited for ${blockers.join(' and ')}` : ''}.`;
  const end = known.message.lastIndexOf(aftermath);
  return new AppError('REHEARSAL_TIMED_OUT', `${known.message.slice(0, end)}${limit} ${aftermath}`, {
    hint: isLock
      ? 'Try again when they have finished, or give it longer with --lock-timeout <seconds>: everybody else waits behind it as long.'
      : 'Make it smaller steps, or give it longer with --statement-timeout <seconds>: whom its locks keep out waits as long.',
    cause: error,
  });
}
