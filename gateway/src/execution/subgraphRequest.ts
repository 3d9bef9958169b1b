import type { FetchNode } from '@apollo/query-planner';
import type { FragmentApplies } from './fragmentApplies.js';
import type { NormalizedOperation } from './normalizedOperation.js';
import type { PlanExecution } from './planStep.js';
import { ownValue, setOwn } from './responseObject.js';
import { withoutRootType } from './rootType.js';
import { readAnswer } from './subgraphAnswer.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import type { SubgraphClient } from './subgraphClient.js';

/** The subgraph and the operation that a fetch of a plan belongs to. */
export interface FetchContext {
  readonly client: SubgraphClient;
  readonly operation: NormalizedOperation;
  readonly fragmentApplies: FragmentApplies;
}

/** The constant part of a request to a subgraph. The variables differ in each execution of the plan. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName: string | undefined;
}

export type Variables = Record<string, unknown>;

/** Creates the request of a fetch. */
export function requestOf({ operation, operationName }: FetchNode): SubgraphRequest {
  return { query: withoutRootType(operation), operationName };
}

/** Selects the caller's variables that a fetch uses. A variable that was not sent is left out, and the subgraph applies its default. */
export function variablesOf(
  { variableUsages }: FetchNode,
  operation: NormalizedOperation,
  { variables }: PlanExecution,
): Variables {
  const used: Variables = {};
  for (const name of variableUsages ?? []) {
    const value = ownValue(variables, operation.callerVariable(name));
    if (value !== undefined) setOwn(used, name, value);
  }
  return used;
}

/** Sends a request to a subgraph. Throws if the subgraph is unreachable, or answers without a GraphQL result. */
export async function send(
  client: SubgraphClient,
  { query, operationName }: SubgraphRequest,
  variables: Variables,
  { headers, signal }: PlanExecution,
): Promise<SubgraphAnswer> {
  return readAnswer(client.name, await client.execute({ query, variables, operationName }, headers, signal));
}
