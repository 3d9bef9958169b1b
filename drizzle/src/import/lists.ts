import type { ColumnPlan, RowProblem } from './columnPlan.js';
import type { ColumnSpec } from './mappingSchema.js';
import type { Bindings } from './sql.js';
import { quoteName, quoteText } from './sql.js';

const element = '("([^"\\\\]|\\\\.)*"|[^][{}",\\\\[:space:]]([^{}",\\\\]*[^{}",\\\\[:space:]])?)';
/** A list of texts as PostgreSQL writes it (PostgreSQL: "Array Input and Output Syntax"): one level, from 1. */
const form = quoteText(`^\\{(${element}(,${element})*)?\\}$`);

/** How a text like `{Lawyer,"Case Manager"}` becomes a list; NULL for what has another form. */
export const listFrom = (text: string): string => `case when ${text} ~ ${form} then ${text}::text[] end`;

/** The faults that the text of a list can have: another form, or, with a look-up, values that the other table does not have. */
export function listProblems(plan: ColumnPlan, i: number, spec: ColumnSpec, bindings: Bindings): RowProblem[] {
  const name = quoteName(plan.column.name);
  const base = { label: plan.label, value: `x.r${i}` };
  const problems: RowProblem[] = [
    {
      ...base,
      test: `x.m${i} is not null and x.${name} is null`,
      reason: `'"' || x.r${i} || '" is not ' || ${bindings.text('a list like {one,"two words"}.')}`,
      code: 'VALUE_INVALID',
    },
  ];
  const { lookup } = spec;
  if (!lookup) return problems;
  const unknown = `(select string_agg(e, '", "') from unnest(x.${name}) e
    where not exists (select from ${quoteName(lookup.table)} k where k.${quoteName(lookup.take)} = e))`;
  const isRole = lookup.table === 'identity.roles';
  const sentence = isRole
    ? ' is no role of identity.roles: use one of those, or add it there first.'
    : ` is no ${lookup.take} of ${lookup.table}.`;
  problems.push({
    ...base,
    test: `${unknown} is not null`,
    reason: `'"' || ${unknown} || '"' || ${bindings.text(sentence)}`,
    code: isRole ? 'ROLE_UNKNOWN' : 'REFERENCE_MISSING',
  });
  return problems;
}
