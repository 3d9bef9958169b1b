export type { BuildQuery, Tables } from './connection.js';
export type { DatabaseOptions } from './connections.js';
export { Database } from './database.js';
export { explainDatabaseError, guardStates } from './databaseErrors.js';
export { isUuid, newId, parseId } from './ids.js';
export type { LabelledDatabase } from './labelled.js';
export type { ReadSession } from './readSession.js';
export { findDatabaseError, sqlState } from './sqlState.js';
export type { Transaction } from './transaction.js';
