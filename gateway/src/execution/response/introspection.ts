import { executeSync, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, FieldNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { ownValue } from '../responseObject.js';

/**
 * Answers `__schema` and `__type`, which are asked of the API as a whole and not of a subgraph. What goes wrong is added to `faults`, and
 * the answer is null then; a null for an argument that has to be there is refused before (limits/cost.ts).
 */
export function introspect(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  fields: readonly FieldNode[],
  faults: GraphQLError[],
): unknown {
  const asked: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      // Of a query, also where the payload of a mutation leads back to Query.
      {
        ...operation,
        operation: OperationTypeNode.QUERY,
        directives: [],
        selectionSet: { kind: Kind.SELECTION_SET, selections: fields },
      },
      ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
    ],
  };
  const { data, errors } = executeSync({ schema, document: asked, variableValues: variables });
  faults.push(...(errors ?? []));
  const [field] = fields;
  return ownValue(data ?? {}, field!.alias?.value ?? field!.name.value);
}
