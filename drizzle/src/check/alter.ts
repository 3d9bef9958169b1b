import type { AlterTableCmd, AlterTableType, ColumnDef, Node, RangeVar } from 'libpg-query';
import { as, findAll } from './walk.js';

export interface TableCommand {
  readonly table: RangeVar | undefined;
  readonly command: AlterTableCmd;
}

/** The commands of these kinds in an ALTER TABLE, which can hold many. */
export function commandsOf(node: Node, ...kinds: AlterTableType[]): TableCommand[] {
  return findAll(node, 'AlterTableStmt').flatMap(({ relation, cmds = [] }) =>
    cmds.flatMap((cmd) => {
      const command = as(cmd, 'AlterTableCmd');
      return command?.subtype && kinds.includes(command.subtype) ? [{ table: relation, command }] : [];
    }),
  );
}

/** The columns that an ALTER TABLE adds. */
export function columnsAdded(node: Node): (TableCommand & { readonly column: ColumnDef })[] {
  return commandsOf(node, 'AT_AddColumn').flatMap((one) => {
    const column = as(one.command.def, 'ColumnDef');
    return column ? [{ ...one, column }] : [];
  });
}
