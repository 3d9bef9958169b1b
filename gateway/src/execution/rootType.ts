import { Kind, parse, print, stripIgnoredCharacters } from 'graphql';
import type { SelectionNode } from 'graphql';

/**
 * Removes type conditions on root types from the operation of a fetch. Below a payload that leads back to Query the planner writes `... on Query`,
 * but a subgraph may name its root types differently.
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
              selectionSet: {
                ...definition.selectionSet,
                selections: definition.selectionSet.selections.map(withoutTypeCondition),
              },
            }
          : definition,
      ),
    }),
  );
}

/** The root has only one possible type, so a fragment without its type condition means the same. */
function withoutTypeCondition(selection: SelectionNode): SelectionNode {
  return selection.kind === Kind.INLINE_FRAGMENT ? { ...selection, typeCondition: undefined } : selection;
}
