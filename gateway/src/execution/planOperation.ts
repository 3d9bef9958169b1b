import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { getOperationAST, separateOperations } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { fragmentsByName } from '../fragments.js';
import { conditionVariables } from './conditions.js';
import type { ConditionValues } from './conditions.js';
import type { FetchAtPath } from './entityBatches.js';
import { fetchStep } from './fetchStep.js';
import { createFragmentApplies } from './fragmentApplies.js';
import { fieldNamesOf, normalizeOperation } from './normalizedOperation.js';
import { planStep } from './planStep.js';
import type { PlanStep } from './planStep.js';
import { responseCompleter } from './response/complete.js';
import type { CompleteResponse, SelectedOperation } from './response/complete.js';
import type { SubgraphClient } from './subgraphClient.js';

/** A planned operation. It can be executed for any caller with any variables. */
export interface PlannedOperation {
  /** The operation and its fragments, as the caller sent them. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables that `@skip` and `@include` use. */
  readonly conditionVariables: readonly string[];
  /** Executes the plan: fetches from the subgraphs. */
  readonly fetch: PlanStep;
  /** Returns the function that completes the response, for one choice of the conditions. */
  completer(conditions: ConditionValues): CompleteResponse;
  /** Prints the plan. */
  describe(): string;
  /** A measure of the memory that the plan takes: the characters of its document and of its subgraph requests, which have no fragments. */
  readonly weight: number;
}

/** Plans an operation of a valid document. `operationName` is needed if the document has several operations. */
export type PlanOperation = (document: DocumentNode, operationName: string | undefined) => PlannedOperation;

/** The completers that a plan keeps. Ten conditions have a thousand choices, and a completer is about as large as its plan. */
const completersKept = 4;

/** Creates the planner of a composed supergraph. It plans anew at each call, so its plans are worth keeping. */
export function createPlanner(
  supergraphSdl: string,
  apiSchema: GraphQLSchema,
  clients: ReadonlyMap<string, SubgraphClient>,
): PlanOperation {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const plannerSchema = supergraph.apiSchema();
  const fieldNames = fieldNamesOf(supergraph.schema);
  const fragmentApplies = createFragmentApplies(supergraph.schema);

  return (wholeDocument, operationName) => {
    const operation = getOperationAST(wholeDocument, operationName)!;
    // The fragments and variables of other operations in the document would only be in the way.
    const document = separateOperations(wholeDocument)[operation.name?.value ?? '']!;
    const normalized = normalizeOperation(document, fieldNames);
    const plan = planner.buildQueryPlan(operationFromDocument(plannerSchema, normalized.document));
    if (plan.node?.kind === 'Subscription') throw new Error('The graph has no subscriptions.');
    const conditions = conditionVariables(document);
    let weight = wholeDocument.loc?.end ?? 0;
    const fetch = planStep(plan.node, {
      createFetch(fetches) {
        weight += weightOf(fetches);
        const client = clients.get(fetches[0]!.node.serviceName)!;
        return fetchStep(fetches, { client, operation: normalized, fragmentApplies });
      },
      callerVariable: normalized.callerVariable,
    });
    return {
      document,
      operation,
      conditionVariables: conditions,
      fetch,
      completer: completersOf(
        { schema: apiSchema, fragments: fragmentsByName(document), plannedName: normalized.plannedName },
        operation,
        conditions,
      ),
      describe: () => (plan.node ? prettyFormatQueryPlan(plan) : ''),
      weight,
    };
  };
}

/** Several fetches keep their own requests beside the batched one. */
function weightOf(fetches: readonly FetchAtPath[]): number {
  const length = fetches.reduce((sum, { node }) => sum + node.operation.length, 0);
  return fetches.length > 1 ? length * 2 : length;
}

function completersOf(
  selected: Omit<SelectedOperation, 'conditions'>,
  { operation, selectionSet }: OperationDefinitionNode,
  names: readonly string[],
): PlannedOperation['completer'] {
  const root = selected.schema.getRootType(operation)!;
  const completers = new Map<string, CompleteResponse>();
  return (conditions) => {
    const key = names.map((name) => (conditions[name] ? '1' : '0')).join('');
    let completer = completers.get(key);
    if (completer === undefined) {
      if (completers.size >= completersKept) completers.clear();
      completers.set(key, (completer = responseCompleter({ ...selected, conditions }, root, selectionSet)));
    }
    return completer;
  };
}
