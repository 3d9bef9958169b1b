import type { SavedDefinition } from './manifest.js';

/** Tables and columns hold rows, so they come before them whatever they need. */
const holdsRows = (kind: string): boolean => kind === 'schema' || kind === 'table' || kind === 'column';

/**
 * Brings definitions into an order in which each comes after what it needs; `needs` counts in the given list, and in the result.
 * What needs something of a later stage moves to that stage: a function that returns rows of a view comes after the view.
 */
export function inOrder(definitions: readonly SavedDefinition[]): SavedDefinition[] {
  const stages = definitions.map(({ stage }) => stage);
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (i: number): void => {
    const one = definitions[i];
    if (!one || seen.has(i)) return;
    seen.add(i);
    for (const need of one.needs) {
      visit(need);
      if (!holdsRows(one.kind)) stages[i] = Math.max(stages[i] ?? 0, stages[need] ?? 0);
    }
    order.push(i);
  };
  for (const i of definitions.keys()) visit(i);
  order.sort((a, b) => (stages[a] ?? 0) - (stages[b] ?? 0));
  const places = new Map(order.map((i, place) => [i, place]));
  return order.flatMap((i) => {
    const one = definitions[i];
    if (!one) return [];
    return [
      { ...one, stage: stages[i] ?? one.stage, needs: one.needs.map((need) => places.get(need) ?? 0).sort((a, b) => a - b) },
    ];
  });
}

/**
 * What a restore of some schemas is about: what lies in them, and what depends on that, through any number of steps.
 * A table counts by its schema alone. A cascade takes a column of a type that is gone, and leaves the table.
 */
export function concernedBy(definitions: readonly SavedDefinition[], schemas: ReadonlySet<string>): boolean[] {
  const known: (boolean | undefined)[] = [];
  const isConcerned = (i: number): boolean => {
    const found = known[i];
    if (found !== undefined) return found;
    const one = definitions[i];
    if (!one) return false;
    // Of a circle, whoever asks first decides.
    known[i] = schemas.has(one.schema) || schemas.has(one.refersTo ?? '');
    known[i] ||= one.kind !== 'table' && one.needs.some(isConcerned);
    return known[i];
  };
  return definitions.map((_, i) => isConcerned(i));
}
