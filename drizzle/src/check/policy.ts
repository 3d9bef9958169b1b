import type { Node, RangeVar } from 'libpg-query';
import { as } from './walk.js';

export interface Policy {
  readonly policy_name?: string;
  readonly table?: RangeVar;
  /** Absent where an ALTER POLICY leaves them as they are. */
  readonly roles?: Node[];
  readonly qual?: Node;
  readonly with_check?: Node;
  readonly isPermissive: boolean;
}

/** What a CREATE POLICY or ALTER POLICY says. */
export function policyOf(node: Node): Policy | undefined {
  const created = as(node, 'CreatePolicyStmt');
  if (created) return { ...created, isPermissive: created.permissive ?? false };
  const altered = as(node, 'AlterPolicyStmt');
  return altered && { ...altered, isPermissive: true };
}
