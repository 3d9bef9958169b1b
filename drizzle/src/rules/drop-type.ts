import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

const kinds: Partial<Record<string, string>> = { OBJECT_TYPE: 'type', OBJECT_DOMAIN: 'domain', OBJECT_EXTENSION: 'extension' };

export const dropType: Rule = {
  id: 'drop-type',
  catches: 'DROP TYPE, DROP DOMAIN and DROP EXTENSION.',
  check: ({ node }) => {
    const drop = as(node, 'DropStmt');
    const kind = kinds[drop?.removeType ?? ''];
    if (!drop || !kind) return [];
    return (drop.objects ?? []).map(nameOf).map((name) => ({
      at: name.at(-1),
      consequence: `With the ${kind} ${written(name)} can go every column that has a type of it, in every schema, with the values in it.`,
      safe: `comment on ${kind} ${written(name)} is 'Unused: to be dropped once no column depends on it.';`,
    }));
  },
};
