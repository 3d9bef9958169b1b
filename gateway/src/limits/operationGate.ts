import type { ApolloServerPlugin } from '@apollo/server';
import { AppError } from '@bailiwick/kernel/errors';
import { extensionsOf } from '@bailiwick/kernel/graphql';
import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import { createCostCounter, limitCost } from './cost.js';
import { limitDepth } from './depth.js';
import { coerceVariables } from './variables.js';

/** An operation of a valid document, and who asks it. */
export interface GatedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** Undefined when the document has none of that name, or several and none was named. */
  readonly operation: OperationDefinitionNode | undefined;
  readonly request: { readonly operationName?: string | undefined; readonly variables?: Record<string, unknown> | undefined };
  readonly contextValue: GatewayContext;
}

/**
 * Decides over a valid operation before it is planned: who may ask it, and whether it is of a bearable size. Nothing has been forwarded yet.
 * The supergraph says what operations cost. The function returned throws UNAUTHENTICATED, BAD_USER_INPUT or OPERATION_TOO_COSTLY.
 */
export function operationGate(supergraphSdl: string, maxOperationCost: number): (asked: GatedOperation) => void {
  const countCost = createCostCounter(supergraphSdl);
  return ({ schema, document, operation, request, contextValue }) => {
    if (!operation) throw noSuchOperation(request.operationName);
    if (!schema.getRootType(operation.operation)) throw noRoot(operation.operation);
    if (contextValue.caller === undefined && !isIntrospection(document, operation)) throw anonymous();
    limitDepth(document, operation);
    const variables = coerceVariables(schema, operation, request.variables ?? {});
    limitCost(countCost({ document, operation, variables }), maxOperationCost);
  };
}

/** The gate where Apollo Server answers. */
export function gatePlugin(gate: (asked: GatedOperation) => void): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          try {
            gate({ schema, document, operation, request, contextValue });
          } catch (error) {
            if (error instanceof AppError) throw withStatus(error);
            throw error;
          }
        },
      };
    },
  };
}

/** The refusal of a request that carries no token. */
export function anonymous(): AppError {
  return new AppError('UNAUTHENTICATED', 'The request carries no token.', {
    hint: 'Send the header: Authorization: Bearer <token>.',
  });
}

/** Left to Apollo's gateway, these two would come back as faults of its own. */
function noSuchOperation(name: string | null | undefined): AppError {
  const message = name
    ? `The document has no operation "${name}".`
    : 'The document has several operations, and none was asked for.';
  return new AppError('BAD_USER_INPUT', message, { hint: 'Name one of its operations in operationName.' });
}

function noRoot(kind: OperationTypeNode): AppError {
  return new AppError('BAD_USER_INPUT', `The graph answers no ${kind}.`, { hint: 'Send a query or a mutation.' });
}

/** Whether the operation reads nothing but the schema. */
function isIntrospection(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false;
  // Each fragment is looked into once: spread twice in one another, a chain of thirty would else be followed a billion times.
  const seen = new Set<string>();
  const onlySchema = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return ['__schema', '__type', '__typename'].includes(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return onlySchema(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return true;
      seen.add(name);
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION && onlySchema(fragment.selectionSet);
    });
  return onlySchema(operation.selectionSet);
}

/** Apollo Server takes the HTTP status of an answer from the error's extensions, and removes it there. */
function withStatus(error: AppError): GraphQLError {
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...extensionsOf(error), http: { status: error.status } },
  });
}
