import { Kind, parse, print, stripIgnoredCharacters } from 'graphql';
import type { SelectionNode } from 'graphql';

/**
 * An operation of a plan that any subgraph understands. Below a payload that leads back to Query the planner asks for `... on Query`, but a
 * subgraph may call its root types as it likes.
 */
export function withoutRootType(operation: string): string {
  if (!/\.\.\. ?on (Query|Mutation)\b/.test(operation)) return operation;
  const { definitions, ...document } = parse(operation);
  return stripIgnoredCharacters(
    print({
      ...document,
      definitions: definitions.map((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? {
              ...definition,
              selectionSet: { ...definition.selectionSet, selections: definition.selectionSet.selections.map(ofAnyType) },
            }
          : definition,
      ),
    }),
  );
}

/** The type of the root is the only one that it can have: without it, a fragment says the same. */
function ofAnyType(selection: SelectionNode): SelectionNode {
  return selection.kind === Kind.INLINE_FRAGMENT ? { ...selection, typeCondition: undefined } : selection;
}
