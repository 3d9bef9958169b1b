import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
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

const formatVersion = 2;
const cipher = 'aes-256-gcm';
/** In bytes, as NIST SP 800-38D recommends for GCM. */
const nonceLength = 12;
const tagLength = 16;

/** Writes a position as a string that only a holder of `key` can make or read: a title is a position too. The same position gives the same cursor. */
export function encodeCursor(key: string, scope: CursorScope, position: Position): string {
  const payload = JSON.stringify([
    formatVersion,
    scope.connection,
    scope.order,
    digest(scope.filter),
    ...position.values,
    position.id,
  ]);
  return encrypt(keysOf(key), payload).toString('base64url');
}

/**
 * Reads a cursor back. Throws BAD_CURSOR that says whether it was changed, belongs to another connection, or was made for another
 * order or filter; `field` is the argument it came in.
 */
export function decodeCursor(key: string, scope: CursorScope, cursor: string, field: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  const payload = decrypt(keysOf(key), bytes);
  // Node also decodes other spellings of the same bytes. A cursor counts only as it was written.
  if (payload === undefined || bytes.toString('base64url') !== cursor) {
    throw badCursor(`The cursor "${shorten(cursor)}" was not made by this server, or was changed since.`, field);
  }
  const [version, connection, order, filter, ...rest] = JSON.parse(payload) as [number, ...string[]];
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

interface CursorKeys {
  readonly encryption: Buffer;
  readonly nonce: Buffer;
}

/** A process has one or few keys, and deriving from one takes as long as many cursors. */
const derivedKeys = new Map<string, CursorKeys>();

function keysOf(key: string): CursorKeys {
  let keys = derivedKeys.get(key);
  if (keys === undefined) {
    const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `bailiwick cursor ${purpose}`, 32));
    derivedKeys.set(key, (keys = { encryption: derive('encryption'), nonce: derive('nonce') }));
  }
  return keys;
}

/** The nonce follows from the payload, so that no two payloads share one, and equal payloads have equal cursors. */
function encrypt({ encryption, nonce: nonceKey }: CursorKeys, payload: string): Buffer {
  const nonce = createHmac('sha256', nonceKey).update(payload).digest().subarray(0, nonceLength);
  const encrypting = createCipheriv(cipher, encryption, nonce, { authTagLength: tagLength });
  return Buffer.concat([nonce, encrypting.update(payload, 'utf8'), encrypting.final(), encrypting.getAuthTag()]);
}

/** Returns undefined for what was not encrypted with this key. */
function decrypt({ encryption }: CursorKeys, bytes: Buffer): string | undefined {
  if (bytes.length < nonceLength + tagLength) return undefined;
  const decrypting = createDecipheriv(cipher, encryption, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decrypting.setAuthTag(bytes.subarray(-tagLength));
  try {
    return decrypting.update(bytes.subarray(nonceLength, -tagLength), undefined, 'utf8') + decrypting.final('utf8');
  } catch {
    return undefined;
  }
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
