import { ownValue } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';

/** From the root of the answer to the objects that a fetch adds to: response names, and `@` for every entry of a list. */
export type PlanPath = readonly string[];

/** Where an error is, as GraphQL tells it (https://spec.graphql.org/October2021/#sec-Errors). */
export type ErrorPath = readonly (string | number)[];

/** The objects at a path, in the order of the answer. Where something on the way is null or missing there is none. */
export function targetsAt(root: ResponseObject, path: PlanPath): ResponseObject[] {
  const found: ResponseObject[] = [];
  visit(root, path, 0, (object) => found.push(object));
  return found;
}

/** Where each of the objects is. By object, because what is fetched at the same time may add some. Only errors need them. */
export function pathsOfTargets(root: ResponseObject, path: PlanPath): ReadonlyMap<ResponseObject, ErrorPath> {
  const found = new Map<ResponseObject, ErrorPath>();
  visit(root, path, 0, (object, at) => found.set(object, at.slice()), []);
  return found;
}

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
    // The entries of a list in a list have no step of their own in the plan's path.
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
