import { policyOf } from '../check/policy.js';
import type { Rule } from '../check/rule.js';
import { as, written } from '../check/walk.js';

export const policyToPublic: Rule = {
  id: 'policy-to-public',
  catches: 'A row policy for PUBLIC, which is also what one without TO means.',
  check: ({ node }, { owner = 'case_management' }) => {
    const policy = policyOf(node);
    const role = policy?.roles?.map((one) => as(one, 'RoleSpec')).find((one) => one?.roletype === 'ROLESPEC_PUBLIC');
    if (!policy || !role) return [];
    return [
      {
        at: (role.location ?? -1) < 0 ? policy.policy_name : role.location,
        consequence: `The policy would hold for every role that has or ever gets rights on ${written(policy.table)}, those of the other systems included.`,
        safe: `alter policy ${written([policy.policy_name ?? ''])} on ${written(policy.table)} to ${owner}_app;`,
      },
    ];
  },
};
