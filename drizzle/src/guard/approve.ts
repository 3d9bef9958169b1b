import { AppError } from '@bailiwick/kernel/errors';
import type { ClientBase } from 'pg';
import { isDatabaseError } from '../migrate/failure.js';
import { splitStatements } from '../migrate/statements.js';

export interface Approval {
  readonly id: string;
  readonly statement: string;
  readonly statementHash: string;
  readonly expiresAt: Date;
}

/**
 * Lets one statement past the guard, once and for a while.
 * @param client of a superuser or of a member of guard_operator.
 * @param because why, for those who look at it later.
 * @param minutes how long it is valid, 60 at the most.
 * @throws PRIVILEGE_MISSING when the role may not approve.
 */
export async function approveStatement(client: ClientBase, statement: string, because: string, minutes = 60): Promise<Approval> {
  try {
    const { rows } = await client.query<Approval>(
      `/* db:approve */ insert into guard.approvals (statement, because, expires_at)
       values ($1, $2, clock_timestamp() + $3 * interval '1 minute')
       returning id, statement, statement_hash as "statementHash", expires_at as "expiresAt"`,
      [statement, because, minutes],
    );
    if (!rows[0]) throw new AppError('INTERNAL', 'The approval was not written.');
    return rows[0];
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '42501') throw error;
    throw new AppError('PRIVILEGE_MISSING', `This role may not approve: ${error.message}.`, {
      hint: 'Let a superuser or a member of guard_operator approve it.',
      cause: error,
    });
  }
}

/** Statements that can not lose anything need no approval. */
const harmless = new Set(['create', 'comment', 'grant', 'insert', 'select', 'set', 'begin', 'commit', 'analyze']);

/**
 * The statements of a file that the guard may refuse, each as `migrate` and psql send it.
 * @throws BAD_USER_INPUT when the file has none.
 */
export function statementsToApprove(sql: string, path: string): string[] {
  const statements = splitStatements(sql)
    .filter(({ words }) => !harmless.has(words[0] ?? ''))
    .map(({ text }) => text);
  if (statements.length > 0) return statements;
  throw new AppError('BAD_USER_INPUT', `${path} has no statement that needs an approval.`, {
    hint: 'Name the file with the statement that was refused.',
  });
}
