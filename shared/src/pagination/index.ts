export { connectionOf, rootConnection } from './connection.js';
export type { Connection, ConnectionSpec } from './connection.js';
export { containsText, equals, equalsId, isFoundBy, isFrom, isOneOf, isUnitOrBelow, isUntil, onId } from './filters.js';
export type { Filters } from './filters.js';
export { parsePageArguments } from './pageArguments.js';
