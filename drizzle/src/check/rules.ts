import { alterSchemaRename } from '../rules/alter-schema-rename.js';
import { cascade } from '../rules/cascade.js';
import { constraintNotValidFirst } from '../rules/constraint-not-valid-first.js';
import { crossSystemForeignKey } from '../rules/cross-system-foreign-key.js';
import { deleteWithoutWhere } from '../rules/delete-without-where.js';
import { disableRowSecurity } from '../rules/disable-row-security.js';
import { dropColumn } from '../rules/drop-column.js';
import { dropPolicy } from '../rules/drop-policy.js';
import { dropSchema } from '../rules/drop-schema.js';
import { dropTable } from '../rules/drop-table.js';
import { dropType } from '../rules/drop-type.js';
import { editedAfterApplied } from '../rules/edited-after-applied.js';
import { foreignOwner } from '../rules/foreign-owner.js';
import { grantAll } from '../rules/grant-all.js';
import { indexNotConcurrently } from '../rules/index-not-concurrently.js';
import { liftUnclear } from '../rules/lift-unclear.js';
import { missingIfExists } from '../rules/missing-if-exists.js';
import { nameConvention } from '../rules/name-convention.js';
import { notNullWithoutDefault } from '../rules/not-null-without-default.js';
import { objectInPublic } from '../rules/object-in-public.js';
import { policyNotInitplan } from '../rules/policy-not-initplan.js';
import { policyToPublic } from '../rules/policy-to-public.js';
import { policyTrue } from '../rules/policy-true.js';
import { renameColumn } from '../rules/rename-column.js';
import { securityDefinerWithoutSearchPath } from '../rules/security-definer-without-search-path.js';
import { sessionReplicationRole } from '../rules/session-replication-role.js';
import { truncate } from '../rules/truncate.js';
import { typeChangeThatRewrites } from '../rules/type-change-that-rewrites.js';
import { updateWithoutWhere } from '../rules/update-without-where.js';
import type { Rule } from './rule.js';

/** Every rule there is: one file each in src/rules, one page each in docs/rules. */
export const rules: readonly Rule[] = [
  alterSchemaRename,
  cascade,
  constraintNotValidFirst,
  crossSystemForeignKey,
  deleteWithoutWhere,
  disableRowSecurity,
  dropColumn,
  dropPolicy,
  dropSchema,
  dropTable,
  dropType,
  editedAfterApplied,
  foreignOwner,
  grantAll,
  indexNotConcurrently,
  liftUnclear,
  missingIfExists,
  nameConvention,
  notNullWithoutDefault,
  objectInPublic,
  policyNotInitplan,
  policyToPublic,
  policyTrue,
  renameColumn,
  securityDefinerWithoutSearchPath,
  sessionReplicationRole,
  truncate,
  typeChangeThatRewrites,
  updateWithoutWhere,
];
