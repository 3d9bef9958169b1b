/**
 * The one catalogue of everything that can be said to be wrong. A code is a promise to clients: it is never renamed.
 * `status` is the HTTP status a request answers with when the error ends it; `exit` is the exit code of a command
 * (1 failed, 2 refused, 3 bad input). docs/errors.md lists the same codes; a test holds the two together.
 */
export const errorCatalogue = {
  // Who is asking
  UNAUTHENTICATED: entry(401, 2, 'The request carries no valid token.'),
  FORBIDDEN: entry(403, 2, 'The person is known, but has no right to do this.'),
  // What was asked
  BAD_USER_INPUT: entry(400, 3, 'A value in the request or on the command line is not usable.'),
  BAD_CURSOR: entry(400, 3, 'A cursor was not made by this connection, or not for this order and filter.'),
  PAGE_TOO_LARGE: entry(400, 3, 'A page was asked for that is larger than allowed, or has a negative size.'),
  OPERATION_TOO_COSTLY: entry(400, 2, 'The operation could touch more than the limit allows.'),
  METHOD_NOT_ALLOWED: entry(405, 3, 'The path does not answer the HTTP method.'),
  BODY_TOO_LARGE: entry(413, 3, 'The body of the request is larger than 1 MiB.'),
  MEDIA_TYPE_UNSUPPORTED: entry(415, 3, 'The body of the request is not sent as application/json.'),
  PREPARATION_TOO_COSTLY: entry(
    429,
    2,
    'The new documents and refused operations of one person took more time than the limit allows.',
  ),
  NOT_FOUND: entry(404, 3, 'The thing named does not exist, or the caller may not see it.'),
  CONFLICT: entry(409, 2, 'Something with the same unique value exists already.'),
  VERSION_CONFLICT: entry(409, 2, 'The thing was changed since the caller read it.'),
  MOVE_REFUSED: entry(409, 2, 'The state of the thing, or a rule of the office, does not allow the move.'),
  OPEN_WORK_LEFT: entry(409, 2, 'A case would be closed while something on it is open that is neither finished nor named.'),
  IDEMPOTENCY_KEY_REUSED: entry(409, 3, 'The idempotency key was used before, with another input.'),
  ORG_UNIT_CYCLE: entry(409, 2, 'The parent would make the org unit its own ancestor.'),
  TOO_MANY_REQUESTS: entry(429, 1, 'The person has more requests under way than are answered at the same time.'),
  CANCELLED: entry(499, 1, 'The caller hung up before the answer was complete.'),
  // What the service needs
  CONFIG_INVALID: entry(500, 3, 'The configuration of a process is not usable.'),
  PORT_TAKEN: entry(500, 1, 'Another process listens on the port.'),
  WORKERS_FAILED: entry(500, 1, 'A worker process of npm start ends by itself again and again.'),
  INTERNAL: entry(500, 1, 'A fault on our side; the log has it under the request id.'),
  SERVICE_UNAVAILABLE: entry(503, 1, 'A subgraph or the database can not be reached.'),
  TIMED_OUT: entry(503, 1, 'The database needed longer than the time limit.'),
  DISK_FULL: entry(503, 1, 'The disk of the database is full; what only reads goes on.'),
  // The database's life
  DATABASE_UNREACHABLE: entry(503, 1, 'The PostgreSQL server does not answer.'),
  DATABASE_TOO_OLD: entry(500, 2, 'The PostgreSQL server is older than version 15.'),
  DATABASE_NOT_INITIALISED: entry(500, 2, 'The database has no roles and schemas of Bailiwick yet.'),
  PRIVILEGE_MISSING: entry(500, 2, 'The database role lacks a privilege that the step needs.'),
  PASSWORDS_UNKNOWN: entry(500, 2, 'Roles exist on the server whose passwords are not known here.'),
  LOCK_HELD: entry(409, 1, 'Somebody else holds the migration lock.'),
  MIGRATION_INVALID: entry(500, 3, 'A migration file has a wrong name, number, owner or header.'),
  MIGRATION_EDITED: entry(500, 2, 'A migration file was changed after it had been applied.'),
  MIGRATION_MISSING: entry(500, 2, 'An applied migration has no file any more, or a required one is not applied.'),
  SQL_INVALID: entry(400, 3, 'A file of SQL does not parse.'),
  CHECK_REFUSED: entry(500, 2, 'A rule of db check is hit by a migration.'),
  MIGRATION_FAILED: entry(500, 1, 'A migration raised an error and was rolled back.'),
  REHEARSAL_TIMED_OUT: entry(
    500,
    1,
    'A rehearsal of a migration was ended by its limit on locks or statements, before it kept others waiting for long.',
  ),
  APPROVAL_MISSING: entry(403, 2, 'A migration would lose something, and nobody has approved exactly this file.'),
  PLAN_DIFFERS: entry(500, 1, 'A migration did something else than in its rehearsal and was rolled back.'),
  // The guard of the database (docs/guard.md)
  DROP_REFUSED: entry(403, 2, 'A statement would drop something that holds or protects data.'),
  TRUNCATE_REFUSED: entry(403, 2, 'A TRUNCATE would empty tables that have rows.'),
  MASS_CHANGE_REFUSED: entry(403, 2, 'One DELETE or UPDATE would touch too large a part of a table.'),
  PROTECTION_REFUSED: entry(403, 2, 'A statement would weaken what protects the data.'),
  // The embedded server
  DATA_DIR_IN_USE: entry(500, 2, 'Another process runs on the data directory.'),
  DATA_DIR_OTHER_VERSION: entry(500, 2, 'The data directory belongs to another major version of PostgreSQL.'),
  DATA_DIR_NOT_EMPTY: entry(500, 2, 'The data directory holds something else.'),
  DATA_DIR_UNWRITABLE: entry(500, 1, 'The data directory can not be written.'),
  SERVER_START_FAILED: entry(500, 1, 'The embedded PostgreSQL server did not start.'),
  // Backup and restore
  BACKUP_FOLDER_INVALID: entry(400, 3, 'The folder named is not one that holds backups.'),
  BACKUP_FOLDER_UNWRITABLE: entry(500, 1, 'The folder of a backup or an export can not be written, or its disk is full.'),
  BACKUP_FAILED: entry(500, 1, 'A backup or an export could not be finished; nothing of it is listed.'),
  BACKUP_CORRUPT: entry(500, 1, 'A file of a backup is not what was written when it was made.'),
  BACKUP_INCOMPLETE: entry(500, 1, 'A backup lacks a file, or holds one that does not belong to it.'),
  BACKUP_OTHER_VERSION: entry(
    500,
    2,
    'A backup was made by a newer version of Bailiwick, or of PostgreSQL, than the one at hand.',
  ),
  RESTORE_CONFLICT: entry(409, 2, 'What the database holds contradicts the backup; nothing was overwritten.'),
  RESTORE_FAILED: entry(500, 1, 'A restore could not be finished, or did not give what was saved; the database is as it was.'),
  RECOVERY_IMPOSSIBLE: entry(
    500,
    2,
    'The archive does not reach the moment that was asked for, or is of another cluster; nothing was changed.',
  ),
  RECOVERY_FAILED: entry(500, 1, 'The scratch server of a recovery did not get to its target; the database is as it was.'),
  DUMP_INVALID: entry(400, 3, 'A dump is cut off, damaged, or of no form that is known.'),
  DUMP_REFUSED: entry(400, 2, 'A dump asks for something that is not done with it, or comes from a newer PostgreSQL.'),
  CLIENT_TOOL_UNFIT: entry(500, 2, 'A client tool of PostgreSQL (pg_dump, pg_restore) is missing, or of the wrong version.'),
  CONFIRMATION_MISSING: entry(400, 2, 'A command that changes a database wants its name typed back.'),
  BACKUP_OVERDUE: entry(500, 1, 'The last backup or its proof failed, or is older than the schedule allows.'),
  PAGE_STALE: entry(500, 2, 'A generated page differs from what it is made of.'),
  // Import
  MAPPING_INVALID: entry(400, 3, 'The mapping file of an import is not usable.'),
  SOURCE_INVALID: entry(400, 3, 'A source file of an import is missing, truncated or not readable.'),
  IMPORT_REJECTED: entry(400, 1, 'Rows were rejected, and the import was asked to take all or nothing.'),
  // The graph's build
  COMPOSITION_FAILED: entry(500, 1, 'The subgraph schemas do not compose.'),
  SUPERGRAPH_STALE: entry(500, 1, 'The committed supergraph differs from the subgraph schemas.'),
};

function entry(status: number, exit: 1 | 2 | 3, means: string) {
  return { status, exit, means };
}

export type ErrorCode = keyof typeof errorCatalogue;
