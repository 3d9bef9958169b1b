import type { FetchDataRewrite } from '@apollo/query-planner';
import type { FragmentApplies } from './fragmentApplies.js';
import { isResponseObject, ownValue, setOwn } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';

/** Changes an object in place as a plan demands: replaces a type name that a subgraph knows differently, or renames an alias back. */
export type Rewrite = (value: unknown) => void;

const fragment = '... on ';

/** Combines the rewrites of a fetch into one function. Returns undefined if there are none. */
export function rewriteOf(
  rewrites: readonly FetchDataRewrite[] | undefined,
  fragmentApplies: FragmentApplies,
): Rewrite | undefined {
  if (rewrites === undefined || rewrites.length === 0) return undefined;
  const steps = rewrites.map((rewrite) => {
    const change = changeOf(rewrite);
    const parent = rewrite.path.slice(0, -1);
    return (value: unknown) => changeAt(value, parent, 0, change, fragmentApplies);
  });
  return (value) => {
    for (const step of steps) step(value);
  };
}

/** Returns the keys that the rewrites rename, with their later names. The planner invents each of these keys for one path only. */
export function renamedKeys(rewrites: readonly FetchDataRewrite[] | undefined): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const rewrite of rewrites ?? []) {
    if (rewrite.kind === 'KeyRenamer') renamed.set(rewrite.path.at(-1)!, rewrite.renameKeyTo);
  }
  return renamed;
}

function changeOf(rewrite: FetchDataRewrite): (object: ResponseObject) => void {
  const name = rewrite.path.at(-1)!;
  switch (rewrite.kind) {
    case 'ValueSetter':
      return (object) => setOwn(object, name, rewrite.setValueTo);
    case 'KeyRenamer':
      return (object) => {
        if (!Object.hasOwn(object, name)) return;
        setOwn(object, rewrite.renameKeyTo, ownValue(object, name));
        delete object[name];
      };
  }
}

function changeAt(
  value: unknown,
  path: readonly string[],
  depth: number,
  change: (object: ResponseObject) => void,
  fragmentApplies: FragmentApplies,
): void {
  if (Array.isArray(value)) {
    for (const entry of value) changeAt(entry, path, depth, change, fragmentApplies);
    return;
  }
  if (!isResponseObject(value)) return;
  const step = path[depth];
  if (step === undefined) {
    change(value);
  } else if (step.startsWith(fragment)) {
    // Without a `__typename` the object can have only one type, so the fragment applies.
    const typename = value['__typename'];
    const applies = typeof typename !== 'string' || fragmentApplies(step.slice(fragment.length), typename);
    if (applies) changeAt(value, path, depth + 1, change, fragmentApplies);
  } else {
    changeAt(ownValue(value, step), path, depth + 1, change, fragmentApplies);
  }
}
