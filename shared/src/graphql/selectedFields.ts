import { Kind, OperationTypeNode, visit } from 'graphql';
import type { DocumentNode } from 'graphql';

/**
 * The names of all fields that a document selects anywhere, fragments included; undefined where it writes, because what a mutation reads
 * on its way is decided by more than its selection.
 */
export type SelectedFields = ReadonlySet<string> | undefined;

const known = new WeakMap<DocumentNode, { names: SelectedFields }>();

/** Looks through a document once. */
export function selectedFields(document: DocumentNode): SelectedFields {
  let found = known.get(document);
  if (found === undefined) known.set(document, (found = { names: namesIn(document) }));
  return found.names;
}

function namesIn(document: DocumentNode): SelectedFields {
  const isReading = document.definitions.every(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.operation === OperationTypeNode.QUERY,
  );
  if (!isReading) return undefined;
  const names = new Set<string>();
  visit(document, { Field: ({ name }) => void names.add(name.value) });
  return names;
}
