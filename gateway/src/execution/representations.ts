import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { FragmentApplies } from './fragmentApplies.js';
import { isResponseObject, mergeInto, ownValue, setOwn } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';
import type { Rewrite } from './rewrites.js';

/** The representations of an entity fetch, each once, with the response objects that each represents. */
export interface Representations {
  readonly values: readonly ResponseObject[];
  /** The targets of each value, by the value's index. */
  readonly targetsOf: readonly (readonly ResponseObject[])[];
}

/** Creates the representations for the targets of a fetch. */
export type Represent = (targets: readonly ResponseObject[]) => Representations;

/**
 * Creates the function that represents entities to a subgraph, from the fields that the plan requires. Equal representations are sent
 * once: fifty cases with the same lead need one person. A target is left out if no type condition applies, or if it lacks a required field
 * because an earlier fetch failed.
 */
export function representationsOf(
  requires: readonly QueryPlanSelectionNode[],
  rewrite: Rewrite | undefined,
  fragmentApplies: FragmentApplies,
): Represent {
  return (targets) => {
    const values: ResponseObject[] = [];
    const targetsOf: ResponseObject[][] = [];
    const indices = new Map<string, number>();
    for (const target of targets) {
      const value = select(target, requires, fragmentApplies);
      if (value === undefined || typeof value['__typename'] !== 'string') continue;
      // A rewrite may give two types equal representations. They stay apart, because an output rewrite may be for one of them only.
      const typeBefore = rewrite ? value['__typename'] : '';
      rewrite?.(value);
      const key = `${typeBefore} ${JSON.stringify(value)}`;
      const index = indices.get(key);
      if (index === undefined) {
        indices.set(key, values.length);
        values.push(value);
        targetsOf.push([target]);
      } else {
        targetsOf[index]!.push(target);
      }
    }
    return { values, targetsOf };
  };
}

/** Copies the selected fields of an object. Returns undefined if the object lacks one of them. */
function select(
  source: ResponseObject,
  selections: readonly QueryPlanSelectionNode[],
  fragmentApplies: FragmentApplies,
): ResponseObject | undefined {
  const selected: ResponseObject = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
      const value = ownValue(source, name);
      if (value === undefined) return undefined;
      setOwn(selected, name, selection.selections ? selectWithin(value, selection.selections, fragmentApplies) : value);
    } else {
      const { typeCondition } = selection;
      const typename = source['__typename'];
      if (typeCondition === undefined || typeof typename !== 'string' || !fragmentApplies(typeCondition, typename)) continue;
      const part = select(source, selection.selections, fragmentApplies);
      if (part !== undefined) mergeInto(selected, part);
    }
  }
  return selected;
}

function selectWithin(value: unknown, selections: readonly QueryPlanSelectionNode[], fragmentApplies: FragmentApplies): unknown {
  if (Array.isArray(value)) return value.map((entry) => selectWithin(entry, selections, fragmentApplies));
  return isResponseObject(value) ? (select(value, selections, fragmentApplies) ?? null) : null;
}
