import type { Rule } from '../check/rule.js';
import { findAll, nameOf, written } from '../check/walk.js';

export const truncate: Rule = {
  id: 'truncate',
  catches: 'TRUNCATE.',
  check: ({ node }) =>
    findAll(node, 'TruncateStmt').flatMap(({ relations = [] }) =>
      relations.map(nameOf).map((name) => ({
        at: name.at(-1),
        consequence: `All rows of ${written(name)} would be gone at once: TRUNCATE asks no row policy and fires no trigger for each row.`,
        safe: `delete from ${written(name)} where id = any (array['00000000-0000-7000-8000-000000000000']::uuid[]);`,
      })),
    ),
};
