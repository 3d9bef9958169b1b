import { ownValue } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';

/** A path from the response root to the objects that a fetch adds to. A step is a field name in the subgraphs' data; `@` stands for all entries of a list. */
export type PlanPath = readonly string[];

/** The path of an error (https://spec.graphql.org/October2021/#sec-Errors). */
export type ErrorPath = readonly (string | number)[];

/** Returns the objects at a path, in response order. A null or a missing value on the path leads to no object. */
export function targetsAt(root: ResponseObject, path: PlanPath): ResponseObject[] {
  const found: ResponseObject[] = [];
  visit(root, path, 0, (object) => found.push(object));
  return found;
}

/**
 * Returns the error path of each object at a plan path. Only errors need these paths, so `targetsAt` does not compute them. The map is keyed by object and not
 * by index, because a parallel fetch can add objects in the meantime.
 */
export function pathsOfTargets(root: ResponseObject, path: PlanPath): ReadonlyMap<ResponseObject, ErrorPath> {
  const found = new Map<ResponseObject, ErrorPath>();
  visit(root, path, 0, (object, at) => found.set(object, at.slice()), []);
  return found;
}

/** `at` is the error path of `value`. It is undefined when the caller needs no error paths. */
function visit(
  value: unknown,
  path: PlanPath,
  depth: number,
  found: (object: ResponseObject, at: (string | number)[]) => void,
  at: (string | number)[] | undefined = undefined,
): void {
  if (typeof value !== 'object' || value === null) return;
  const step = path[depth];
  if (Array.isArray(value)) {
    // A plan path has a single `@` for nested lists, so an inner list uses no step.
    const next = step === '@' ? depth + 1 : depth;
    for (let index = 0; index < value.length; index++) {
      at?.push(index);
      visit(value[index], path, next, found, at);
      at?.pop();
    }
  } else if (step === undefined) {
    found(value as ResponseObject, at ?? []);
  } else if (step !== '@') {
    at?.push(step);
    visit(ownValue(value as ResponseObject, step), path, depth + 1, found, at);
    at?.pop();
  }
}
