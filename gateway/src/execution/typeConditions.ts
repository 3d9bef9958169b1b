import { isAbstractType, isCompositeType, isSubtype } from '@apollo/federation-internals';
import type { Schema } from '@apollo/federation-internals';

/** Whether an object of this type fulfils a type condition: `... on Node` is fulfilled by every type that implements Node. */
export type TypeCondition = (condition: string, typename: string) => boolean;

/** Decides by the supergraph, inaccessible types included: what a subgraph is told of an entity may depend on those. */
export function typeConditionOf(supergraph: Schema): TypeCondition {
  const known = new Map<string, boolean>();
  const decide: TypeCondition = (condition, typename) => {
    const required = supergraph.type(condition);
    const actual = supergraph.type(typename);
    if (!required || !actual || !isAbstractType(required) || !isCompositeType(actual)) return false;
    return isSubtype(required, actual);
  };
  return (condition, typename) => {
    if (condition === typename) return true;
    // No GraphQL name holds a space. What a subgraph calls a type is its own affair, so only known types are remembered.
    const key = `${condition} ${typename}`;
    let fulfilled = known.get(key);
    if (fulfilled === undefined) {
      fulfilled = decide(condition, typename);
      if (supergraph.type(typename)) known.set(key, fulfilled);
    }
    return fulfilled;
  };
}
