import { sql } from 'drizzle-orm';
import { AppError } from '../errors/AppError.js';
import type { LabelledDatabase } from '../postgres/labelled.js';

/** What a caller has to be allowed. */
export interface RequiredRight {
  readonly system: 'shared_tables' | 'case_management' | 'audit_system';
  /** Each includes those before it: own, read, write, approve, admin. */
  readonly action: 'own' | 'read' | 'write' | 'approve' | 'admin';
  /** Ends the sentence "Your roles do not allow you to …". */
  readonly to: string;
  /** What somebody without the right does next. */
  readonly hint: string;
}

/** Throws FORBIDDEN where the caller lacks a right. */
export async function requireRight(db: LabelledDatabase, { system, action, to, hint }: RequiredRight): Promise<void> {
  if (!(await may(db, system, action))) throw new AppError('FORBIDDEN', `Your roles do not allow you to ${to}.`, { hint });
}

/** Whether the caller may do this in a bailiwick. */
export async function may(
  db: LabelledDatabase,
  system: RequiredRight['system'],
  action: RequiredRight['action'],
): Promise<boolean> {
  const { rows } = await db.execute<{ may: boolean }>(sql`select identity.may(${system}, ${action}) as may`);
  return rows[0]!.may;
}
