import type { ApolloServerPlugin, GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { AppError } from '@bailiwick/kernel/errors';
import { withStatus } from '@bailiwick/kernel/graphql';
import { Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import { fragmentsByName } from '../fragments.js';
import { createCostCounter, limitCost } from './cost.js';
import { limitDepth } from './depth.js';
import { coerceVariables } from './variables.js';

/**
 * Creates the plugin of Apollo Server that decides whether a valid operation is executed: it checks the caller, the depth and the cost, which the supergraph
 * states. It runs before planning, so nothing has been sent to a subgraph. It refuses with UNAUTHENTICATED, BAD_USER_INPUT or OPERATION_TOO_COSTLY.
 */
export function operationGate(supergraphSdl: string, maxOperationCost: number): ApolloServerPlugin<GatewayContext> {
  const countCost = createCostCounter(supergraphSdl);

  function check({
    schema,
    document,
    operation,
    request,
    contextValue,
  }: GraphQLRequestContextDidResolveOperation<GatewayContext>): void {
    // Without this check, @apollo/gateway would report it as its own fault.
    if (!operation) throw unknownOperation(request.operationName);
    if (contextValue.caller === undefined && !isIntrospection(document, operation)) throw tokenMissing();
    limitDepth(document, operation);
    const variables = coerceVariables(schema, operation, request.variables ?? {});
    limitCost(countCost({ document, operation, variables }), maxOperationCost);
  }

  return {
    async requestDidStart() {
      return {
        async didResolveOperation(context) {
          const start = performance.now();
          try {
            check(context);
          } catch (error) {
            // Large variables that do not fit take time to print, and a client could send them again and again.
            context.contextValue.chargePreparation?.(performance.now() - start);
            if (error instanceof AppError) throw withStatus(error);
            throw error;
          }
        },
      };
    },
  };
}

/** Creates the error for a request without a token. */
export function tokenMissing(): AppError {
  return new AppError('UNAUTHENTICATED', 'The request carries no token.', {
    hint: 'Send the header: Authorization: Bearer <token>.',
  });
}

function unknownOperation(name: string | null | undefined): AppError {
  const message = name
    ? `The document has no operation "${name}".`
    : 'The document has several operations, and none was asked for.';
  return new AppError('BAD_USER_INPUT', message, { hint: 'Name one of its operations in operationName.' });
}

/** Tells whether an operation reads only the schema. */
function isIntrospection(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false;
  const fragments = fragmentsByName(document);
  // Each fragment is visited once. A chain of thirty fragments that spread the next one twice would otherwise need a billion visits.
  const visited = new Set<string>();
  const readsOnlySchema = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return ['__schema', '__type', '__typename'].includes(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return readsOnlySchema(selection.selectionSet);
      const name = selection.name.value;
      if (visited.has(name)) return true;
      visited.add(name);
      const fragment = fragments.get(name);
      return fragment !== undefined && readsOnlySchema(fragment.selectionSet);
    });
  return readsOnlySchema(operation.selectionSet);
}
