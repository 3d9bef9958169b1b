import type { RangeVar } from 'libpg-query';
import { columnsAdded, commandsOf } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { as, findAll, written } from '../check/walk.js';

const tested = ['CONSTR_CHECK', 'CONSTR_FOREIGN'];

interface Hit {
  readonly table: RangeVar | undefined;
  readonly at: number | string | undefined;
  /** The test to paste; nothing where the constraint is there already. */
  readonly what: string | undefined;
  readonly constraint: string;
}

export const constraintNotValidFirst: Rule = {
  id: 'constraint-not-valid-first',
  catches: 'A CHECK, FOREIGN KEY or NOT NULL that tests all rows of a table which was there before the file, under its lock.',
  check: ({ node }, file) => {
    const old = commandsOf(node, 'AT_AddConstraint', 'AT_SetNotNull', 'AT_ValidateConstraint').filter(
      ({ table }) => !file.isNew(table),
    );
    if (old.length === 0 && columnsAdded(node).length === 0) return [];
    const others = file.statements.flatMap((statement) =>
      commandsOf(statement.node, 'AT_AddConstraint', 'AT_ValidateConstraint'),
    );
    const hit = old.flatMap(({ table, command: { subtype, name = '', def } }): Hit[] => {
      const constraint = as(def, 'Constraint');
      const isOfTable = (other: typeof table) => written(other) === written(table);
      if (subtype === 'AT_SetNotNull') {
        const isProven = others.some((one) => one.command.subtype === 'AT_ValidateConstraint' && isOfTable(one.table));
        return isProven
          ? []
          : [{ table, at: name, what: `${name} is not null`, constraint: `${table?.relname ?? ''}_${name}_not_null` }];
      }
      if (subtype === 'AT_ValidateConstraint') {
        const isAddedHere = others.some(
          ({ command, table: other }) => as(command.def, 'Constraint')?.conname === name && isOfTable(other),
        );
        return isAddedHere ? [{ table, at: name, what: undefined, constraint: name }] : [];
      }
      if (!constraint || constraint.skip_validation || !tested.includes(constraint.contype ?? '')) return [];
      return [
        {
          table,
          at: constraint.location,
          what: 'id is not null',
          constraint: constraint.conname ?? `${table?.relname ?? ''}_check`,
        },
      ];
    });
    const inline = columnsAdded(node)
      .filter(({ table }) => !file.isNew(table))
      .flatMap(({ table, column }) =>
        findAll(column.constraints, 'Constraint')
          .filter(({ contype }) => tested.includes(contype ?? ''))
          .map(({ location, conname }) => ({
            table,
            at: location,
            what: `${column.colname ?? 'id'} is not null`,
            constraint: conname ?? `${table?.relname ?? ''}_${column.colname ?? ''}_check`,
          })),
      );
    return [...hit, ...inline].map(({ table, at, what, constraint }) => ({
      at,
      consequence: `All rows of ${written(table)} are tested while its lock keeps writers out, and the lock lasts to the end of the file's transaction.`,
      safe:
        (what
          ? `alter table ${written(table)} add constraint ${written([constraint])} check (${what}) not valid;\n-- In the next file:\n`
          : '-- In the next file:\n') + `alter table ${written(table)} validate constraint ${written([constraint])};`,
    }));
  },
};
