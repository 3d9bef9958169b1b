import { commandsOf } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { written } from '../check/walk.js';

export const disableRowSecurity: Rule = {
  id: 'disable-row-security',
  catches: 'ALTER TABLE … DISABLE ROW LEVEL SECURITY and NO FORCE ROW LEVEL SECURITY.',
  check: ({ node }) =>
    commandsOf(node, 'AT_DisableRowSecurity', 'AT_NoForceRowSecurity').map(({ table, command }) => ({
      at: command.subtype === 'AT_DisableRowSecurity' ? 'disable' : 'no',
      consequence:
        command.subtype === 'AT_DisableRowSecurity'
          ? `Everybody who may read ${written(table)} at all would see every row of it, restricted ones included.`
          : `The owner of ${written(table)}, and every function that runs as the owner, would no longer be held to the policies.`,
      safe: `alter table ${written(table)} enable row level security;\nalter table ${written(table)} force row level security;`,
    })),
};
