import type { Node } from 'libpg-query';
import type { Rule } from '../check/rule.js';
import { as, findAll, nameOf, written } from '../check/walk.js';

const role = (node: Node) => {
  const { roletype, rolename } = as(node, 'RoleSpec') ?? {};
  return roletype === 'ROLESPEC_PUBLIC' ? 'public' : (rolename ?? '');
};

export const grantAll: Rule = {
  id: 'grant-all',
  catches: 'GRANT ALL, GRANT … ON ALL TABLES, TRUNCATE for an app role, a grant to PUBLIC, and membership in a role.',
  check: ({ node }) => {
    const grants = findAll(node, 'GrantStmt').filter(({ is_grant }) => is_grant);
    const found = grants.flatMap(({ privileges = [], grantees = [], targtype, objects = [] }) => {
      const named = privileges.flatMap((one) => as(one, 'AccessPriv')?.priv_name?.toLowerCase() ?? []);
      const roles = grantees.map(role);
      const apps = roles.filter((one) => one.endsWith('_app'));
      const on =
        targtype === 'ACL_TARGET_OBJECT' && as(objects[0], 'RangeVar')
          ? written(nameOf(objects[0]))
          : 'case_management.legal_cases';
      const safe = `grant select, insert, update, delete on ${on} to ${written([apps[0] ?? 'case_management_app'])};`;
      const to = roles.join(', ');
      if (named.length === 0)
        return [
          {
            at: 'all',
            consequence: `${to} would also get TRUNCATE, REFERENCES and TRIGGER: TRUNCATE empties a table past all row policies.`,
            safe,
          },
        ];
      if (targtype === 'ACL_TARGET_ALL_IN_SCHEMA')
        return [{ at: 'all', consequence: `${to} would get rights on tables that nobody has named or thought of here.`, safe }];
      if (named.includes('truncate') && apps.length)
        return [
          {
            at: 'truncate',
            consequence: `${apps.join(', ')} could empty the table past all row policies, with no trigger for each row.`,
            safe,
          },
        ];
      if (roles.includes('public'))
        return [
          {
            at: 'public',
            consequence: 'Every role of the server would have the right, those of the other systems and of the future included.',
            safe,
          },
        ];
      return [];
    });
    const memberships = findAll(node, 'GrantRoleStmt').filter(({ is_grant }) => is_grant);
    return [
      ...found,
      ...memberships.map(({ grantee_roles = [] }) => ({
        consequence: `${grantee_roles.map(role).join(', ')} would get all that the role may do, now and later; who belongs to which role is the operator's to say.`,
        safe: 'grant select on case_management.legal_cases to case_management_app;',
      })),
    ];
  },
};
