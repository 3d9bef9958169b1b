import { commandsOf } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

export const missingIfExists: Rule = {
  id: 'missing-if-exists',
  catches: 'DROP without IF EXISTS, and ADD COLUMN without IF NOT EXISTS on a shared table.',
  check: ({ node, text }) => {
    const drop = as(node, 'DropStmt');
    const gone = commandsOf(node, 'AT_DropColumn', 'AT_DropConstraint').filter(({ command }) => !command.missing_ok);
    const added = commandsOf(node, 'AT_AddColumn').filter(
      ({ table, command }) => table?.schemaname === 'public' && !command.missing_ok,
    );
    const consequence =
      'Where the thing is there no more, as after a repair by hand or a partial restore, the file fails and holds up all that come after it.';
    return [
      ...(drop && !drop.missing_ok
        ? [
            {
              at: nameOf(drop.objects?.[0]).at(-1),
              consequence,
              safe: `${text.replace(/^(\s*drop\s+(?:materialized\s+view|foreign\s+table|event\s+trigger|[a-z]+)(?:\s+concurrently)?)\s/i, '$1 if exists ')};`,
            },
          ]
        : []),
      ...gone.map(({ command: { name = '' } }) => ({
        at: name,
        consequence,
        safe: `${text.replaceAll(/\bdrop\s+(column|constraint)\s+(?!if\b)/gi, 'drop $1 if exists ')};`,
      })),
      ...added.map(({ table, command }) => {
        const column = as(command.def, 'ColumnDef');
        return {
          at: column?.location,
          consequence: `Two teams can ask for the same column of ${written(table)}: the second file then fails, and holds up all that come after it.`,
          safe: `${text.replaceAll(/\badd\s+column\s+(?!if\b)/gi, 'add column if not exists ').replaceAll(/\badd\s+(?!column\b|constraint\b|check\b|unique\b|primary\b|foreign\b|exclude\b)/gi, 'add column if not exists ')};`,
        };
      }),
    ];
  },
};
