import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

export const dropPolicy: Rule = {
  id: 'drop-policy',
  catches: 'DROP POLICY.',
  check: ({ node }) => {
    const drop = as(node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_POLICY') return [];
    return (drop.objects ?? []).map(nameOf).map((name) => {
      const [policy = '', table] = [name.at(-1), name.slice(0, -1)];
      return {
        at: policy,
        consequence: `Without ${policy} the rows of ${written(table)} that it opened are hidden from their services, which read empty tables and report no error; had it been restrictive, rows it kept back would be shown.`,
        safe: `alter policy ${written([policy])} on ${written(table)} using ((select identity.may('case_management', 'read')));`,
      };
    });
  },
};
