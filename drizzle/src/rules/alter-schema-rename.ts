import type { Rule } from '../check/rule.js';
import { as, nameOf, partsOf, written } from '../check/walk.js';

export const alterSchemaRename: Rule = {
  id: 'alter-schema-rename',
  catches: 'ALTER SCHEMA … RENAME, ALTER DATABASE … RENAME, and ALTER … SET SCHEMA.',
  check: ({ node }) => {
    const rename = as(node, 'RenameStmt');
    if (rename?.renameType === 'OBJECT_SCHEMA' || rename?.renameType === 'OBJECT_DATABASE') {
      const { subname = '', newname = '' } = rename;
      const kind = rename.renameType === 'OBJECT_SCHEMA' ? 'schema' : 'database';
      return [
        {
          at: subname,
          consequence: `Every query, policy function and backup that names the ${kind} ${subname} fails from this moment, in all systems.`,
          safe: `comment on ${kind} ${written([subname])} is 'Also known as ${newname.replaceAll("'", "''")}.';`,
        },
      ];
    }
    const move = as(node, 'AlterObjectSchemaStmt');
    if (!move) return [];
    const name = move.relation ? partsOf(move.relation) : nameOf(move.object);
    return [
      {
        at: name.at(-1),
        consequence: `${written(name)} leaves its bailiwick for schema ${move.newschema ?? ''}: its services no longer find it, and another team's backup and rights now cover it.`,
        safe: `create view ${written([move.newschema ?? '', name.at(-1) ?? ''])} with (security_invoker = true) as select * from ${written(name)};`,
      },
    ];
  },
};
