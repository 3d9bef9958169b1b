import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

const kinds: Partial<Record<string, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_SEQUENCE: 'sequence',
};

export const dropTable: Rule = {
  id: 'drop-table',
  catches: 'DROP TABLE, DROP SEQUENCE, DROP MATERIALIZED VIEW and DROP OWNED.',
  check: ({ node }) => {
    if (as(node, 'DropOwnedStmt')) {
      return [
        {
          consequence: 'Every table that the role owns would be gone with its rows, in every schema of this database.',
          safe: `revoke connect on database bailiwick from retired_role;`,
        },
      ];
    }
    const drop = as(node, 'DropStmt');
    const kind = kinds[drop?.removeType ?? ''];
    if (!drop || !kind) return [];
    return (drop.objects ?? []).map(nameOf).map((name) => ({
      at: name.at(-1),
      consequence: `The ${kind} ${written(name)} would be gone with all it holds, and a service that still names it fails at once.`,
      safe: `comment on ${kind} ${written(name)} is 'Unused: to be dropped in a later migration, once a backup of it has been proven.';`,
    }));
  },
};
