/**
 * The one catalogue of everything that can be said to be wrong. A code is a promise to clients: it is never renamed.
 * `status` is the HTTP status a request answers with when the error ends it; `exit` is the exit code of a command
 * (1 failed, 2 refused, 3 bad input). docs/errors.md lists the same codes; a test holds the two together.
 */
export const errorCatalogue = {
  // Who is asking
  UNAUTHENTICATED: { status: 401, exit: 2, means: 'The request carries no valid token.' },
  FORBIDDEN: { status: 403, exit: 2, means: 'The person is known, but has no right to do this.' },
  // What was asked
  BAD_USER_INPUT: { status: 400, exit: 3, means: 'A value in the request or on the command line is not usable.' },
  BAD_CURSOR: { status: 400, exit: 3, means: 'A cursor was not made by this connection, or not for this order and filter.' },
  PAGE_TOO_LARGE: {
    status: 400,
    exit: 3,
    means: 'A page was asked for that is larger than allowed, or has no size of at least 1.',
  },
  OPERATION_TOO_COSTLY: { status: 400, exit: 2, means: 'The operation could touch more than the limit allows.' },
  NOT_FOUND: { status: 404, exit: 3, means: 'The thing named does not exist, or the caller may not see it.' },
  CONFLICT: { status: 409, exit: 2, means: 'Something with the same unique value exists already.' },
  VERSION_CONFLICT: { status: 409, exit: 2, means: 'The thing was changed since the caller read it.' },
  IDEMPOTENCY_KEY_REUSED: { status: 409, exit: 3, means: 'The idempotency key was used before, with another input.' },
  ORG_UNIT_CYCLE: { status: 409, exit: 2, means: 'The parent would make the org unit its own ancestor.' },
  // What the service needs
  CONFIG_INVALID: { status: 500, exit: 3, means: 'The configuration of a process is not usable.' },
  PORT_TAKEN: { status: 500, exit: 1, means: 'Another process listens on the port.' },
  WORKERS_FAILED: { status: 500, exit: 1, means: 'A worker process of npm start ends by itself again and again.' },
  INTERNAL: { status: 500, exit: 1, means: 'A fault on our side; the log has it under the request id.' },
  SERVICE_UNAVAILABLE: { status: 503, exit: 1, means: 'A subgraph or the database can not be reached.' },
  TIMED_OUT: { status: 503, exit: 1, means: 'The database needed longer than the time limit.' },
  // The database's life
  DATABASE_UNREACHABLE: { status: 503, exit: 1, means: 'The PostgreSQL server does not answer.' },
  DATABASE_TOO_OLD: { status: 500, exit: 2, means: 'The PostgreSQL server is older than version 15.' },
  DATABASE_NOT_INITIALISED: { status: 500, exit: 2, means: 'The database has no roles and schemas of Bailiwick yet.' },
  PRIVILEGE_MISSING: { status: 500, exit: 2, means: 'The database role lacks a privilege that the step needs.' },
  PASSWORDS_UNKNOWN: { status: 500, exit: 2, means: 'Roles exist on the server whose passwords are not known here.' },
  LOCK_HELD: { status: 409, exit: 1, means: 'Somebody else holds the migration lock.' },
  MIGRATION_INVALID: { status: 500, exit: 3, means: 'A migration file has a wrong name, number, owner or header.' },
  MIGRATION_EDITED: { status: 500, exit: 2, means: 'A migration file was changed after it had been applied.' },
  MIGRATION_MISSING: {
    status: 500,
    exit: 2,
    means: 'An applied migration has no file any more, or a required one is not applied.',
  },
  SQL_INVALID: { status: 400, exit: 3, means: 'A file of SQL does not parse.' },
  CHECK_REFUSED: { status: 500, exit: 2, means: 'A rule of db check is hit by a migration.' },
  MIGRATION_FAILED: { status: 500, exit: 1, means: 'A migration raised an error and was rolled back.' },
  REHEARSAL_TIMED_OUT: {
    status: 500,
    exit: 1,
    means: 'A rehearsal of a migration was ended by its limit on locks or statements, before it kept others waiting for long.',
  },
  APPROVAL_MISSING: {
    status: 403,
    exit: 2,
    means: 'A migration would lose something, and nobody has approved exactly this file.',
  },
  PLAN_DIFFERS: { status: 500, exit: 1, means: 'A migration did something else than in its rehearsal and was rolled back.' },
  // The guard of the database (docs/guard.md)
  DROP_REFUSED: { status: 403, exit: 2, means: 'A statement would drop something that holds or protects data.' },
  TRUNCATE_REFUSED: { status: 403, exit: 2, means: 'A TRUNCATE would empty tables that have rows.' },
  MASS_CHANGE_REFUSED: { status: 403, exit: 2, means: 'One DELETE or UPDATE would touch too large a part of a table.' },
  PROTECTION_REFUSED: { status: 403, exit: 2, means: 'A statement would weaken what protects the data.' },
  // The embedded server
  DATA_DIR_IN_USE: { status: 500, exit: 2, means: 'Another process runs on the data directory.' },
  DATA_DIR_OTHER_VERSION: { status: 500, exit: 2, means: 'The data directory belongs to another major version of PostgreSQL.' },
  DATA_DIR_NOT_EMPTY: { status: 500, exit: 2, means: 'The data directory holds something else.' },
  DATA_DIR_UNWRITABLE: { status: 500, exit: 1, means: 'The data directory can not be written.' },
  SERVER_START_FAILED: { status: 500, exit: 1, means: 'The embedded PostgreSQL server did not start.' },
  // Backup and restore
  BACKUP_FOLDER_INVALID: { status: 400, exit: 3, means: 'The folder named is not one that holds backups.' },
  BACKUP_FOLDER_UNWRITABLE: {
    status: 500,
    exit: 1,
    means: 'The folder of a backup or an export can not be written, or its disk is full.',
  },
  BACKUP_FAILED: { status: 500, exit: 1, means: 'A backup or an export could not be finished; nothing of it is listed.' },
  BACKUP_CORRUPT: { status: 500, exit: 1, means: 'A file of a backup is not what was written when it was made.' },
  BACKUP_INCOMPLETE: { status: 500, exit: 1, means: 'A backup lacks a file, or holds one that does not belong to it.' },
  BACKUP_OTHER_VERSION: {
    status: 500,
    exit: 2,
    means: 'A backup was made by a newer version of Bailiwick, or of PostgreSQL, than the one at hand.',
  },
  RESTORE_CONFLICT: { status: 409, exit: 2, means: 'What the database holds contradicts the backup; nothing was overwritten.' },
  RESTORE_FAILED: {
    status: 500,
    exit: 1,
    means: 'A restore could not be finished, or did not give what was saved; the database is as it was.',
  },
  RECOVERY_IMPOSSIBLE: {
    status: 500,
    exit: 2,
    means: 'The archive does not reach the moment that was asked for, or is of another cluster; nothing was changed.',
  },
  RECOVERY_FAILED: {
    status: 500,
    exit: 1,
    means: 'The scratch server of a recovery did not get to its target; the database is as it was.',
  },
  DUMP_INVALID: { status: 400, exit: 3, means: 'A dump is cut off, damaged, or of no form that is known.' },
  DUMP_REFUSED: {
    status: 400,
    exit: 2,
    means: 'A dump asks for something that is not done with it, or comes from a newer PostgreSQL.',
  },
  CLIENT_TOOL_UNFIT: {
    status: 500,
    exit: 2,
    means: 'A client tool of PostgreSQL (pg_dump, pg_restore) is missing, or of the wrong version.',
  },
  CONFIRMATION_MISSING: { status: 400, exit: 2, means: 'A command that changes a database wants its name typed back.' },
  BACKUP_OVERDUE: {
    status: 500,
    exit: 1,
    means: 'The last backup or its proof failed, or is older than the schedule allows.',
  },
  PAGE_STALE: { status: 500, exit: 2, means: 'A generated page differs from what it is made of.' },
  // Import
  MAPPING_INVALID: { status: 400, exit: 3, means: 'The mapping file of an import is not usable.' },
  SOURCE_INVALID: { status: 400, exit: 3, means: 'A source file of an import is missing, truncated or not readable.' },
  IMPORT_REJECTED: { status: 400, exit: 1, means: 'Rows were rejected, and the import was asked to take all or nothing.' },
  // The graph's build
  COMPOSITION_FAILED: { status: 500, exit: 1, means: 'The subgraph schemas do not compose.' },
  SUPERGRAPH_STALE: { status: 500, exit: 1, means: 'The committed supergraph differs from the subgraph schemas.' },
} as const satisfies Record<string, { status: number; exit: 1 | 2 | 3; means: string }>;

export type ErrorCode = keyof typeof errorCatalogue;
