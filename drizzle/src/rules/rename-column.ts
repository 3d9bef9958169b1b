import type { Rule } from '../check/rule.js';
import { as, written } from '../check/walk.js';

export const renameColumn: Rule = {
  id: 'rename-column',
  catches: 'ALTER TABLE … RENAME COLUMN, and the renaming of a table or view.',
  check: ({ node }) => {
    const rename = as(node, 'RenameStmt');
    if (!rename?.relation) return [];
    const { renameType = '', relation, subname = '', newname = '' } = rename;
    if (renameType === 'OBJECT_COLUMN') {
      return [
        {
          at: subname,
          consequence: `Services that run on the old code ask for ${subname} of ${written(relation)}, and fail from this moment until they are deployed anew.`,
          safe: `alter table ${written(relation)} add column if not exists ${written([newname])} text;\ncomment on column ${written(relation)}.${written([subname])} is 'Being replaced by ${newname.replaceAll("'", "''")}.';`,
        },
      ];
    }
    if (!['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE'].includes(renameType)) return [];
    const target = written([relation.schemaname, newname].filter((part) => part !== undefined));
    return [
      {
        at: relation.location,
        consequence: `Services that run on the old code ask for ${written(relation)}, and fail from this moment until they are deployed anew.`,
        safe: `create view ${target} with (security_invoker = true) as select * from ${written(relation)};`,
      },
    ];
  },
};
