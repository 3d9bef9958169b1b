import type { PlanNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { ConditionValues } from './conditions.js';
import { groupBranches, joinPath } from './entityBatches.js';
import type { FetchAtPath } from './entityBatches.js';
import type { ResponseObject } from './responseObject.js';
import type { SubgraphHeaders } from './subgraphClient.js';
import type { PlanPath } from './targets.js';

/** One execution of a plan, for one request. */
export interface PlanExecution {
  /** The merged data of the subgraphs so far. Each fetch adds to it. */
  readonly data: ResponseObject;
  /** The variables as the caller sent them. */
  readonly variables: Record<string, unknown>;
  readonly conditions: ConditionValues;
  readonly headers: SubgraphHeaders;
  /** The errors so far. Each fetch adds to them. */
  readonly errors: GraphQLError[];
  /** Aborts when the caller of a query disconnects. The gateway then sends no more requests and waits for no response. Mutations have no signal. */
  readonly signal?: AbortSignal | undefined;
}

/** Executes one part of a plan. Each plan creates its steps once; each request calls them. */
export type PlanStep = (execution: PlanExecution) => Promise<void>;

const doNothing: PlanStep = async () => undefined;

/** Supplies what plan steps need of their operation. */
export interface StepFactories {
  /** Creates the step that sends fetches to one subgraph. If there are several, all are entity fetches, and one request carries them. */
  createFetch(fetches: readonly FetchAtPath[]): PlanStep;
  /** Maps the name of a variable in the plan to the caller's name. */
  callerVariable(name: string): string;
}

/** Creates the step for a node of a query plan. `path` leads from the response root to the objects that the node adds to. */
export function planStep(node: PlanNode | undefined, factories: StepFactories, path: PlanPath = []): PlanStep {
  if (node === undefined) return doNothing;
  switch (node.kind) {
    case 'Sequence':
      return inSequence(node.nodes.map((child) => planStep(child, factories, path)));
    case 'Parallel':
      return parallelStep(node.nodes, factories, path);
    case 'Flatten':
      return planStep(node.node, factories, joinPath(path, node.path));
    case 'Condition':
      return conditionStep(
        factories.callerVariable(node.condition),
        planStep(node.ifClause, factories, path),
        planStep(node.elseClause, factories, path),
      );
    case 'Fetch':
      return factories.createFetch([{ node, path }]);
    case 'Defer':
      throw new Error('The planner is not configured for @defer.');
  }
}

/** Creates the step that executes nodes in parallel. Entity fetches to one subgraph share a request; the nodes behind them start when it is answered. */
function parallelStep(nodes: readonly PlanNode[], factories: StepFactories, path: PlanPath): PlanStep {
  const { batches, others } = groupBranches(nodes, path);
  const batchSteps = batches.map(({ fetches, rests }) => {
    const fetch = factories.createFetch(fetches);
    return rests.length === 0 ? fetch : inSequence([fetch, parallelStep(rests, factories, path)]);
  });
  return inParallel([...batchSteps, ...others.map((child) => planStep(child, factories, path))]);
}

function inSequence(steps: readonly PlanStep[]): PlanStep {
  return async (execution) => {
    for (const step of steps) await step(execution);
  };
}

function inParallel(steps: readonly PlanStep[]): PlanStep {
  return async (execution) => {
    await Promise.all(steps.map((step) => step(execution)));
  };
}

function conditionStep(variable: string, ifTrue: PlanStep, ifFalse: PlanStep): PlanStep {
  return (execution) => (execution.conditions[variable] === true ? ifTrue(execution) : ifFalse(execution));
}
