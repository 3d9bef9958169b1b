import type { TargetTable } from './catalogue.js';
import { conversionTo } from './conversions.js';
import type { ColumnSpec } from './mappingSchema.js';
import { quoteName } from './sql.js';
import { alike } from './texts.js';

export type LookupSpec = NonNullable<ColumnSpec['lookup']>;

/** A look-up of a row by natural key, as joins to add to a FROM clause, and what they give. */
export interface LookupSql {
  joins: string[];
  value: string;
  /** True where the key fits more than one row. */
  isAmbiguous: string;
}

/**
 * Looks a row of `table` up by each column of `by` in turn; the first that fits counts. `text` is SQL for the key, `alias` makes the joins' names unique.
 * `aliasTable` holds ids that rows of this import had before they were united with another.
 */
export function lookupSql(
  spec: LookupSpec,
  table: TargetTable,
  text: string,
  alias: string,
  aliasTable: string | undefined,
): LookupSql {
  const joins: string[] = [];
  const values: string[] = [];
  const ambiguous: string[] = [];
  spec.by.forEach((column, i) => {
    const name = `${alias}_${i}`;
    const from = quoteName(spec.table);
    const [key, take] = [quoteName(column), quoteName(spec.take)];
    const type = table.columns.get(column)?.type ?? 'text';
    const isUnique =
      column === 'id' || table.uniques.some((unique) => unique.condition === null && unique.expressions.join() === column);
    if (type === 'uuid' && isUnique) {
      const uuid = conversionTo('uuid')?.sql(text) ?? text;
      if (column === 'id' && aliasTable) {
        joins.push(`left join ${aliasTable} ${name}_a on ${name}_a.alias = ${uuid}`);
        joins.push(`left join ${from} ${name} on ${name}.id = coalesce(${name}_a.id, ${uuid})`);
      } else joins.push(`left join ${from} ${name} on ${name}.${key} = ${uuid}`);
      values.push(`${name}.${take}`);
    } else if (isUnique && !spec.ignoreCase) {
      joins.push(`left join ${from} ${name} on ${name}.${key} = ${text}`);
      values.push(`${name}.${take}`);
    } else {
      const normal = (sql: string): string => (spec.ignoreCase ? alike(sql) : sql);
      joins.push(
        `left join (select ${normal(key)} as k, (array_agg(${take}))[1] as v, count(*) as n from ${from} where ${key} is not null group by 1) ${name} on ${name}.k = ${normal(text)}`,
      );
      values.push(`case when ${name}.n = 1 then ${name}.v end`);
      ambiguous.push(`coalesce(${name}.n > 1, false)`);
    }
  });
  return {
    joins,
    value: values.length > 1 ? `coalesce(${values.join(', ')})` : (values[0] ?? 'null'),
    isAmbiguous: ambiguous.length > 0 ? `(${ambiguous.join(' or ')})` : 'false',
  };
}
