/** What a column of a sample row can hold. Dates and times are ISO text, amounts are text with two decimals. */
export type Value = string | number | boolean | null | readonly string[];

/** One row: column name to value. All rows of one table name the same columns. */
export type Row = Readonly<Record<string, Value>>;

/** Rows by table name with its schema, in an order that satisfies the foreign keys. */
export type TableRows = Readonly<Record<string, readonly Row[]>>;

/** The three columns that every table ends with. */
export function stamps(
  createdAt: string,
  updatedAt = createdAt,
  version = 1,
): { created_at: string; updated_at: string; version: number } {
  return { created_at: createdAt, updated_at: updatedAt, version };
}
