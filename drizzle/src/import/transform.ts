import type { TargetTable } from './catalogue.js';
import type { ColumnPlan, PlanContext, RowProblem } from './columnPlan.js';
import { planColumn } from './columnPlan.js';
import { conversionTo } from './conversions.js';
import { derivedId } from './derivedId.js';
import { hasOwnId, keyText } from './identity.js';
import type { FeedSpec, TargetSpec } from './mappingSchema.js';
import type { StagedSource } from './staging.js';
import type { Statement } from './sql.js';
import { Bindings, quoteName, statement } from './sql.js';
import { TextSource } from './texts.js';

/** A statement that turns the staged rows of one feed into typed rows of the target's row table, and one that says what was wrong with some. */
export interface FeedPlan {
  feed: number;
  source: StagedSource;
  columns: ColumnPlan[];
  insert: Statement;
  reject: Statement;
  /** The CSV columns behind a target column, for messages. */
  labelOf: (column: string) => string;
  missing: string[];
}

export interface FeedPlanOptions {
  target: TargetSpec;
  targetNumber: number;
  table: TargetTable;
  tables: Map<string, TargetTable>;
  feed: FeedSpec;
  feedNumber: number;
  source: StagedSource;
  chainParent: string | undefined;
  quotedEmpty: 'empty' | 'nothing';
  aliasTableOf: (table: string) => string | undefined;
  /** Whether rows of this source were rejected by an earlier target: those are not offered again. */
  hasEarlierRejects: boolean;
}

/** Stands in a feed's statement where a range of the staged rows can be named. */
export const stageRange = '/* range */';

/** Plans one feed. Columns that the file lacks are in `missing`; the statements are then not usable. */
export function planFeed(options: FeedPlanOptions): FeedPlan {
  const { target, table, feed, source } = options;
  const bindings = new Bindings();
  const texts = new TextSource(
    { header: source.header, quotedEmpty: options.quotedEmpty, chainParent: options.chainParent },
    bindings,
  );
  const context: PlanContext = {
    texts,
    bindings,
    tables: options.tables,
    aliasTableOf: options.aliasTableOf,
    targetTable: target.table,
  };
  const columns = Object.entries(feed.columns).flatMap(([name, spec], i) => {
    const column = table.columns.get(name);
    return column ? [planColumn(column, spec, i, context)] : [];
  });
  const rejecting = feed.conditions.filter((condition) => condition.otherwise === 'reject');
  const steps = typedRows(options, columns, texts, rejecting);
  const identity = planIdentity(options, columns, texts, bindings);
  const problems: RowProblem[] = [
    rowLength(source.header.length),
    ...rejecting.map((condition, j): RowProblem => ({
      test: `not x.k${j}`,
      label: condition.column,
      value: `x.kv${j}`,
      reason: bindings.text(condition.reason ?? `${condition.column} is not what the mapping asks for.`),
      code: 'CONDITION_FAILED',
    })),
    ...identity.problems,
    ...columns.flatMap((plan) => plan.problems),
  ];
  const skipping = columns.flatMap((plan) => plan.isLeftOut ?? []);
  const skip = skipping.length > 0 ? ` where not (${skipping.join(' or ')})` : '';
  const rows = `pg_temp.rows_${options.targetNumber}`;
  const names = columns.map((plan) => quoteName(plan.column.name));
  const own = columns.flatMap((plan, i) => (plan.isOwnReference ? [{ name: `_own_${plan.column.name}`, sql: `x.m${i}` }] : []));
  const found = problems.map((problem, n) => `case when ${problem.test} then '${n}' end`);
  const insertText = `insert into ${quoteName(rows)} (_feed, _line, _problems, id, _own_id${[...own.map((o) => quoteName(o.name)), ...names].map((name) => `, ${name}`).join('')})
select ${options.feedNumber}, x._line, nullif(concat_ws(',', ${found.join(', ')}), ''), ${identity.id}, ${identity.ownId}${[...own.map((o) => o.sql), ...names.map((name) => `x.${name}`)].map((sql) => `, ${sql}`).join('')}
from (${steps}) x ${identity.join}${skip}`;
  const rejectText = `insert into pg_temp.rejected (source, line, target, csv_column, value, reason, code)
select ${source.number}, x._line, ${options.targetNumber}, p.label, left(p.value, 1000), left(p.reason, 2000), p.code
from (${steps}) x ${identity.join}
join ${quoteName(rows)} r on r._feed = ${options.feedNumber} and r._line = x._line and r._problems is not null
cross join lateral (values ${problems.map((problem, n) => `(${n}, ${bindings.text(problem.label)}, ${problem.value}, ${problem.reason}, '${problem.code}')`).join(', ')}) p (n, label, value, reason, code)
where p.n = any (string_to_array(r._problems, ',')::int[])
order by x._line, p.n`;
  return {
    feed: options.feedNumber,
    source,
    columns,
    insert: statement(insertText, bindings),
    reject: statement(rejectText, bindings),
    labelOf: (name) => columns.find((plan) => plan.column.name === name)?.label ?? name,
    missing: [...texts.missing],
  };
}

