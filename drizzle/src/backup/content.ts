import type { ClientBase } from 'pg';
import { quotedColumn } from './catalogue.js';
import type { ColumnShape } from './catalogue.js';

/**
 * How the number is made that stands for the rows of a table, whatever their order: a sum over all rows. Every manifest names its own formula, so that
 * a backup is held for ever against the one that it was taken with. Each is to be read under plainTextSettings.
 */
interface Formula {
  /** As a manifest names it. */
  readonly words: string;
  /** The SQL of one row's share. */
  readonly ofRow: (columns: readonly ColumnShape[]) => string;
}

/** Columns by name, so that the order in which they were added does not count. */
const byName = (columns: readonly ColumnShape[]): ColumnShape[] =>
  [...columns].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** A row as text: what is the same text is the same row. */
export function rowText(columns: readonly ColumnShape[], alias?: string): string {
  const names = byName(columns).map(({ name }) => `${alias ? `${alias}.` : ''}${quotedColumn(name)}`);
  return `(row(${names.join(', ')})::text collate "C")`;
}

/** Types whose own hash takes in every bit of a value, as it is or in its binary form: that costs a third of writing the value out as text. */
const hashed: readonly { readonly type: RegExp; readonly sql: (column: string) => string }[] = [
  { type: /^(?:uuid|boolean|date|bytea)$/, sql: (column) => column },
  // By the column's own collation two texts can be equal that are not the same.
  { type: /^(?:text|character varying(?:\(\d+\))?)$/, sql: (column) => `${column} collate "C"` },
  // Their own hash folds 64 bits to 32: -1 and 4294967295 would be one. The widths are one type here, because a column may be widened.
  { type: /^(?:smallint|integer|bigint)$/, sql: (column) => `int8send(${column})` },
  { type: /^timestamp(?:\(\d\))? with time zone$/, sql: (column) => `timestamptz_send(${column})` },
  { type: /^timestamp(?:\(\d\))? without time zone$/, sql: (column) => `timestamp_send(${column})` },
];

/** The hash of a row is linear in those of its columns, and so would be the sum: values that changed places between two rows would not show. So it is hashed again. */
function rowHash(columns: readonly ColumnShape[]): string {
  const values: string[] = [];
  const others: ColumnShape[] = [];
  for (const column of byName(columns)) {
    const found = hashed.find(({ type }) => type.test(column.type));
    if (found) values.push(found.sql(quotedColumn(column.name)));
    else others.push(column);
  }
  if (others.length > 0) values.push(rowText(others));
  return `hashtextextended(hash_record_extended(row(${values.join(', ')}), 0)::text, 0)`;
}

const settingsInWords =
  "datestyle 'ISO, YMD', intervalstyle postgres, timezone UTC, extra_float_digits 3, bytea_output hex, lc_monetary C, encoding UTF8";

const formulas: readonly Formula[] = [
  {
    words:
      'sum over all rows of hashtextextended(hash_record_extended(row(<columns by name>), 0)::text, 0), where uuid, boolean, date and bytea are as they are, text and varchar collate "C", ' +
      'smallint, integer and bigint int8send(…), timestamps timestamptz_send(…) or timestamp_send(…), and columns of all other types one value at the end, row(<by name>)::text collate "C", ' +
      `with ${settingsInWords}`,
    ofRow: rowHash,
  },
  // Of the backups of format 1.
  {
    words: `sum over all rows of hashtextextended(row(<columns by name>)::text collate "C", 0), with ${settingsInWords}`,
    ofRow: (columns) => `hashtextextended(${rowText(columns)}, 0)`,
  },
];

/** What a manifest of today says about the number that stands for a table's content. */
export const contentFormula = formulas[0]?.words ?? '';

export const isKnownFormula = (words: string): boolean => formulas.some((one) => one.words === words);

/**
 * The SQL of one row's share in the number, never NULL.
 * @throws for a formula that isKnownFormula does not know.
 */
export function contentOfRow(columns: readonly ColumnShape[], formula = contentFormula): string {
  const found = formulas.find(({ words }) => words === formula);
  if (!found) throw new Error(`No formula is called "${formula}".`);
  return found.ofRow(columns);
}

/**
 * The number of rows and the number that stands for their content, whatever their order.
 * @param relation a table or a temporary one with the same columns.
 * @param columns with the types that they have there now.
 */
export async function contentOf(
  client: ClientBase,
  relation: string,
  columns: readonly ColumnShape[],
  formula = contentFormula,
): Promise<{ rows: number; content: string }> {
  const { rows } = await client.query<{ rows: string; content: string }>(
    `/* db:content */ select count(*) as rows, coalesce(sum(${contentOfRow(columns, formula)}), 0)::text as content from only ${relation}`,
  );
  return { rows: Number(rows[0]?.rows ?? 0), content: rows[0]?.content ?? '0' };
}
