import { isAlwaysTrue } from '../check/expressions.js';
import type { Rule } from '../check/rule.js';
import { findAll, written } from '../check/walk.js';

export const deleteWithoutWhere: Rule = {
  id: 'delete-without-where',
  catches: 'DELETE without WHERE, or with one that is true for every row; MERGE that deletes all that has no match.',
  check: ({ node }) => {
    const deletes = findAll(node, 'DeleteStmt').filter(({ whereClause }) => !whereClause || isAlwaysTrue(whereClause));
    const merges = findAll(node, 'MergeStmt').filter(({ mergeWhenClauses = [] }) =>
      findAll(mergeWhenClauses, 'MergeWhenClause').some(
        ({ matchKind, commandType, condition }) =>
          matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE' &&
          commandType === 'CMD_DELETE' &&
          (!condition || isAlwaysTrue(condition)),
      ),
    );
    return [...deletes, ...merges].map(({ relation }) => ({
      at: relation?.location,
      consequence: `Every row of ${written(relation)} would be deleted.`,
      safe: `delete from ${written(relation)} where id = any (array['00000000-0000-7000-8000-000000000000']::uuid[]);`,
    }));
  },
};
