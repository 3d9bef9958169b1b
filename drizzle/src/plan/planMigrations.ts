import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { checkFiles } from '../check/checkFile.js';
import { sourcesOf } from '../check/refuse.js';
import { isDatabaseError } from '../migrate/failure.js';
import type { MigrationFile } from '../migrate/files.js';
import { connect, urlOfRole, withSession } from '../setup/connect.js';
import { deployerOf } from '../setup/credentials.js';
import type { Bailiwick, Credentials } from '../setup/credentials.js';
import { approvalOf } from './approvals.js';
import type { MigrationApproval } from './approvals.js';
import { changesBetween } from './changes.js';
import type { Change } from './changes.js';
import { defaultLimits } from './limits.js';
import type { RehearsalLimits } from './limits.js';
import { lossesOf } from './losses.js';
import type { Loss } from './losses.js';
import type { HeldLock, RowChange } from './observations.js';
import { rehearse } from './rehearse.js';

export interface PlannedMigration {
  readonly name: string;
  readonly owner: Bailiwick;
  readonly checksum: string;
  readonly changes: readonly Change[];
  readonly losses: readonly Loss[];
  readonly rows: readonly RowChange[];
  readonly locks: readonly HeldLock[];
  readonly milliseconds: number;
  /** Statements that the guard refuses unless the file is approved. */
  readonly refusedStatements: readonly string[];
  /** Of this very content of the file, good at this moment. */
  readonly approval: MigrationApproval | null;
  /** What db check finds in it: `migrate` would refuse it before it plans. */
  readonly findings: readonly string[];
}

export interface PlanOptions {
  /** Names server and database; as superuser when the files belong to several teams. */
  readonly operatorUrl: string;
  readonly credentials: Credentials;
  readonly limits?: RehearsalLimits;
  /** The rules of db check have been held against the files already, or are not asked for. */
  readonly isChecked?: boolean;
  readonly onStep?: (sentence: string) => void;
}

/**
 * Runs the files in one transaction that is rolled back, and tells what they would make, alter, drop and lose, in every schema, as
 * PostgreSQL itself says. Changes nothing but the values of sequences that the files ask for.
 * @param files in the order in which they would be applied; none of them applied yet.
 * @throws MIGRATION_FAILED, REHEARSAL_TIMED_OUT, DATABASE_NOT_INITIALISED, PRIVILEGE_MISSING, DATABASE_UNREACHABLE.
 */
export async function planMigrations(files: readonly MigrationFile[], options: PlanOptions): Promise<PlannedMigration[]> {
  const { operatorUrl, credentials, limits = defaultLimits, onStep = () => undefined } = options;
  if (files.length === 0) return [];
  const owners = [...new Set(files.map(({ owner }) => owner))];
  const ofSeveralTeams = owners.length > 1;
  const role = deployerOf(ofSeveralTeams ? 'shared_tables' : (owners[0] ?? 'shared_tables'));
  const url = urlOfRole(operatorUrl, role, credentials);
  const sessions: Client[] = [];
  const open = async (step: string): Promise<Client> => {
    const session = await connect(url, step);
    sessions.push(session);
    return session;
  };
  let ticket: number | undefined;
  try {
    const [snapshot, session] = await Promise.all([open('plan snapshot'), open('plan')]);
    if (ofSeveralTeams) ticket = await writeTicket(operatorUrl, session);
    // Its first statement takes the snapshot: rows are counted as they are before anything is touched.
    await snapshot.query('begin isolation level repeatable read read only');
    await snapshot.query('select 1');
    const rehearsed = await rehearse(files, { session, observer: snapshot, ofSeveralTeams, limits, onStep });
    const losses = await lossesOf(rehearsed, snapshot);
    const reports = options.isChecked ? [] : await checkFiles(sourcesOf(files));
    const planned: PlannedMigration[] = [];
    for (const [index, { file, before, after, notes, rows, locks, milliseconds }] of rehearsed.entries()) {
      planned.push({
        name: file.name,
        owner: file.owner,
        checksum: file.checksum,
        changes: changesBetween(before, after),
        losses: losses[index] ?? [],
        rows,
        locks,
        milliseconds,
        refusedStatements: [...new Set(notes.map(({ statement }) => statement.text))],
        approval: notes.length + (losses[index]?.length ?? 0) > 0 ? (await approvalOf(session, file)).open : null,
        findings: reports[index]?.problems.map(({ rule, line, consequence }) => `line ${line}: ${rule}. ${consequence}`) ?? [],
      });
    }
    return planned;
  } finally {
    await Promise.allSettled(sessions.map(async (session) => session.end()));
    if (ticket !== undefined) await removeTicket(operatorUrl, ticket).catch(() => undefined);
  }
}

/** Lets one backend act for every team while it rehearses. Files of one team need none: their deployer may do all that they do. */
async function writeTicket(operatorUrl: string, session: Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid ?? 0;
  try {
    await withSession(operatorUrl, 'plan ticket', async (operator) => {
      // Those of backends that are gone: a kill may have left them.
      await operator.query(
        `delete from guard.rehearsal_tickets t where not exists
           (select from pg_stat_activity a where a.pid = t.backend_pid and a.backend_start = t.backend_start)`,
      );
      await operator.query(
        `insert into guard.rehearsal_tickets (backend_pid, backend_start)
         select a.pid, a.backend_start from pg_stat_activity a where a.pid = $1
         on conflict (backend_pid) do update set backend_start = excluded.backend_start`,
        [pid],
      );
    });
    return pid;
  } catch (error) {
    const code = isDatabaseError(error) ? error.code : undefined;
    if (code === '42P01') {
      throw new AppError('DATABASE_NOT_INITIALISED', 'The guard of this database knows no rehearsals yet.', {
        hint: 'Run npm run db -- init once more; it adds what is missing and changes nothing else.',
        cause: error,
      });
    }
    if (code !== '42501' && !(error instanceof AppError && error.code === 'PRIVILEGE_MISSING')) throw error;
    throw new AppError(
      'PRIVILEGE_MISSING',
      `The files belong to several teams, and only a superuser may rehearse them together: ${(error as Error).message}.`,
      { hint: 'Name a superuser in DATABASE_URL, or give --owner <owner> and go team by team.', cause: error },
    );
  }
}

async function removeTicket(operatorUrl: string, pid: number): Promise<void> {
  await withSession(operatorUrl, 'plan ticket', async (operator) =>
    operator.query('delete from guard.rehearsal_tickets where backend_pid = $1', [pid]),
  );
}
