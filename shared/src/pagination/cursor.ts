import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AppError, shorten } from '../errors/AppError.js';

/** What a cursor is good for: one connection, in one order, under one filter. */
export interface CursorScope {
  /** The field that gives the connection out, for example `legalCases`. */
  connection: string;
  order: string;
  /** The filter as the client sent it. */
  filter: unknown;
}

/** The position of a row: the values of its ordering columns as PostgreSQL writes them, and its id. */
export interface Position {
  values: string[];
  id: string;
}

const formatVersion = 1;

/** Writes a position as an opaque string that only a holder of `key` can make. */
export function encodeCursor(key: string, scope: CursorScope, position: Position): string {
  const payload = Buffer.from(
    JSON.stringify([formatVersion, scope.connection, scope.order, digest(scope.filter), ...position.values, position.id]),
  ).toString('base64url');
  return `${payload}.${signature(key, payload)}`;
}

/**
 * Reads a cursor back. Throws BAD_CURSOR that says whether it was changed, belongs to another connection, or was made for another
 * order or filter; `field` is the argument it came in.
 */
export function decodeCursor(key: string, scope: CursorScope, cursor: string, field: string): Position {
  const [payload = '', signed = ''] = cursor.split('.');
  const expected = Buffer.from(signature(key, payload));
  const given = Buffer.from(signed);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw badCursor(`The cursor "${shorten(cursor)}" was not made by this server, or was changed since.`, field);
  }
  const [version, connection, order, filter, ...rest] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
    number,
    ...string[],
  ];
  if (version !== formatVersion) throw badCursor('The cursor was made by another version of this server.', field);
  if (connection !== scope.connection) throw badCursor(`The cursor belongs to ${connection}, not to ${scope.connection}.`, field);
  if (order !== scope.order) throw badCursor(`The cursor was made for the order ${order}, not for ${scope.order}.`, field);
  if (filter !== digest(scope.filter)) throw badCursor('The cursor was made under another filter.', field);
  return { values: rest.slice(0, -1), id: rest.at(-1)! };
}

function badCursor(message: string, field: string): AppError {
  return new AppError('BAD_CURSOR', message, {
    field,
    hint: `Leave out "${field}" to begin at the first page, and take cursors from the answers to this very query.`,
  });
}

function signature(key: string, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url').slice(0, 22);
}

/** An absent filter and an empty one are the same filter. */
function digest(filter: unknown): string {
  const text = JSON.stringify(filter ?? {}, (_name, value: unknown) => (value === null ? undefined : sorted(value)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 10);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
