import { columnsAdded } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { findAll, written } from '../check/walk.js';

export const notNullWithoutDefault: Rule = {
  id: 'not-null-without-default',
  catches: 'ADD COLUMN … NOT NULL without a default, to a table that was there before the file.',
  check: ({ node }, file) =>
    columnsAdded(node)
      .filter(({ table }) => !file.isNew(table))
      .filter(({ column }) => {
        const kinds = findAll(column.constraints, 'Constraint').map(({ contype }) => contype);
        const isFilled = kinds.some((kind) => ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'].includes(kind ?? ''));
        return !isFilled && kinds.some((kind) => kind === 'CONSTR_NOTNULL' || kind === 'CONSTR_PRIMARY');
      })
      .map(({ table, column: { colname = '', location } }) => ({
        at: location,
        consequence: `On a table with rows the statement fails: none of them has a value for ${colname}. On an empty one it passes, so a test does not show it.`,
        safe:
          `alter table ${written(table)} add column if not exists ${written([colname])} text;\n` +
          `alter table ${written(table)} alter column ${written([colname])} set default '';`,
      })),
};
