import type { FetchDataRewrite } from '@apollo/query-planner';
import { isResponseObject, ownValue, setOwn } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';
import type { TypeCondition } from './typeConditions.js';

/** Changes an object in place as the planner asks: a type name that a subgraph knows differently, or an alias that has to be undone. */
export type Rewrite = (value: unknown) => void;

const fragment = '... on ';

/** Makes one function of the rewrites of a fetch; undefined where there are none. */
export function rewriteOf(rewrites: readonly FetchDataRewrite[] | undefined, fulfils: TypeCondition): Rewrite | undefined {
  if (rewrites === undefined || rewrites.length === 0) return undefined;
  const steps = rewrites.map((rewrite) => {
    const change = changeOf(rewrite);
    const parent = rewrite.path.slice(0, -1);
    return (value: unknown) => changeAt(value, parent, 0, change, fulfils);
  });
  return (value) => {
    for (const step of steps) step(value);
  };
}

/** The keys that the rewrites rename, each with its later name. The planner makes each of them up for one place only. */
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
  fulfils: TypeCondition,
): void {
  if (Array.isArray(value)) {
    for (const entry of value) changeAt(entry, path, depth, change, fulfils);
    return;
  }
  if (!isResponseObject(value)) return;
  const step = path[depth];
  if (step === undefined) {
    change(value);
  } else if (step.startsWith(fragment)) {
    // A rewrite within a fragment also holds for an object whose type was not asked for: it is then of the only type that it can be.
    const typename = value['__typename'];
    const applies = typeof typename !== 'string' || fulfils(step.slice(fragment.length), typename);
    if (applies) changeAt(value, path, depth + 1, change, fulfils);
  } else {
    changeAt(ownValue(value, step), path, depth + 1, change, fulfils);
  }
}
