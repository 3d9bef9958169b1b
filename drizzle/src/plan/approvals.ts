import type { ClientBase } from 'pg';
import { AppError } from '@bailiwick/kernel/errors';
import { isDatabaseError } from '../migrate/failure.js';
import type { MigrationFile } from '../migrate/files.js';

export interface MigrationApproval {
  readonly id: string;
  readonly because: string;
  readonly approvedBy: string;
  readonly approvedAt: Date;
  readonly expiresAt: Date;
}

/**
 * The approval of exactly this content of a file.
 * @returns the open one, and a sentence about the newest that is not good any more.
 */
export async function approvalOf(
  client: ClientBase,
  file: Pick<MigrationFile, 'name' | 'checksum'>,
): Promise<{ open: MigrationApproval | null; past: string | null }> {
  const { rows } = await client.query<MigrationApproval & { checksum: string; usedAt: Date | null; isOpen: boolean; now: Date }>(
    `/* db:migrationApprovals */ select id, checksum, because, approved_by as "approvedBy", approved_at as "approvedAt", expires_at as "expiresAt",
       used_at as "usedAt", is_open as "isOpen", clock_timestamp() as now from guard.migration_approvals($1)`,
    [file.name],
  );
  const open = rows.find((row) => row.isOpen && row.checksum === file.checksum);
  if (open) {
    const { id, because, approvedBy, approvedAt, expiresAt } = open;
    return { open: { id, because, approvedBy, approvedAt, expiresAt }, past: null };
  }
  const [last] = rows;
  if (!last) return { open: null, past: null };
  const when = `The approval of ${last.approvedAt.toISOString()}`;
  if (last.checksum !== file.checksum)
    return { open: null, past: `${when} is for another content of the file (SHA-256 ${last.checksum.slice(0, 12)}…).` };
  if (last.usedAt) return { open: null, past: `${when} was used at ${last.usedAt.toISOString()}.` };
  if (last.expiresAt.getTime() > last.now.getTime())
    return { open: null, past: `${when} is from a time to come by the server's clock, which says ${last.now.toISOString()}.` };
  return { open: null, past: `${when} expired at ${last.expiresAt.toISOString()}.` };
}

/**
 * Lets one migration file lose what its plan says, once and for a while.
 * @param statements those of the file that the guard refuses.
 * @param client of a superuser or of a member of guard_operator.
 * @throws PRIVILEGE_MISSING.
 */
export async function approveMigration(
  client: ClientBase,
  file: Pick<MigrationFile, 'name' | 'checksum' | 'sql'>,
  statements: readonly string[],
  because: string,
  minutes = 60,
): Promise<MigrationApproval> {
  try {
    const { rows } = await client.query<MigrationApproval>(
      `/* db:approveMigration */ insert into guard.approvals (statement, because, expires_at, migration, migration_checksum, statement_hashes)
       values ($1, $2, clock_timestamp() + $3 * interval '1 minute', $4, $5,
         array(select guard.statement_hash(s) from unnest($6::text[]) s))
       returning id, because, approved_by as "approvedBy", approved_at as "approvedAt", expires_at as "expiresAt"`,
      [file.sql, because, minutes, file.name, file.checksum, statements],
    );
    if (!rows[0]) throw new AppError('INTERNAL', 'The approval was not written.');
    return rows[0];
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '42501') throw error;
    throw new AppError('PRIVILEGE_MISSING', `This role may not approve: ${error.message}.`, {
      hint: 'Let a superuser or a member of guard_operator approve it.',
      cause: error,
    });
  }
}
