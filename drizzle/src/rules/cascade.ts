import type { Rule } from '../check/rule.js';
import { findAll, walk, written } from '../check/walk.js';

export const cascade: Rule = {
  id: 'cascade',
  catches: 'CASCADE of DROP, TRUNCATE and REVOKE, and foreign keys ON DELETE CASCADE.',
  check: ({ node, text }) => {
    let found = false;
    walk(node, ({ node: one }) => {
      if ((one as { behavior?: string }).behavior === 'DROP_CASCADE') found = true;
    });
    const keys = findAll(node, 'Constraint').filter(({ fk_del_action }) => fk_del_action === 'c');
    return [
      ...(found
        ? [
            {
              at: 'cascade',
              consequence:
                'CASCADE takes along whatever depends on it, of other systems too: foreign keys, columns, views, policies. Nobody sees the list before.',
              // PostgreSQL then refuses, and lists what depends on it.
              safe: `${text.replaceAll(/\bcascade\b/gi, 'restrict')};`,
            },
          ]
        : []),
      ...keys.map(({ pktable, location }) => ({
        at: location,
        consequence: `Each row that is deleted from ${written(pktable)} would take the rows that refer to it along, without a word.`,
        safe: `${text.replaceAll(/\bon\s+delete\s+cascade\b/gi, 'on delete no action')};`,
      })),
    ];
  },
};
