import { commandsOf } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { written } from '../check/walk.js';

export const dropColumn: Rule = {
  id: 'drop-column',
  catches: 'ALTER TABLE … DROP COLUMN.',
  check: ({ node }) =>
    commandsOf(node, 'AT_DropColumn').map(({ table, command: { name = '' } }) => ({
      at: name,
      consequence: `The values of ${name} in every row of ${written(table)} would be gone, and a service that still reads the column fails at once.`,
      safe:
        `alter table ${written(table)} alter column ${written([name])} drop not null;\n` +
        `comment on column ${written(table)}.${written([name])} is 'Unused: to be dropped in a later migration.';`,
    })),
};
