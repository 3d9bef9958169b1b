import type { ClientBase } from 'pg';
import type { CheckConstraint, TargetColumn } from './catalogue.js';
import { existingRows } from './identity.js';
import { columnAtFault, sentenceOfRule } from './ruleSentences.js';
import type { RowTable } from './rowTable.js';
import { dropRejected, rejectIds } from './rowTable.js';
import { quoteName, quoteText } from './sql.js';

/** The longest text that is sure to fit a b-tree index, in bytes (its limit is 2,704). */
const indexedTextLimit = 2600;

/** A default that counts up or makes an id must not be computed for a mere test. */
const isVolatile = (defaultSql: string): boolean => /nextval|next_\w+\(|random/.test(defaultSql);

interface FinalProblem {
  test: string;
  column: string | undefined;
  value: string;
  reason: string;
  code: string;
}

/**
 * Holds every final row against the table's own rules, as PostgreSQL's catalogue states them: NOT NULL, CHECK, foreign keys, unique keys.
 * Rows that break one are rejected and taken out.
 */
export async function checkRows(client: ClientBase, rowTable: RowTable): Promise<void> {
  const joins: string[] = [];
  const problems = [
    ...missingValues(rowTable),
    ...tooLong(rowTable),
    ...brokenRules(rowTable),
    ...danglingReferences(rowTable, joins),
  ];
  await client.query(
    `create temp table faults as
     select f.id, nullif(concat_ws(',', ${problems.map((problem, n) => `case when ${problem.test} then '${n}' end`).join(', ') || 'null'}), '') as problems
     from (select f.*${unmappedDefaults(rowTable)} from ${rowTable.final} f) f ${joins.join(' ')}`,
  );
  await client.query('delete from pg_temp.faults where problems is null');
  for (const [n, problem] of problems.entries()) {
    await rejectIds(client, rowTable, {
      column: problem.column,
      code: problem.code,
      select: `select f.id, ${problem.value} as value, ${problem.reason} as reason from ${rowTable.final} f join pg_temp.faults b on b.id = f.id
               where '${n}' = any (string_to_array(b.problems, ','))`,
    });
  }
  await client.query('drop table pg_temp.faults');
  await dropRejected(client, rowTable);
}

const textOf = (column: string): string => `(f.${quoteName(column)})::text`;
const said = (column: string): string => `'"' || coalesce(left(${textOf(column)}, 200), '') || '"'`;

function mappedColumns(rowTable: RowTable): TargetColumn[] {
  return rowTable.columns.flatMap((name) => rowTable.table.columns.get(name) ?? []);
}

function missingValues(rowTable: RowTable): FinalProblem[] {
  return mappedColumns(rowTable)
    .filter((column) => column.isRequired && column.defaultSql === null && !rowTable.ownReferences.includes(column.name))
    .map((column) => ({
      test: `f.${quoteName(column.name)} is null`,
      column: column.name,
      value: 'null::text',
      reason: quoteText(`${column.name} is needed, and the row has none.`),
      code: 'VALUE_MISSING',
    }));
}

function tooLong(rowTable: RowTable): FinalProblem[] {
  return mappedColumns(rowTable)
    .filter((column) => column.type === 'text' && column.isIndexed)
    .map((column) => ({
      test: `octet_length(f.${quoteName(column.name)}) > ${indexedTextLimit}`,
      column: column.name,
      value: textOf(column.name),
      reason: `'The value has ' || octet_length(f.${quoteName(column.name)}) || ' bytes; ${column.name} takes at most ${indexedTextLimit}, because it is indexed.'`,
      code: 'VALUE_TOO_LONG',
    }));
}

function brokenRules(rowTable: RowTable): FinalProblem[] {
  const touches = (check: CheckConstraint): boolean => check.columns.some((name) => rowTable.columns.includes(name));
  return rowTable.table.checks.filter(touches).map((check) => {
    const column = [columnAtFault(check), ...check.columns].find((name) => rowTable.columns.includes(name)) ?? '';
    return {
      test: `not (${check.condition})`,
      column,
      value: textOf(column),
      reason: quoteText(sentenceOfRule(check)),
      code: 'RULE_BROKEN',
    };
  });
}

/** A CHECK can name columns that the mapping leaves to the table: they have their default, or are NULL. */
function unmappedDefaults(rowTable: RowTable): string {
  const named = new Set([
    ...rowTable.table.checks.flatMap((check) => check.columns),
    ...rowTable.table.uniques.flatMap((unique) => unique.columns),
  ]);
  return [...named]
    .filter((name) => !rowTable.columns.includes(name) && name !== 'id')
    .flatMap((name) => {
      const column = rowTable.table.columns.get(name);
      if (!column) return [];
      const value = column.defaultSql !== null && !isVolatile(column.defaultSql) ? column.defaultSql : `null::${column.type}`;
      return [`, ${value} as ${quoteName(name)}`];
    })
    .join('');
}

function danglingReferences(rowTable: RowTable, joins: string[]): FinalProblem[] {
  return rowTable.table.foreignKeys.flatMap((key, k) => {
    const pairs = key.columns
      .map((name, i) => ({ name, other: key.tableColumns[i] ?? '' }))
      .filter((pair) => rowTable.columns.includes(pair.name));
    const first = pairs[0];
    // The joined columns get names of their own: a CHECK names its columns bare. Parents within the same rows are the subject of ownReferences.ts.
    if (!first || key.table === rowTable.target.table) return [];
    joins.push(
      `left join (select ${pairs.map((pair, i) => `${quoteName(pair.other)} as fk${k}_${i}`).join(', ')} from ${quoteName(key.table)}) fk${k}
         on ${pairs.map((pair, i) => `fk${k}_${i} = f.${quoteName(pair.name)}`).join(' and ')}`,
    );
    return [
      {
        test: `${pairs.map((pair) => `f.${quoteName(pair.name)} is not null`).join(' and ')} and fk${k}_0 is null`,
        column: first.name,
        value: textOf(first.name),
        reason: `${quoteText(`${key.table.split('.')[1]} has no row with id `)} || ${said(first.name)} || ', or it was rejected.'`,
        code: 'REFERENCE_MISSING',
      },
    ];
  });
}

/** Rejects rows that share a unique key with another row of the file, or with a row that the table has under another id. */
export async function checkUniqueKeys(client: ClientBase, rowTable: RowTable, tableHasRows: boolean): Promise<void> {
  for (const unique of rowTable.table.uniques) {
    const column = unique.columns.find((name) => rowTable.columns.includes(name));
    if (!column) continue;
    const complete = `(select f.*${unmappedDefaults(rowTable)} from ${rowTable.final} f) f`;
    const filter = [
      ...unique.expressions.map((sql) => `(${sql}) is not null`),
      ...(unique.condition ? [unique.condition] : []),
    ].join(' and ');
    const key = unique.expressions.join(', ');
    const repeated = await client.query(`select from ${complete} where ${filter} group by ${key} having count(*) > 1 limit 1`);
    if (repeated.rowCount) {
      await rejectIds(client, rowTable, {
        column,
        code: 'KEY_REPEATED',
        select: `select f.id, ${textOf(column)} as value, 'Line ' || f.first_line || ' has the same ' || ${quoteText(unique.columns.join(' and '))} || ', ' || coalesce(${textOf(column)}, '') || '.' as reason
                 from (select f.*, row_number() over w as place, first_value(f._line) over w as first_line from ${complete} where ${filter}
                       window w as (partition by ${key} order by f._feed, f._line)) f where f.place > 1`,
      });
      await dropRejected(client, rowTable);
    }
    if (!tableHasRows) continue;
    const keys = (alias: string): string => unique.expressions.map((sql, i) => `(${sql}) as ${alias}${i}`).join(', ');
    const gone = await rejectIds(client, rowTable, {
      column,
      code: 'KEY_TAKEN',
      select: `select f.id, ${textOf(column)} as value, 'The database has ${rowTable.target.table} ' || e.existing_id || ' with the same ' || ${quoteText(unique.columns.join(' and '))} || ' already.' as reason
               from (select f.*, ${keys('new_')} from ${complete} where ${filter}) f
               join (select id as existing_id, ${keys('old_')} from ${existingRows(rowTable.table)} t where ${filter}) e
                 on ${unique.expressions.map((_sql, i) => `e.old_${i} = f.new_${i}`).join(' and ')}
               where e.existing_id <> f.id and not exists (select from ${rowTable.final} o where o.id = e.existing_id)`,
    });
    if (gone > 0) await dropRejected(client, rowTable);
  }
}
