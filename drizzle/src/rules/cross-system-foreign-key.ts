import type { RangeVar } from 'libpg-query';
import type { Rule } from '../check/rule.js';
import { findAll, written } from '../check/walk.js';

export const crossSystemForeignKey: Rule = {
  id: 'cross-system-foreign-key',
  catches: 'A foreign key from one system to the other, or from a shared table to a system.',
  check: ({ node }, file) => {
    const tables: { relation?: RangeVar }[] = [...findAll(node, 'CreateStmt'), ...findAll(node, 'AlterTableStmt')];
    return tables.flatMap(({ relation, ...rest }) =>
      findAll(rest, 'Constraint')
        .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
        .filter(({ pktable }) => {
          const target = pktable?.schemaname;
          return target !== undefined && target !== 'public' && target !== relation?.schemaname;
        })
        .map(({ pktable, location }) => ({
          at: pktable?.location ?? location,
          consequence:
            `${written(relation)} could then no longer be restored, moved or emptied without ${written(pktable)}: ` +
            `two systems that only the shared tables may join would stand or fall together${file.owner ? '' : ' (a file without an owner in its name)'}.`,
          safe: `alter table ${written(relation)} add column if not exists ${written([`${pktable?.relname ?? 'other'}_id`])} uuid;\ncomment on column ${written(relation)}.${written([`${pktable?.relname ?? 'other'}_id`])} is 'Named by its id only: no foreign key crosses from one system to the other.';`,
        })),
    );
  },
};