const rowLength = (expected: number): RowProblem => ({
  test: 'x._fault is not null',
  label: '',
  value: 'null',
  reason: `'The row has ' || split_part(x._fault, ' ', 2) || ' fields, the header ${expected}.'`,
  code: 'ROW_LENGTH',
});

/** raw texts of the staged rows -> mapped texts -> typed values. OFFSET 0 keeps each step from being computed again in the next. */
function typedRows(
  options: FeedPlanOptions,
  columns: ColumnPlan[],
  texts: TextSource,
  rejecting: FeedSpec['conditions'],
): string {
  const { feed, source } = options;
  const filters = feed.conditions
    .filter((condition) => condition.otherwise === 'skip')
    .map((condition) => texts.condition(condition));
  if (options.hasEarlierRejects) {
    filters.push(`not exists (select from pg_temp.rejected e where e.source = ${source.number} and e.line = s._line)`);
  }
  const defaults = Object.values(feed.columns).flatMap((spec, i) =>
    typeof spec.default === 'object' ? [`${texts.text(spec.default).sql} as d_r${i}`] : [],
  );
  const idText = feed.id ? [`${idSource(feed.id, texts)} as id_text`] : [];
  const raw = [
    's._line',
    's._fault',
    ...columns.map((plan, i) => `${plan.raw} as r${i}`),
    ...defaults,
    ...rejecting.flatMap((condition, j) => [
      `${texts.condition(condition)} as k${j}`,
      `${texts.column(condition.column, true)} as kv${j}`,
    ]),
    ...idText,
  ];
  const ambiguity = columns.flatMap((plan, i) => {
    const test = plan.problems.some((problem) => problem.code === 'REFERENCE_AMBIGUOUS');
    return test ? [`${ambiguousTest(plan)} as a${i}`] : [];
  });
  const typed = columns.map((plan) => `${plan.isOwnReference ? 'null::uuid' : plan.typed} as ${quoteName(plan.column.name)}`);
  return `select q.*, ${[...typed, ...ambiguity].join(', ')}
  from (select q.*, ${columns.map((plan, i) => `${plan.mapped} as m${i}`).join(', ')}
    from (select ${raw.join(', ')} from ${quoteName(source.table)} s
      where ${['true', ...filters].join(' and ')} ${stageRange} offset 0) q offset 0) q
  ${columns.flatMap((plan) => plan.joins).join('\n  ')} offset 0`;
}

/** A look-up's joins name their count `n`; more than one row is ambiguous. */
function ambiguousTest(plan: ColumnPlan): string {
  const names = plan.joins.flatMap((join) => / as n from .* (l\d+_\d+) on /s.exec(join)?.[1] ?? []);
  return `(${names.map((name) => `coalesce(${name}.n > 1, false)`).join(' or ')})`;
}

const idSource = (id: NonNullable<FeedSpec['id']>, texts: TextSource): string => {
  if ('column' in id) return `lower(btrim(${texts.text({ column: id.column }).sql}))`;
  const text = texts.text({ template: id.from }).sql;
  return id.ignoreCase ? `lower(btrim(${text}))` : text;
};

interface Identity {
  id: string;
  /** The id that the row itself came with, before it was united with another. */
  ownId: string;
  join: string;
  problems: RowProblem[];
}

/**
 * Which row of the table a row of the file is: by the id it brings; by an id derived from a text that is always the same;
 * or by the natural key, which is looked up in the table first.
 */
