import type { TargetTable } from './catalogue.js';
import type { Mapping, TargetSpec } from './mappingSchema.js';

/**
 * The targets of a mapping in the order in which they can be inserted: a table after those that its foreign keys and look-ups refer to,
 * and otherwise as the mapping lists them.
 */
export function insertionOrder(mapping: Mapping, tables: Map<string, TargetTable>): TargetSpec[] {
  const waiting = [...mapping.targets];
  const ordered: TargetSpec[] = [];
  while (waiting.length > 0) {
    const pending = new Set(waiting.map((target) => target.table));
    const isReady = (target: TargetSpec): boolean => {
      const isFirstOfTable = waiting.find((other) => other.table === target.table) === target;
      return isFirstOfTable && [...tablesBefore(target, tables)].every((table) => table === target.table || !pending.has(table));
    };
    // Tables that refer to each other have no right order: the mapping's own then stands, and the foreign keys judge.
    const next = waiting.find(isReady) ?? waiting[0];
    if (!next) break;
    ordered.push(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return ordered;
}

function tablesBefore(target: TargetSpec, tables: Map<string, TargetTable>): Set<string> {
  const filled = new Set(target.feeds.flatMap((feed) => Object.keys(feed.columns)));
  const keys = tables.get(target.table)?.foreignKeys ?? [];
  return new Set([
    ...keys.filter((key) => key.columns.some((name) => filled.has(name))).map((key) => key.table),
    ...target.feeds.flatMap((feed) => Object.values(feed.columns).flatMap((spec) => spec.lookup?.table ?? [])),
  ]);
}
