import pg from 'pg';
import { causesOf } from '../errors/AppError.js';

/** The SQLSTATE of an error of the server, also where Drizzle wrapped it; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  return findDatabaseError(error)?.code;
}

/** Finds the server's own error in an error or among its causes. */
export function findDatabaseError(error: unknown): pg.DatabaseError | undefined {
  return causesOf(error).find((cause) => cause instanceof pg.DatabaseError);
}

/** SQLSTATEs of a transaction that stood idle, or went on, for too long: the server ends the connection with it. */
const endedForTime = new Set(['25P03', '25P04']);

/** Whether the connection can be gone: the error is none of the server's, or one of its last words (classes 08 and 57P of PostgreSQL's appendix A). */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state.startsWith('08') || state.startsWith('57P') || endedForTime.has(state);
}

/**
 * Whether a prepared statement no longer fits: a migration changed a column's type under it ("cached plan must not change result type"), or
 * something between us and the server forgot it.
 */
export function isStalePreparation(error: unknown): boolean {
  const state = sqlState(error);
  return state === '26000' || (state === '0A000' && String((error as Error).message).includes('cached plan'));
}
