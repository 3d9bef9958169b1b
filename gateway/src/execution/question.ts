import type { FetchNode } from '@apollo/query-planner';
import type { Plannable } from './plannable.js';
import type { PlanRun } from './planStep.js';
import { ownValue, setOwn } from './responseObject.js';
import { withoutRootType } from './rootType.js';
import { readAnswer } from './subgraphAnswer.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import type { SubgraphClient } from './subgraphClient.js';
import type { TypeCondition } from './typeConditions.js';

/** What the questions of one plan to one subgraph are made with. */
export interface FetchMakings {
  readonly client: SubgraphClient;
  readonly fulfils: TypeCondition;
  readonly names: Plannable;
}

/** What is sent to a subgraph each time, but for its variables. */
export interface Question {
  readonly query: string;
  readonly operationName: string | undefined;
}

export type Variables = Record<string, unknown>;

export function questionOf({ operation, operationName }: FetchNode): Question {
  return { query: withoutRootType(operation), operationName };
}

/** Only the variables that the caller sent: the subgraph knows the defaults of the others. */
export function variablesOf({ variableUsages }: FetchNode, names: Plannable, { variables }: PlanRun): Variables {
  const used: Variables = {};
  for (const name of variableUsages ?? []) {
    const value = ownValue(variables, names.callerVariable(name));
    if (value !== undefined) setOwn(used, name, value);
  }
  return used;
}

/** Throws where the subgraph can not be reached, or gives no answer in the form of GraphQL. */
export async function ask(
  client: SubgraphClient,
  { query, operationName }: Question,
  variables: Variables,
  { headers, signal }: PlanRun,
): Promise<SubgraphAnswer> {
  return readAnswer(client.name, await client.execute({ query, variables, operationName }, headers, signal));
}
