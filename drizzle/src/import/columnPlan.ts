import type { TargetColumn, TargetTable } from './catalogue.js';
import { conversionTo, dateFromFormats } from './conversions.js';
import type { LookupSql } from './lookups.js';
import { listFrom, listProblems } from './lists.js';
import { lookupSql } from './lookups.js';
import type { ColumnSpec } from './mappingSchema.js';
import type { RejectCode } from './rejectCodes.js';
import type { Bindings } from './sql.js';
import { quoteName, quoteText } from './sql.js';
import type { TextSource } from './texts.js';
import { alike, alikeText } from './texts.js';

/** A fault that a row can have: where it is so, and what to say of it. All but the label are SQL. */
export interface RowProblem {
  test: string;
  label: string;
  value: string;
  reason: string;
  code: RejectCode;
}

/**
 * One column of a feed, in the three steps of a statement: `raw` is the text of the file (over `s`), `mapped` the text after value map and
 * default (over `q`, where the raw text is `q.r<i>`), `typed` the value (over `q`, where the mapped text is `q.m<i>`).
 */
export interface ColumnPlan {
  column: TargetColumn;
  label: string;
  raw: string;
  mapped: string;
  typed: string;
  joins: string[];
  /** Whether the text is kept for later, because it names a row of the same target. */
  isOwnReference: boolean;
  /** Where the row is left out of this target without a word, as SQL over `x`. */
  isLeftOut?: string;
  problems: RowProblem[];
}

export interface PlanContext {
  texts: TextSource;
  bindings: Bindings;
  tables: Map<string, TargetTable>;
  /** The table of united ids of a target table, when this import united any. */
  aliasTableOf: (table: string) => string | undefined;
  /** The table of the feed's target: a look-up in it may mean a row of this very import. */
  targetTable: string;
}

/** Plans how one target column is filled. `i` makes names unique within the statement. */
export function planColumn(column: TargetColumn, spec: ColumnSpec, i: number, context: PlanContext): ColumnPlan {
  const { texts, bindings } = context;
  const raw = rawText(spec, texts);
  const isPlainText = column.type === 'text' && !column.allowed && !spec.lookup && !spec.values;
  // Only a text can be empty: for every other type, an empty value is no value.
  const rawSql = isPlainText ? raw.sql : `nullif(btrim(${raw.sql}), '')`;
  const values = valueMap(spec, column, `q.r${i}`, bindings);
  const plan: ColumnPlan = {
    column,
    label: raw.label || column.name,
    raw: rawSql,
    mapped: withDefault(spec, `q.r${i}`, values.sql, texts),
    typed: `q.m${i}`,
    joins: [],
    isOwnReference: spec.lookup?.table === context.targetTable,
    problems: [],
  };
  if (values.isUnknown) plan.problems.push(unknownValue(plan, i, values, column, bindings));
  if (spec.list) {
    plan.typed = listFrom(`q.m${i}`);
    plan.problems.push(...listProblems(plan, i, spec, bindings));
    return plan;
  }
  if (spec.lookup) {
    const table = context.tables.get(spec.lookup.table);
    if (table && !plan.isOwnReference) {
      const found = lookupSql(spec.lookup, table, `q.m${i}`, `l${i}`, context.aliasTableOf(spec.lookup.table));
      plan.joins.push(...found.joins);
      plan.typed = column.type === 'text[]' ? `case when ${found.value} is not null then array[${found.value}] end` : found.value;
      plan.problems.push(...lookupProblems(plan, i, spec, found));
      if (spec.lookup.whenMissing === 'skip') plan.isLeftOut = `x.m${i} is not null and x.${quoteName(column.name)} is null`;
    }
    return plan;
  }
  if (column.type === 'text[]') plan.typed = `case when q.m${i} is not null then array[q.m${i}] end`;
  else if (column.type !== 'text') {
    const conversion = conversionTo(column.type);
    if (!conversion) return plan;
    if (spec.format) plan.mapped = dateFromFormats(plan.mapped, spec.format);
    plan.typed = conversion.sql(`q.m${i}`);
    const expects = spec.format ? `a date like ${spec.format.join(' or ')}` : conversion.expects;
    plan.problems.push({
      test: `x.m${i} is not null and x.${quoteName(column.name)} is null`,
      label: plan.label,
      value: `x.r${i}`,
      reason: `'"' || coalesce(x.r${i}, x.m${i}) || '" is not ' || ${bindings.text(`${expects}.`)}`,
      code: 'VALUE_INVALID',
    });
  }
  return plan;
}

