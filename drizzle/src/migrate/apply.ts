import { AppError } from '@bailiwick/kernel/errors';
import type { Client, QueryConfig } from 'pg';
import type { NoticeMessage } from 'pg-protocol/dist/messages.js';
import { isDatabaseError, statementFailure } from './failure.js';
import type { MigrationFile } from './files.js';
import type { Statement } from './statements.js';

/**
 * Applies one file in one transaction, together with its entry in the record.
 * @param session of the deployer of the file's owner.
 * @throws MIGRATION_FAILED with file, line, column and the server's words; nothing of the file is then applied.
 */
export async function applyMigration(session: Client, file: MigrationFile, onStep: (sentence: string) => void): Promise<void> {
  const began = performance.now();
  const warn = (notice: NoticeMessage) => {
    if (notice.severity === 'WARNING') onStep(`Warning from ${file.name}: ${notice.message ?? ''}`);
  };
  let current: Statement | undefined;
  let isCommitting = false;
  session.on('notice', warn);
  try {
    // What an earlier file has SET or prepared must not hold for this one: whether the two share a session is chance.
    await session.query('discard all');
    await session.query('begin');
    await session.query(`set local role ${file.owner}_owner`);
    // A file names its objects in full; what a search path finds would depend on the role's settings in that database.
    await session.query(`set local search_path = ''`);
    for (const statement of file.statements) {
      current = statement;
      await session.query(oneStatement(statement.text));
    }
    current = undefined;
    await session.query('reset role');
    await session.query('select guard.record_migration($1, $2, $3, $4, $5)', [
      file.number,
      file.name,
      file.owner,
      file.checksum,
      Math.round(performance.now() - began),
    ]);
    isCommitting = true;
    await session.query('commit');
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    throw failure(file, current, error, isCommitting);
  } finally {
    session.off('notice', warn);
  }
}

/** By the extended protocol, which refuses a text of several statements: no COMMIT gets past the check of the file in the shadow of another. */
function oneStatement(text: string): QueryConfig {
  const query: QueryConfig & { queryMode: 'extended' } = { text, queryMode: 'extended' };
  return query;
}

function failure(file: MigrationFile, statement: Statement | undefined, error: unknown, isCommitting: boolean): AppError {
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
