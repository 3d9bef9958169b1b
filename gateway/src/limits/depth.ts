import { AppError } from '@bailiwick/kernel/errors';
import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { fragmentsByName } from '../fragments.js';

/** The depth limit of an operation, in levels of fields. */
export const maxDepth = 20;

/** The depths of operations whose documents are in the document store. */
const knownDepths = new WeakMap<OperationDefinitionNode, number>();

/** Throws OPERATION_TOO_COSTLY if fields are nested deeper than `maxDepth`. The document has to be valid, so that no fragment contains itself. */
export function limitDepth(document: DocumentNode, operation: OperationDefinitionNode): void {
  let depth = knownDepths.get(operation);
  if (depth === undefined) {
    depth = depthOf(operation.selectionSet, fragmentsByName(document), new Map());
    knownDepths.set(operation, depth);
  }
  if (depth > maxDepth) {
    throw new AppError('OPERATION_TOO_COSTLY', `The operation is ${depth} levels deep; the limit is ${maxDepth}.`, {
      hint: 'Ask for the inner part in an operation of its own, by id.',
    });
  }
}

/** `known` has the depth of each visited fragment, because a fragment may be spread thousands of times. */
function depthOf(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, number>,
): number {
  let deepest = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      // Introspection is deep by nature. Its own validation rule limits it.
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
