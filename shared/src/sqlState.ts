import pg from 'pg';
import { causesOf } from './errors.js';

/** The SQLSTATE of an error of the server, also where Drizzle wrapped it; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  return findDatabaseError(error)?.code;
}

/** Finds the server's own error in an error or among its causes. */
export function findDatabaseError(error: unknown): pg.DatabaseError | undefined {
  return causesOf(error).find((cause) => cause instanceof pg.DatabaseError);
}
