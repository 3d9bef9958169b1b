import { executeSync, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, FieldNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { ownValue } from '../responseObject.js';

/**
 * Answers a `__schema` or `__type` field from the API's schema, with graphql-js. `fields` are the nodes of that field. Adds errors to `errors`,
 * and returns null then. The cost limit refuses a null for a required argument before (limits/cost.ts).
 */
export function introspect(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  fields: readonly FieldNode[],
  errors: GraphQLError[],
): unknown {
  const introspection: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        // The payload of a mutation may lead back to Query, where introspection fields are allowed too.
        operation: OperationTypeNode.QUERY,
        directives: [],
        selectionSet: { kind: Kind.SELECTION_SET, selections: fields },
      },
      ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
    ],
  };
  const result = executeSync({ schema, document: introspection, variableValues: variables });
  errors.push(...(result.errors ?? []));
  const [field] = fields;
  return ownValue(result.data ?? {}, field!.alias?.value ?? field!.name.value);
}
