import type { ClientBase } from 'pg';
import { existingRows } from './identity.js';
import type { RepeatRule } from './mappingSchema.js';
import type { RowTable } from './rowTable.js';
import { labelSql, sourceSql, dropRejected } from './rowTable.js';
import { quoteName, quoteText } from './sql.js';

const order = 'order by r._feed, r._line';

/** Rows with one key get one id: that of the first. The ids that go are remembered, because other files name the row by them. */
export async function uniteRows(client: ClientBase, rowTable: RowTable, keyExpressions: string[]): Promise<string> {
  const key = keyExpressions.join(', ');
  await client.query(
    `update ${rowTable.rows} r set id = u.first_id
     from (select ctid as place, first_value(id) over (partition by ${key} order by _feed, _line) as first_id
           from ${rowTable.rows} where ${keyExpressions.map((sql) => `${sql} is not null`).join(' and ')}) u
     where u.place = r.ctid and u.first_id <> r.id`,
  );
  const aliases = `"pg_temp"."aliases_${rowTable.number}"`;
  await client.query(
    `create temp table aliases_${rowTable.number} on commit drop as
     select distinct on (_own_id) _own_id as alias, id from ${rowTable.rows} where _own_id <> id and _own_id is not null order by _own_id`,
  );
  return aliases;
}

/** Rejects each row whose id an earlier row has already. */
export async function rejectRepeats(client: ClientBase, rowTable: RowTable): Promise<void> {
  const repeats = await client.query(`select from ${rowTable.rows} group by id having count(*) > 1 limit 1`);
  if (repeats.rowCount === 0) return;
  const { key, feeds } = rowTable.target;
  const label = key
    ? labelSql(rowTable, key[0] ?? 'id')
    : quoteText(feeds[0]?.id && 'column' in feeds[0].id ? (feeds[0].id.column[0] ?? '') : '');
  const value = key ? `(r.${quoteName(key[0] ?? 'id')})::text` : 'r.id::text';
  await client.query(
    `insert into pg_temp.rejected (source, line, target, csv_column, value, reason, code)
     select ${sourceSql(rowTable)}, r._line, ${rowTable.number}, ${label}, ${value},
       'Line ' || r.first_line || ' has the same key, ' || coalesce(${value}, '') || '.', 'KEY_REPEATED'
     from (select *, row_number() over w as place, first_value(_line) over w as first_line from ${rowTable.rows}
           window w as (partition by id order by _feed, _line)) r
     where r.place > 1 ${order}`,
  );
  await dropRejected(client, rowTable);
}

/**
 * Makes one row of all rows with one id, column by column after its rule, and rejects the rows that differ where they must agree.
 * With `completing`, the row that the table has already counts as the first: mended rows, and one file of several, complete it.
 */
export async function mergeRepeats(client: ClientBase, rowTable: RowTable, completing: boolean): Promise<void> {
  if (completing) await addExistingRows(client, rowTable);
  for (const column of rowTable.columns) {
    if (ruleOf(rowTable, column) === 'agree') await rejectDisagreement(client, rowTable, column);
  }
  await dropRejected(client, rowTable);
  const own = rowTable.ownReferences.map((name) => `_own_${name}`);
  const merged = [
    ...own.map((name) => `${firstOf(quoteName(name), 'asc')} as ${quoteName(name)}`),
    ...rowTable.columns.map((name) => `${mergedSql(quoteName(name), ruleOf(rowTable, name))} as ${quoteName(name)}`),
  ];
  await client.query(
    `create temp table merged_${rowTable.number} on commit drop as
     select (array_agg(r._feed ${order}))[1] as _feed, (array_agg(r._line ${order}))[1] as _line, r.id, ${merged.join(', ')}
     from ${rowTable.rows} r group by r.id having bool_or(r._feed >= 0)`,
  );
  rowTable.final = `"pg_temp"."merged_${rowTable.number}"`;
}

function ruleOf(rowTable: RowTable, column: string): RepeatRule {
  const stated = rowTable.target.feeds.map((feed) => feed.columns[column]?.repeats).find((rule) => rule !== undefined);
  return stated ?? (rowTable.table.columns.get(column)?.type === 'text[]' ? 'union' : 'agree');
}

async function addExistingRows(client: ClientBase, rowTable: RowTable): Promise<void> {
  const columns = rowTable.columns.map(quoteName).join(', ');
  await client.query(
    `insert into ${rowTable.rows} (_feed, _line, id, ${columns})
     select -1, 0, e.id, ${rowTable.columns.map((name) => `e.${quoteName(name)}`).join(', ')} from ${existingRows(rowTable.table)} e
     where e.id in (select id from ${rowTable.rows})`,
  );
}

async function rejectDisagreement(client: ClientBase, rowTable: RowTable, column: string): Promise<void> {
  const name = quoteName(column);
  await client.query(
    `insert into pg_temp.rejected (source, line, target, csv_column, value, reason, code)
     select ${sourceSql(rowTable)}, r._line, ${rowTable.number}, ${labelSql(rowTable, column)}, left((r.${name})::text, 1000),
       left('"' || (r.${name})::text || '" differs from "' || (g.first_value)::text || '" ' ||
         case when g.first_feed < 0 then 'in the database' else 'on line ' || g.first_line end || ', which has the same key.', 2000), 'ROWS_DISAGREE'
     from (select r.id, ${firstOf(name, 'asc')} as first_value,
             (array_agg(r._line ${order}) filter (where r.${name} is not null))[1] as first_line,
             (array_agg(r._feed ${order}) filter (where r.${name} is not null))[1] as first_feed
           from ${rowTable.rows} r group by r.id having min((r.${name})::text) <> max((r.${name})::text)) g
     join ${rowTable.rows} r on r.id = g.id
     where r.${name} <> g.first_value and r._feed >= 0 ${order}`,
  );
}

const firstOf = (name: string, direction: 'asc' | 'desc'): string =>
  `(array_agg(r.${name} order by r._feed ${direction}, r._line ${direction}) filter (where r.${name} is not null))[1]`;

function mergedSql(name: string, rule: RepeatRule): string {
  if (typeof rule === 'object') {
    const ranks = `array[${rule.strictest.map(quoteText).join(', ')}]`;
    return `(${ranks})[min(array_position(${ranks}, r.${name}))]`;
  }
  switch (rule) {
    case 'agree':
    case 'first':
      return firstOf(name, 'asc');
    case 'last':
      return firstOf(name, 'desc');
    case 'any':
      return `bool_or(r.${name})`;
    case 'all':
      return `bool_and(r.${name})`;
    case 'min':
    case 'max':
      return `${rule}(r.${name})`;
    case 'join':
      return `string_agg(distinct r.${name}, '; ')`;
    case 'union': {
      const together = `string_to_array(string_agg(nullif(array_to_string(r.${name}, chr(31)), ''), chr(31)), chr(31))`;
      return `(select array_agg(distinct item order by item) from unnest(${together}) item)`;
    }
  }
}