function planIdentity(options: FeedPlanOptions, columns: ColumnPlan[], texts: TextSource, bindings: Bindings): Identity {
  const { feed, target, table } = options;
  const labelOf = (name: string): string => columns.find((plan) => plan.column.name === name)?.label ?? name;
  const given =
    feed.id && ('column' in feed.id ? (conversionTo('uuid')?.sql('x.id_text') ?? '') : derivedId(target.table, 'x.id_text'));
  const problems: RowProblem[] = [];
  const isKeyed = target.key !== undefined && (!given || target.unite);
  if (feed.id) {
    const label =
      'column' in feed.id ? texts.text({ column: feed.id.column }).label : texts.text({ template: feed.id.from }).label;
    problems.push(
      {
        test: 'x.id_text is null',
        label,
        value: 'null',
        reason: bindings.text(`${label} is empty, and makes the id.`),
        code: 'VALUE_MISSING',
      },
      {
        test: `x.id_text is not null and ${given} is null`,
        label,
        value: 'x.id_text',
        reason: `'"' || x.id_text || '" is not a UUID.'`,
        code: 'VALUE_INVALID',
      },
    );
  }
  if (!isKeyed) return { id: given ?? 'null::uuid', ownId: 'null::uuid', join: '', problems };
  if (!hasOwnId(table)) return planKeyIdentity(options, labelOf, columns, bindings);
  const key = keyExpressions(table, target.key ?? []);
  const isWhole = (target.key ?? []).map((name) => `x.${quoteName(name)} is not null`).join(' and ');
  const join = `left join (select id as existing_id, ${key.map((sql, k) => `${sql} as key_${k}`).join(', ')} from ${quoteName(target.table)}) e
  on ${key.map((sql, k) => `e.key_${k} = ${qualified(sql, target.key ?? [])}`).join(' and ')}`;
  const text = key.map((sql) => `(${qualified(sql, target.key ?? [])})::text`).join(` || chr(31) || `);
  const derived = derivedId(target.table, text);
  if (!given) {
    problems.push(...missingKeys(target.key ?? [], labelOf, columns, bindings));
    return { id: `case when ${isWhole} then coalesce(e.existing_id, ${derived}) end`, ownId: 'null::uuid', join, problems };
  }
  return { id: `case when ${isWhole} then coalesce(e.existing_id, ${given}) else ${given} end`, ownId: given, join, problems };
}

/** A table without an id: its primary key says which row it is. */
function planKeyIdentity(
  { table }: FeedPlanOptions,
  labelOf: (name: string) => string,
  columns: ColumnPlan[],
  bindings: Bindings,
): Identity {
  const isWhole = table.primaryKey.map((name) => `x.${quoteName(name)} is not null`).join(' and ');
  const id = `case when ${isWhole} then ${derivedId(table.name, keyText(table.primaryKey, 'x'))} end`;
  return { id, ownId: 'null::uuid', join: '', problems: missingKeys(table.primaryKey, labelOf, columns, bindings) };
}

function missingKeys(
  key: readonly string[],
  labelOf: (name: string) => string,
  columns: ColumnPlan[],
  bindings: Bindings,
): RowProblem[] {
  return key.map((name) => ({
    // A key that could not be read has a problem of its own already.
    test: `x.${quoteName(name)} is null and x.m${columns.findIndex((plan) => plan.column.name === name)} is null`,
    label: labelOf(name),
    value: 'null',
    reason: bindings.text(`${labelOf(name)} is empty, and ${name} is the key.`),
    code: 'VALUE_MISSING',
  }));
}

/** The key as the table's own unique index computes it (lower(email)), else the bare columns. */
export function keyExpressions(table: TargetTable, key: string[]): string[] {
  const same = (columns: string[]): boolean => columns.length === key.length && key.every((name) => columns.includes(name));
  const index = table.uniques.find((unique) => unique.condition === null && same(unique.columns));
  return index?.expressions ?? key.map(quoteName);
}

const qualified = (expression: string, columns: string[]): string =>
  columns.reduce(
    (sql, name) => sql.replace(new RegExp(`(?<![\\w."])"?${name}"?(?![\\w"(])`, 'g'), `x.${quoteName(name)}`),
    expression,
  );
