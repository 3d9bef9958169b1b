import { isAlwaysTrue } from '../check/expressions.js';
import type { Rule } from '../check/rule.js';
import { as, findAll, written } from '../check/walk.js';

export const updateWithoutWhere: Rule = {
  id: 'update-without-where',
  catches: 'UPDATE without WHERE, or with one that is true for every row.',
  check: ({ node }) =>
    findAll(node, 'UpdateStmt')
      .filter(({ whereClause }) => !whereClause || isAlwaysTrue(whereClause))
      .map(({ relation, targetList = [] }) => {
        const column = written([as(targetList[0], 'ResTarget')?.name ?? 'title']);
        return {
          at: relation?.location,
          consequence: `Every row of ${written(relation)} would be changed and its old values lost; meanwhile all of its rows are locked.`,
          safe: `update ${written(relation)} set ${column} = default where ${column} is null;`,
        };
      }),
};
