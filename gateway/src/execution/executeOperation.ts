import { getVariableValues, GraphQLError, OperationTypeNode } from 'graphql';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { conditionsOf } from './conditions.js';
import type { PlannedOperation } from './planOperation.js';
import type { ResponseObject } from './responseObject.js';
import { introspect } from './response/introspection.js';
import type { SubgraphHeaders } from './subgraphClient.js';

export interface OperationRequest {
  /** As the caller sent them. */
  readonly variables: Record<string, unknown>;
  readonly headers: SubgraphHeaders;
  /** Tells that the caller has gone. What a mutation has begun is carried out all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface OperationResult {
  data?: ResponseObject | null;
  errors?: readonly GraphQLError[];
  /** `valueCompletion`: what a subgraph answered against its own schema, where it reported no error that would explain it. */
  extensions?: { valueCompletion?: readonly GraphQLFormattedError[]; __queryPlanExperimental?: string | true };
}

/** Carries out a planned operation: variables, then the subgraphs, then the shape of the answer. Never rejects for what a subgraph does. */
export async function executeOperation(
  schema: GraphQLSchema,
  planned: PlannedOperation,
  { variables, headers, signal }: OperationRequest,
): Promise<OperationResult> {
  const { document, operation } = planned;
  const { coerced, errors: wrong } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (wrong) return { errors: wrong };
  const conditions = conditionsOf(planned.conditionVariables, coerced);
  if (conditions instanceof GraphQLError) return { errors: [conditions] };
  const fetched: ResponseObject = {};
  const errors: GraphQLError[] = [];
  const isQuery = operation.operation === OperationTypeNode.QUERY;
  await planned.fetch({ data: fetched, variables, conditions, headers, errors, signal: isQuery ? signal : undefined });

  const completion: GraphQLError[] = [];
  const data = planned.shape(conditions)(fetched, {
    errors: completion,
    faults: errors,
    introspect: (fields) => introspect(schema, document, operation, variables, fields, errors),
  });
  if (errors.length > 0) return { data, errors };
  // Not among the errors: what a subgraph does against its schema, a caller can do nothing about, and the null says as much.
  return completion.length > 0 ? { data, extensions: { valueCompletion: completion.map((error) => error.toJSON()) } } : { data };
}
