import { columnsAdded, commandsOf } from '../check/alter.js';
import type { Rule } from '../check/rule.js';
import { as, findAll, nameOf, written } from '../check/walk.js';

const volatile = ['random', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'uuid_generate_v4', 'clock_timestamp', 'timeofday', 'nextval'];
const serial = ['smallserial', 'serial', 'bigserial', 'serial2', 'serial4', 'serial8'];

export const typeChangeThatRewrites: Rule = {
  id: 'type-change-that-rewrites',
  catches:
    'What writes a table anew under a lock that keeps out readers: another column type, a computed column, SET UNLOGGED, VACUUM FULL, CLUSTER.',
  check: ({ node }, file) => {
    const rewrites = (table: string, at: number | string | undefined, safe: string) => ({
      at,
      consequence: `PostgreSQL writes every row of ${table} anew, and until it is done nobody can read the table, let alone write to it.`,
      safe,
    });
    const changed = commandsOf(
      node,
      'AT_AlterColumnType',
      'AT_SetLogged',
      'AT_SetUnLogged',
      'AT_SetAccessMethod',
      'AT_SetTableSpace',
    );
    const added = columnsAdded(node).filter(({ column }) => {
      const constraints = findAll(column.constraints, 'Constraint');
      const calls = constraints
        .filter(({ contype }) => contype === 'CONSTR_DEFAULT')
        .flatMap(({ raw_expr }) => findAll([raw_expr], 'FuncCall'))
        .flatMap(({ funcname = [] }) => funcname.flatMap(nameOf).at(-1) ?? []);
      const isComputed = constraints.some(
        ({ contype, generated_kind }) =>
          contype === 'CONSTR_IDENTITY' || (contype === 'CONSTR_GENERATED' && generated_kind !== 'v'),
      );
      const type = (column.typeName?.names ?? []).flatMap(nameOf).at(-1) ?? '';
      return isComputed || serial.includes(type) || calls.some((name) => volatile.includes(name));
    });
    const vacuum = findAll(node, 'VacuumStmt').filter(({ options = [] }) =>
      options.some((one) => as(one, 'DefElem')?.defname === 'full'),
    );
    const whole = [...vacuum.map(() => 'the table'), ...findAll(node, 'ClusterStmt').map(({ relation }) => written(relation))];
    return [
      ...changed
        .filter(({ table }) => !file.isNew(table))
        .map(({ table, command: { name, def } }) => {
          const column = written([`${name ?? 'value'}_new`]);
          return rewrites(
            written(table),
            as(def, 'ColumnDef')?.location ?? table?.location,
            `alter table ${written(table)} add column if not exists ${column} text;`,
          );
        }),
      ...added
        .filter(({ table }) => !file.isNew(table))
        .map(({ table, column }) =>
          rewrites(
            written(table),
            column.location,
            `alter table ${written(table)} add column if not exists ${written([column.colname ?? ''])} text;`,
          ),
        ),
      ...whole.map((table) => rewrites(table, undefined, 'analyze;')),
    ];
  },
};
