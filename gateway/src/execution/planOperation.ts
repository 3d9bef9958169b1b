import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { conditionVariables, fragmentsOf } from '@bailiwick/kernel/graphql';
import { getOperationAST, separateOperations } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { PlacedFetch } from './entityBatches.js';
import { fetchStep } from './fetch.js';
import { fieldNamesOf, plannable } from './plannable.js';
import { planStep } from './planStep.js';
import type { PlanStep } from './planStep.js';
import { shapeOf } from './response/shape.js';
import type { Selected, Shape } from './response/shape.js';
import type { SubgraphClient } from './subgraphClient.js';
import { typeConditionOf } from './typeConditions.js';

/** An operation that is planned, ready to be carried out for any caller with any variables. */
export interface PlannedOperation {
  /** No other plan of this process has it. */
  readonly id: number;
  /** The operation and its fragments, as the caller sent them. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables that decide what is skipped. */
  readonly conditionVariables: readonly string[];
  /** Asks the subgraphs. */
  readonly fetch: PlanStep;
  /** The shape of the answer under one choice of what is skipped. */
  shape(conditions: ReadonlyMap<string, boolean>): Shape;
  /** The plan, for a person to read. */
  describe(): string;
  /** In characters that are sent to subgraphs: all its fields without fragments, so a measure of the memory that it takes. */
  readonly weight: number;
}

/** Takes a valid document and the name of the operation where it has several. */
export type PlanOperation = (document: DocumentNode, operationName: string | undefined) => PlannedOperation;

/** An operation with ten conditions has a thousand shapes, each as large as the plan; so many of them are kept. */
const shapesKept = 4;

let plansMade = 0;

/** Plans over one composed supergraph. Each call plans anew: what it returns is worth keeping. */
export function createPlanner(
  supergraphSdl: string,
  apiSchema: GraphQLSchema,
  clients: ReadonlyMap<string, SubgraphClient>,
): PlanOperation {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const planned = supergraph.apiSchema();
  const fieldNames = fieldNamesOf(supergraph.schema);
  const fulfils = typeConditionOf(supergraph.schema);

  return (whole, operationName) => {
    const operation = getOperationAST(whole, operationName)!;
    // What only the other operations of the document use is none of this one's business.
    const document = separateOperations(whole)[operation.name?.value ?? '']!;
    const names = plannable(document, fieldNames);
    const plan = planner.buildQueryPlan(operationFromDocument(planned, names.document));
    if (plan.node?.kind === 'Subscription') throw new Error('The graph has no subscriptions.');
    const conditions = conditionVariables(document);
    let weight = 0;
    return {
      id: (plansMade += 1),
      document,
      operation,
      conditionVariables: conditions,
      fetch: planStep(plan.node, {
        fetch(fetches) {
          weight += weightOf(fetches);
          return fetchStep(fetches, { client: clients.get(fetches[0]!.node.serviceName)!, fulfils, names });
        },
        callerVariable: names.callerVariable,
      }),
      shape: shapesOf(
        { schema: apiSchema, fragments: fragmentsOf(document), plannedName: names.plannedName },
        operation,
        conditions,
      ),
      describe: () => (plan.node ? prettyFormatQueryPlan(plan) : ''),
      weight: weight + (whole.loc?.end ?? 0),
    };
  };
}

/** Of several, each is kept as it is asked alone and as a part of one question. */
function weightOf(fetches: readonly PlacedFetch[]): number {
  const length = fetches.reduce((sum, { node }) => sum + node.operation.length, 0);
  return fetches.length > 1 ? length * 2 : length;
}

function shapesOf(
  selected: Omit<Selected, 'conditions'>,
  { operation, selectionSet }: OperationDefinitionNode,
  names: readonly string[],
): PlannedOperation['shape'] {
  const root = selected.schema.getRootType(operation)!;
  const known = new Map<string, Shape>();
  return (conditions) => {
    const key = names.map((name) => (conditions.get(name) ? '1' : '0')).join('');
    let shape = known.get(key);
    if (shape === undefined) {
      if (known.size >= shapesKept) known.clear();
      known.set(key, (shape = shapeOf({ ...selected, conditions }, root, selectionSet)));
    }
    return shape;
  };
}
