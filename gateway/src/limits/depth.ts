import { AppError } from '@bailiwick/kernel/errors';
import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';

/** The deepest operation that is answered, in levels of fields. */
export const maxDepth = 20;

/** Of operations whose documents are kept. */
const knownDepths = new WeakMap<OperationDefinitionNode, number>();

/** Throws OPERATION_TOO_COSTLY when fields are nested deeper than `maxDepth`. Takes a valid document: no fragment contains itself. */
export function limitDepth(document: DocumentNode, operation: OperationDefinitionNode): void {
  let depth = knownDepths.get(operation);
  if (depth === undefined) {
    depth = depthOf(operation.selectionSet, fragmentsOf(document), new Map());
    knownDepths.set(operation, depth);
  }
  if (depth > maxDepth) {
    throw new AppError('OPERATION_TOO_COSTLY', `The operation is ${depth} levels deep; the limit is ${maxDepth}.`, {
      hint: 'Ask for the inner part in an operation of its own, by id.',
    });
  }
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/** `known` keeps the depth of each fragment: it may be spread in thousands of places. */
function depthOf(
  selectionSet: SelectionSetNode,
  fragments: Map<string, FragmentDefinitionNode>,
  known: Map<string, number>,
): number {
  let deepest = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      // The introspection of a schema is deep by nature, and bounded by a rule of its own.
      const isIntrospection = selection.name.value.startsWith('__');
      const below = selection.selectionSet && !isIntrospection ? depthOf(selection.selectionSet, fragments, known) : 0;
      deepest = Math.max(deepest, 1 + below);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, depthOf(selection.selectionSet, fragments, known));
    } else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (fragment === undefined) continue;
      if (!known.has(name)) known.set(name, depthOf(fragment.selectionSet, fragments, known));
      deepest = Math.max(deepest, known.get(name)!);
    }
  }
  return deepest;
}
