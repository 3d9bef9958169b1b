import { isAbstractType, isCompositeType, isSubtype } from '@apollo/federation-internals';
import type { Schema } from '@apollo/federation-internals';

/** Tells whether a fragment `... on condition` applies to an object of type `typename`, for example `... on Node` to a type that implements Node. */
export type FragmentApplies = (condition: string, typename: string) => boolean;

/** Creates the check for a supergraph. It includes inaccessible types, because plans use them. */
export function createFragmentApplies(supergraph: Schema): FragmentApplies {
  const known = new Map<string, boolean>();
  const decide: FragmentApplies = (condition, typename) => {
    const required = supergraph.type(condition);
    const actual = supergraph.type(typename);
    if (!required || !actual || !isAbstractType(required) || !isCompositeType(actual)) return false;
    return isSubtype(required, actual);
  };
  return (condition, typename) => {
    if (condition === typename) return true;
    const key = `${condition} ${typename}`;
    let applies = known.get(key);
    if (applies === undefined) {
      applies = decide(condition, typename);
      // A subgraph can answer with any type name. The map keeps only type names of the supergraph, so its size is bounded.
      if (supergraph.type(typename)) known.set(key, applies);
    }
    return applies;
  };
}
