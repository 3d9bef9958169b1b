import { settingsOf } from '../check/expressions.js';
import type { Rule } from '../check/rule.js';
import { as, nameOf, written } from '../check/walk.js';

export const securityDefinerWithoutSearchPath: Rule = {
  id: 'security-definer-without-search-path',
  catches: 'A SECURITY DEFINER function without a search_path of its own that ends with pg_temp (or is empty).',
  check: ({ node }) => {
    const created = as(node, 'CreateFunctionStmt');
    const altered = as(node, 'AlterFunctionStmt');
    const options = (created?.options ?? altered?.actions ?? []).flatMap((option) => as(option, 'DefElem') ?? []);
    const isDefiner = options.some(({ defname, arg }) => defname === 'security' && as(arg, 'Boolean')?.boolval === true);
    const paths = settingsOf(options.filter(({ defname }) => defname === 'set').map((DefElem) => ({ DefElem }))).filter(
      ({ name }) => ['search_path', 'all'].includes(name),
    );
    const takenAway = altered && paths.some(({ isReset }) => isReset);
    const isFixed = paths.some(({ isReset, values }) => !isReset && (values.at(-1) === 'pg_temp' || values.join('') === ''));
    if ((!isDefiner || isFixed) && !takenAway) return [];
    const name = (created?.funcname ?? altered?.func?.objname ?? []).flatMap(nameOf);
    const parameters = (created?.parameters ?? []).flatMap(
      (one) => as(one, 'FunctionParameter')?.argType?.names?.flatMap(nameOf).at(-1) ?? [],
    );
    return [
      {
        at: name.at(-1),
        consequence: `${written(name)} runs with its owner's rights, and would look for tables where its caller says: a temporary table of the right name makes it read or write what the caller wants.`,
        safe: `alter function ${written(name)} (${parameters.map((one) => written([one])).join(', ')}) set search_path = pg_catalog, pg_temp;`,
      },
    ];
  },
};
