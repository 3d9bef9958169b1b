import type { Node } from 'libpg-query';
import { as, constantOf, findAll, nameOf } from './walk.js';

const bare = (node: Node | undefined) => JSON.stringify(node)?.replaceAll(/"location":-?\d+,?/g, '');

/** Whether a test is true for every row, as far as its text shows: `true`, `1 = 1`, `id = id`, `… or true`, `(select true)`. */
export function isAlwaysTrue(test: Node | undefined): boolean {
  const constant = constantOf(test);
  if (constant !== undefined) return ['true', 't', 'on', 'yes', 'y', '1'].includes(constant.toLowerCase());
  const logic = as(test, 'BoolExpr');
  if (logic) {
    const args = logic.args ?? [];
    if (logic.boolop === 'OR_EXPR') return args.some(isAlwaysTrue);
    if (logic.boolop === 'AND_EXPR') return args.every(isAlwaysTrue);
    return constantOf(args[0])?.toLowerCase().startsWith('f') ?? false;
  }
  const comparison = as(test, 'A_Expr');
  if (comparison) {
    const isEqual = ['=', '>=', '<='].includes((comparison.name ?? []).flatMap(nameOf).join(''));
    return comparison.kind === 'AEXPR_OP' && isEqual && bare(comparison.lexpr) === bare(comparison.rexpr);
  }
  const subselect = as(as(test, 'SubLink')?.subselect, 'SelectStmt');
  if (!subselect || subselect.fromClause || subselect.whereClause) return false;
  if (as(test, 'SubLink')?.subLinkType === 'EXISTS_SUBLINK') return true;
  return isAlwaysTrue(as(subselect.targetList?.[0], 'ResTarget')?.val);
}

/** Settings that a statement changes, by SET, ALTER … SET, a function's own SET, or set_config(). */
export function settingsOf(root: unknown): { name: string; values: string[]; isReset: boolean; at: number | undefined }[] {
  const set = findAll(root, 'VariableSetStmt').map(({ kind, name = '', args = [], location }) => ({
    name: kind === 'VAR_RESET_ALL' ? 'all' : name.toLowerCase(),
    values: args.flatMap((arg) => constantOf(arg) ?? []),
    isReset: kind !== 'VAR_SET_VALUE',
    at: (location ?? -1) < 0 ? undefined : location,
  }));
  const called = findAll(root, 'FuncCall')
    .filter(({ funcname = [] }) => funcname.flatMap(nameOf).at(-1) === 'set_config')
    .map(({ args = [], location }) => ({
      name: constantOf(args[0])?.toLowerCase() ?? '',
      values: args.slice(1, 2).flatMap((arg) => constantOf(arg) ?? []),
      isReset: false,
      at: location,
    }));
  return [...set, ...called];
}
