import { getVariableValues, GraphQLError, OperationTypeNode } from 'graphql';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { conditionValues } from './conditions.js';
import type { PlannedOperation } from './planOperation.js';
import { introspect } from './response/introspection.js';
import type { ResponseObject } from './responseObject.js';
import type { SubgraphHeaders } from './subgraphClient.js';

/** The parts of a request that differ between executions of one planned operation. */
export interface ExecutionRequest {
  /** The variables as the caller sent them. */
  readonly variables: Record<string, unknown>;
  readonly headers: SubgraphHeaders;
  /** Aborts when the caller has disconnected. A mutation is executed to its end all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface OperationResult {
  data?: ResponseObject | null;
  errors?: readonly GraphQLError[];
  /** `valueCompletion`: values that are invalid for the schema, where no subgraph reported an error. @apollo/gateway has the same extension. */
  extensions?: { valueCompletion?: readonly GraphQLFormattedError[]; __queryPlanExperimental?: string | true };
}

/**
 * Executes a planned operation: coerces the variables, fetches from the subgraphs, completes the response. Never rejects because of a subgraph:
 * its failures are errors of the result.
 */
export async function executeOperation(
  schema: GraphQLSchema,
  planned: PlannedOperation,
  { variables, headers, signal }: ExecutionRequest,
): Promise<OperationResult> {
  const { document, operation } = planned;
  const { coerced, errors: invalid } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (invalid) return { errors: invalid };
  const conditions = conditionValues(planned.conditionVariables, coerced);
  if (conditions instanceof GraphQLError) return { errors: [conditions] };
  const fetched: ResponseObject = {};
  const errors: GraphQLError[] = [];
  const isQuery = operation.operation === OperationTypeNode.QUERY;
  await planned.fetch({ data: fetched, variables, conditions, headers, errors, signal: isQuery ? signal : undefined });

  const completionErrors: GraphQLError[] = [];
  const data = planned.completer(conditions)(fetched, {
    errors: completionErrors,
    faults: errors,
    introspect: (fields) => introspect(schema, document, operation, variables, fields, errors),
  });
  if (errors.length > 0) return { data, errors };
  // An extension and no error: the caller can do nothing about a subgraph's invalid value, and the response has null for it.
  return completionErrors.length > 0
    ? { data, extensions: { valueCompletion: completionErrors.map((error) => error.toJSON()) } }
    : { data };
}
