import { tableName } from '../backup/catalogue.js';
import type { SavedForeignKey } from '../backup/manifest.js';

/**
 * Tables in the order in which their rows can be inserted: each after those that its foreign keys refer to, and else by name.
 * Tables that refer to each other have no right order; they come by name.
 */
export function inForeignKeyOrder<T extends { schema: string; name: string }>(
  tables: readonly T[],
  foreignKeys: readonly SavedForeignKey[],
): T[] {
  const waiting = [...tables].sort((a, b) => (tableName(a) < tableName(b) ? -1 : 1));
  const ordered: T[] = [];
  while (waiting.length > 0) {
    const pending = new Set(waiting.map(tableName));
    const refersTo = (table: T): string[] =>
      foreignKeys
        .filter((key) => key.schema === table.schema && key.table === table.name)
        .map((key) => `${key.toSchema}.${key.toTable}`)
        .filter((name) => name !== tableName(table));
    const next = waiting.find((table) => !refersTo(table).some((name) => pending.has(name))) ?? waiting[0];
    if (!next) break;
    ordered.push(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return ordered;
}
