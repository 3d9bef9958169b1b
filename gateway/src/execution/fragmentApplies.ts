import { isAbstractType, isCompositeType, isSubtype } from '@apollo/federation-internals';
import type { Schema } from '@apollo/federation-internals';

/** Tells whether a fragment `... on condition` applies to an object of type `typename`, for example `... on Node` to a type that implements Node. */
export type FragmentApplies = (condition: string, typename: string) => boolean;

/** Creates the function for a supergraph. It knows inaccessible types too, because plans use them. */
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
      // A subgraph's response may have any type name. Only the supergraph's are remembered, so the map stays small.
      if (supergraph.type(typename)) known.set(key, applies);
    }
    return applies;
  };
}
