export { Database } from './database.js';
export type { BuiltStatement, DatabaseOptions, LabelledDatabase, Transaction, WriteTransaction } from './database.js';
export { isUuid, newId, parseId } from './ids.js';
export { explainDatabaseError, guardStates } from './postgresErrors.js';
export { findDatabaseError, sqlState } from './sqlState.js';
