import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

export const dropSchema: Rule = {
  id: 'drop-schema',
  catches: 'DROP SCHEMA and DROP DATABASE.',
  check: ({ node }) => {
    const drop = as(node, 'DropStmt');
    const database = as(node, 'DropdbStmt')?.dbname;
    const names = drop?.removeType === 'OBJECT_SCHEMA' ? (drop.objects ?? []).map(nameOf) : database ? [[database]] : [];
    return names.map((name) => ({
      at: name[0],
      consequence:
        `Everything in ${written(name)} would be gone: tables, rows, functions, policies. ` +
        'With CASCADE, columns, foreign keys and policies of the other systems that depend on it would go too.',
      safe: `comment on ${database ? 'database' : 'schema'} ${written(name)} is 'Retired: nothing is to be added here.';`,
    }));
  },
};
