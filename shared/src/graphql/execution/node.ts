import type { GraphQLResolveInfo } from 'graphql';
import type { PlannedField, ResultObject } from './plan.js';

/** An object of the answer while its fields are filled in. */
export interface ResponseNode {
  /** What its fields are read from. */
  readonly source: unknown;
  readonly result: ResultObject;
  /** Where it stands; undefined for the root. */
  readonly place: Place | undefined;
}

/** A place in the answer: a field of an object, or an entry of the list that it is. */
export interface Place {
  readonly node: ResponseNode;
  readonly field: PlannedField;
  /** Of the entry in its list, and in the lists within it. */
  readonly indices: readonly number[];
}

type Path = GraphQLResolveInfo['path'];

/** The path of a place as resolvers are given it. */
export function pathOf({ node, field, indices }: Place): Path {
  const path: Path = {
    prev: node.place && pathOf(node.place),
    key: field.key,
    typename: field.parentType.name,
  };
  return indices.reduce<Path>((prev, key) => ({ prev, key, typename: undefined }), path);
}

/** What stands at a place now. */
function valueAt({ node, field }: Place, indices: readonly number[]): unknown {
  let value = node.result[field.key];
  for (const index of indices) {
    if (!Array.isArray(value)) return undefined;
    value = value[index];
  }
  return value;
}

/** Whether the object is still part of the answer, and was not lost with a null above it. */
export function isAttached(node: ResponseNode, root: ResultObject | null): boolean {
  let current = node;
  while (current.place) {
    if (valueAt(current.place, current.place.indices) !== current.result) return false;
    current = current.place.node;
  }
  return current.result === root;
}

/** Whether the answer still has the place: neither its object nor the list around it was lost. */
export function isOpen(place: Place, root: ResultObject | null): boolean {
  if (place.indices.length > 0 && !Array.isArray(valueAt(place, place.indices.slice(0, -1)))) return false;
  return isAttached(place.node, root);
}

/** Puts a value in its place, which is open. */
export function store({ node, field, indices }: Place, value: unknown): void {
  if (indices.length === 0) {
    node.result[field.key] = value;
    return;
  }
  let list = node.result[field.key] as unknown[];
  for (const index of indices.slice(0, -1)) list = list[index] as unknown[];
  list[indices.at(-1)!] = value;
}
