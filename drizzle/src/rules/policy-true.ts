import { isAlwaysTrue } from '../check/expressions.js';
import { roleOf } from '../check/names.js';
import { policyOf } from '../check/policy.js';
import type { Rule } from '../check/rule.js';
import { as, written } from '../check/walk.js';

export const policyTrue: Rule = {
  id: 'policy-true',
  catches: "A row policy that lets every row pass (USING (true)) for anybody but the file's owner role.",
  check: ({ node }, { owner }) => {
    const policy = policyOf(node);
    if (!policy?.isPermissive) return [];
    const roles = (policy.roles ?? []).map((role) => as(role, 'RoleSpec')?.rolename);
    const isOwners = roles.length > 0 && roles.every((role) => (owner ? role === roleOf(owner) : role?.endsWith('_owner')));
    if (isOwners || ![policy.qual, policy.with_check].some(isAlwaysTrue)) return [];
    return [
      {
        at: isAlwaysTrue(policy.qual) ? 'using' : 'check',
        consequence: `Every row of ${written(policy.table)} would be open to ${roles.join(', ') || 'whoever the policy is for'}, whoever is asking; one such policy outweighs all others of the table.`,
        safe: `create policy ${written([policy.policy_name ?? ''])} on ${written(policy.table)} for select to ${owner ?? 'case_management'}_app\n  using ((select identity.may('${owner ?? 'case_management'}', 'read')));`,
      },
    ];
  },
};
