import { settingsOf } from '../check/expressions.js';
import { holderOf, ownedSchemas, roleOf, touchedBy } from '../check/names.js';
import type { Finding, Rule } from '../check/rule.js';
import { as, findAll, written } from '../check/walk.js';
import { bailiwicks, schemaOf } from '../setup/credentials.js';

/** Everybody may call the functions of these, and foreign keys may lead to the shared tables. */
const free = ['guard', 'identity', 'extensions'];

export const foreignOwner: Rule = {
  id: 'foreign-owner',
  catches: "What touches another bailiwick's schema, takes on another role, or gives a thing to another owner.",
  check: ({ node }, { owner }) => {
    if (!owner) return [];
    const mine = schemaOf(owner);
    const touched = touchedBy(node)
      .filter(({ schema }) => schema !== mine && ownedSchemas.includes(schema))
      .filter(({ schema, how }) => !(how === 'use' && (free.includes(schema) || schema === 'public')))
      .map(({ schema, name, at }) => ({
        at,
        consequence: `${written([schema, name].filter((part) => part !== ''))} belongs to ${holderOf(schema)}, not to ${owner}: the deployment fails for want of the right, or changes what another team answers for.`,
        safe: `-- In a file of its own, ${bailiwicks.find((one) => schemaOf(one) === schema) ? `NNN_${holderOf(schema)}_<what>.sql, reviewed by that team` : 'by the operator'}.\n-- Here, say that it comes first:\n-- requires: NNN_${holderOf(schema).replaceAll(' ', '_')}_what`,
      }));
    const seen = new Set<string>();
    const roles: Finding[] = settingsOf(node).flatMap(({ name, values, at }) => {
      const isRole = ['role', 'session_authorization', 'all'].includes(name) && !(name === 'role' && values[0] === roleOf(owner));
      const path =
        name === 'search_path'
          ? values
              .flatMap((value) => value.split(/\s*,\s*/))
              .find((one) => one !== mine && ownedSchemas.includes(one) && !free.includes(one))
          : undefined;
      if (!isRole && path === undefined) return [];
      return [
        {
          at,
          consequence: isRole
            ? `The file runs as ${roleOf(owner)}; as another role, what it makes belongs to somebody else, and its own policies no longer hold.`
            : `With ${path ?? ''} in the search path, names without a schema mean another team's tables.`,
          safe: isRole ? `set role ${roleOf(owner)};` : `set local search_path = '';`,
        },
      ];
    });
    const given =
      findAll(node, 'RoleSpec').length && (as(node, 'ReassignOwnedStmt') ?? as(node, 'AlterOwnerStmt') ?? changesOwner(node));
    if (given) {
      roles.push({
        at: 'to',
        consequence: `What is given to another owner is no longer in the hands of ${owner}: its deployer can't change it any more, and another team can drop it.`,
        safe: `grant select on ${written([mine, 'some_table'])} to backup_reader;`,
      });
    }
    return [...touched.filter(({ consequence }) => !seen.has(consequence) && seen.add(consequence)), ...roles];
  },
};

function changesOwner(node: Parameters<typeof touchedBy>[0]): boolean {
  return findAll(node, 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_ChangeOwner');
}