function rawText(spec: ColumnSpec, texts: TextSource): { sql: string; label: string } {
  if (!spec.cases) return texts.text(spec);
  const branches = spec.cases.map((branch) => {
    const test = branch.when.map((condition) => texts.condition(condition)).join(' and ');
    return `when ${test} then ${texts.text(branch).sql}`;
  });
  const labels = new Set(spec.cases.flatMap((branch) => branch.when.map((condition) => condition.column)));
  return { sql: `(case ${branches.join(' ')} end)`, label: [...labels].join(' + ') };
}

function withDefault(spec: ColumnSpec, raw: string, mapped: string, texts: TextSource): string {
  if (spec.default === undefined) return mapped;
  // A default that is made from other columns is read where the staged row is at hand, see transform.ts.
  const value = typeof spec.default === 'string' ? texts.bindings.text(spec.default) : `q.d_${raw.slice(2)}`;
  return mapped === raw ? `coalesce(${raw}, ${value})` : `case when ${raw} is null then ${value} else ${mapped} end`;
}

interface ValueMap {
  sql: string;
  isUnknown: string | undefined;
  known: string[];
}

/** The value map and the closed list of the column: a value is found whatever its case, spaces, hyphens and underscores. */
function valueMap(spec: ColumnSpec, column: TargetColumn, raw: string, bindings: Bindings): ValueMap {
  const entries = Object.entries(spec.values ?? {});
  const allowed = spec.lookup ? undefined : column.allowed;
  if (entries.length === 0 && !allowed) return { sql: raw, isUnknown: undefined, known: [] };
  const rest = spec.otherwise ?? (spec.lookup ? 'keep' : 'reject');
  const restSql = rest === 'keep' ? raw : typeof rest === 'object' ? bindings.text(rest.value) : 'null::text';
  const branches = entries.map(
    ([from, to]) => `when ${bindings.text(alikeText(from))} then ${to === null ? 'null::text' : bindings.text(to)}`,
  );
  const others = allowed
    ? `case when ${raw} = any (${bindings.texts(allowed)}) then ${raw} when ${alike(raw)} = any (${bindings.texts(allowed)}) then ${alike(raw)} when ${raw} is null then null else ${restSql} end`
    : restSql;
  const mapped = raw.replace('q.r', 'x.m');
  const keys = [...entries.map(([from]) => alikeText(from)), ...(allowed ?? [])];
  return {
    sql: entries.length > 0 ? `case ${alike(raw)} ${branches.join(' ')} else ${others} end` : others,
    isUnknown:
      rest === 'reject'
        ? `${mapped} is null and coalesce(${alike(raw.replace('q.', 'x.'))} <> all (${bindings.texts(keys)}), false)`
        : undefined,
    known: [...(allowed ?? []), ...entries.map(([from]) => from)],
  };
}

function unknownValue(plan: ColumnPlan, i: number, values: ValueMap, column: TargetColumn, bindings: Bindings): RowProblem {
  const known = values.known.slice(0, 30).join(', ');
  return {
    test: values.isUnknown ?? 'false',
    label: plan.label,
    value: `x.r${i}`,
    reason: `'"' || x.r${i} || '" is no known ' || ${bindings.text(column.name)} || '; known are: ' || ${bindings.text(known)} || '.'`,
    code: 'VALUE_UNKNOWN',
  };
}

function lookupProblems(plan: ColumnPlan, i: number, spec: ColumnSpec, found: LookupSql): RowProblem[] {
  const { lookup } = spec;
  if (!lookup || lookup.whenMissing !== 'reject') return [];
  const isMissing = `x.m${i} is not null and x.${quoteName(plan.column.name)} is null`;
  const what = `${lookup.table.split('.')[1]} has no row with ${lookup.by.join(' or ')} `;
  const several = `${lookup.table.split('.')[1]} has several rows with ${lookup.by.join(' or ')} `;
  const isRole = lookup.table === 'identity.roles';
  const base = { label: plan.label, value: `x.r${i}` };
  const isAmbiguous = found.isAmbiguous === 'false' ? 'false' : `x.a${i}`;
  return [
    {
      ...base,
      test: `${isMissing} and not ${isAmbiguous}`,
      reason: isRole
        ? `'"' || x.m${i} || '" is no role of identity.roles: use one of those, or add it there first.'`
        : `${quoteText(what)} || '"' || x.m${i} || '", or it was rejected.'`,
      code: isRole ? 'ROLE_UNKNOWN' : 'REFERENCE_MISSING',
    },
    ...(found.isAmbiguous === 'false'
      ? []
      : [
          {
            ...base,
            test: `${isMissing} and ${isAmbiguous}`,
            reason: `${quoteText(several)} || '"' || x.m${i} || '": say which by another key.'`,
            code: 'REFERENCE_AMBIGUOUS' as const,
          },
        ]),
  ];
}
