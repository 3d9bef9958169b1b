export type { AlongValue } from './along.js';
export { connect, connecting, parentId } from './connection.js';
export type { Connection, ConnectionSpec } from './connection.js';
export { connectionFields } from './connectionFields.js';
export { decodeCursor, encodeCursor } from './cursor.js';
export type { CursorScope } from './cursor.js';
export { parsePageArguments } from './pageArguments.js';
export { containsText, isFoundBy } from './textFilter.js';
export type { Among } from './textFilter.js';
