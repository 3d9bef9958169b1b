import { AppError } from '@bailiwick/kernel/errors';
import type { Client, QueryConfig } from 'pg';
import type { NoticeMessage } from 'pg-protocol/dist/messages.js';
import { readCatalogue } from '../plan/catalogue.js';
import { readRowChanges, rowChangesSince } from '../plan/observations.js';
import { describeLoss } from '../plan/losses.js';
import type { PlannedMigration } from '../plan/planMigrations.js';
import { placeOf, setSession } from '../setup/connect.js';
import type { Bailiwick } from '../setup/credentials.js';
import { isDatabaseError, statementFailure } from './failure.js';
import type { MigrationFile } from './files.js';
import { approvalMissing, backUp, makeRestorePoint } from './protect.js';
import type { Protection, ProtectionOptions } from './protect.js';
import type { Statement } from './statements.js';
import { atStep } from './step.js';
import type { Step } from './step.js';
import { verifyApplied } from './verify.js';

/**
 * Applies one file in one transaction, together with its entry in the record. A file that loses something has its approval taken first, then
 * a backup and a restore point made, all within that transaction: when one of them fails, nothing was applied and the approval is unused.
 * @param session of the deployer of the file's owner.
 * @param planned what the file did in its rehearsal; it is held to that before it is committed. Without it nothing is compared.
 * @throws MIGRATION_FAILED with file, line, column and the server's words; APPROVAL_MISSING, PLAN_DIFFERS, and what a backup throws.
 * Nothing of the file is then applied.
 */
export async function applyMigration(
  session: Client,
  file: MigrationFile,
  planned: PlannedMigration | undefined,
  options: ProtectionOptions,
): Promise<Protection | undefined> {
  const { onStep } = options;
  const warn = (notice: NoticeMessage) => {
    if (notice.severity === 'WARNING') onStep(`Warning from ${file.name}: ${notice.message ?? ''}`);
  };
  const progress: Progress = { statement: undefined, step: 'apply', isCommitting: false };
  session.on('notice', warn);
  try {
    // What an earlier file has SET or prepared must not hold for this one: whether the two share a session is chance.
    await session.query('discard all');
    await setSession(session);
    await session.query('begin read write');
    await session.query('set local idle_in_transaction_session_timeout = 0');
    const approval =
      planned?.refusedStatements.length || planned?.losses.length ? await takeApproval(session, file, planned, options) : null;
    const protection = planned?.losses.length ? await protect(session, planned, options) : undefined;
    const began = performance.now();
    const before = planned && (await readCatalogue(session));
    if (planned) await session.query('select guard.count_written_rows()');
    const rowsBefore = planned && (await readRowChanges(session));
    await runStatements(session, file, progress);
    if (planned && before && rowsBefore) {
      progress.step = 'verify';
      const rows = rowChangesSince(rowsBefore, await readRowChanges(session));
      verifyApplied(planned, before, await readCatalogue(session), rows);
    }
    progress.step = 'record';
    await session.query('select guard.record_migration($1, $2, $3, $4, $5)', [
      file.number,
      file.name,
      file.owner,
      file.checksum,
      Math.round(performance.now() - began),
    ]);
    if (protection) {
      await session.query('select guard.record_protection($1, $2, $3, $4, $5, $6)', [
        file.name,
        approval,
        protection.backup.name,
        protection.backup.folder,
        protection.restorePoint,
        JSON.stringify(planned?.losses),
      ]);
    }
    progress.isCommitting = true;
    await session.query('commit');
    return protection;
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    if (error instanceof AppError && error.step !== undefined) throw error;
    return await atStep(progress.step, async () => {
      throw failure(file, progress, error);
    });
  } finally {
    session.off('notice', warn);
  }
}

interface Progress {
  statement: Statement | undefined;
  step: Step;
  isCommitting: boolean;
}

async function runStatements(session: Client, file: MigrationFile, progress: Progress): Promise<void> {
  await session.query(`set local role ${ownerRole(file.owner)}`);
  // A file names its objects in full; what a search path finds would depend on the role's settings in that database.
  await session.query(`set local search_path = ''`);
  for (const statement of file.statements) {
    progress.statement = statement;
    await session.query(oneStatement(statement.text));
  }
  // What waits for the COMMIT is tested while the statement can still be named.
  await session.query('set constraints all immediate');
  progress.statement = undefined;
  await session.query('reset role');
}

async function takeApproval(
  session: Client,
  file: MigrationFile,
  planned: PlannedMigration,
  { operatorUrl }: ProtectionOptions,
): Promise<string> {
  return atStep('approval', async () => {
    const { rows } = await session.query<{ id: string | null }>('select guard.take_migration_approval($1, $2, $3) as id', [
      file.name,
      file.owner,
      file.checksum,
    ]);
    const id = rows[0]?.id;
    if (!id)
      throw approvalMissing(planned, placeOf(operatorUrl).database, 'The approval that the plan had found is not open any more.');
    return id;
  });
}

async function protect(session: Client, planned: PlannedMigration, options: ProtectionOptions): Promise<Protection> {
  const backup = await atStep('backup', async () => backUp(planned, options));
  const restorePoint = await atStep('restore point', async () => makeRestorePoint(session, planned.name, options.onStep));
  return { migration: planned.name, backup, restorePoint, losses: planned.losses.map(describeLoss) };
}

/** The role that a file runs as. */
export const ownerRole = (owner: Bailiwick): string => `${owner}_owner`;

/** By the extended protocol, which refuses a text of several statements: no COMMIT gets past the check of the file in the shadow of another. */
export function oneStatement(text: string): QueryConfig {
  const query: QueryConfig & { queryMode: 'extended' } = { text, queryMode: 'extended' };
  return query;
}

function failure(file: MigrationFile, { statement, isCommitting }: Progress, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const aftermath = `Nothing of ${file.name}.sql was applied.`;
  if (isDatabaseError(error))
    return statementFailure('MIGRATION_FAILED', `${file.name}.sql`, file.sql, statement, error, aftermath);
  // When the connection breaks at COMMIT, the server may have done it and only the answer got lost.
  const state = isCommitting ? `Whether ${file.name}.sql was applied is not known.` : aftermath;
  return new AppError('MIGRATION_FAILED', `${file.name}.sql: the connection broke: ${(error as Error).message}. ${state}`, {
    hint: 'Look at the server and at npm run db -- status, then migrate again: it goes on where it stopped.',
    cause: error,
  });
}
