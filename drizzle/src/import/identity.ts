import type { TargetTable } from './catalogue.js';
import { derivedId } from './derivedId.js';
import { quoteName } from './sql.js';

/**
 * Every row has an id within the import. A table without an id of its own (its primary key is made of other columns) gets one that is derived
 * from that key, and never sees it.
 */
export const hasOwnId = (table: TargetTable): boolean => table.columns.has('id');

/** The key of a row as one text, over columns of `alias`. */
export function keyText(columns: readonly string[], alias: string): string {
  return columns.map((name) => `(${alias}.${quoteName(name)})::text`).join(` || chr(31) || `);
}

/** The rows that the table has, with the id that they have within the import. */
export function existingRows(table: TargetTable): string {
  if (hasOwnId(table)) return quoteName(table.name);
  return `(select ${derivedId(table.name, keyText(table.primaryKey, 't'))} as id, t.* from ${quoteName(table.name)} t)`;
}

/** Whether `e`, a row of the table, and `f`, a row of the import, are one, as SQL that an index can answer. */
export function isSameRow(table: TargetTable): string {
  const columns = hasOwnId(table) ? ['id'] : table.primaryKey;
  return columns.map((name) => `e.${quoteName(name)} = f.${quoteName(name)}`).join(' and ');
}
