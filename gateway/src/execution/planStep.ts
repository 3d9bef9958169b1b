import type { PlanNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import { batchBranches, below } from './entityBatches.js';
import type { PlacedFetch } from './entityBatches.js';
import type { ResponseObject } from './responseObject.js';
import type { SubgraphHeaders } from './subgraphClient.js';
import type { PlanPath } from './targets.js';

/** One operation while its plan is carried out. */
export interface PlanRun {
  /** What the subgraphs have answered so far, merged. */
  readonly data: ResponseObject;
  /** As the caller sent them. */
  readonly variables: Record<string, unknown>;
  /** The value of each variable that a `@skip` or `@include` asks for, defaults included. */
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly headers: SubgraphHeaders;
  readonly errors: GraphQLError[];
  /** Ends a query whose caller has gone: no further subgraph is asked, and no answer waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** A part of a plan, ready to be carried out for any caller. */
export type PlanStep = (run: PlanRun) => Promise<void>;

const nothing: PlanStep = async () => undefined;

/** What the nodes of one plan are made into steps with. */
export interface StepMakers {
  /** Makes the step that asks a subgraph: of several fetches, which are all about entities, at once. */
  fetch(fetches: readonly PlacedFetch[]): PlanStep;
  /** What the caller calls a variable of the plan. */
  callerVariable(name: string): string;
}

/** Makes a step of each node of a plan once, so that an operation that is asked again is only carried out. */
export function planStep(node: PlanNode | undefined, makers: StepMakers, path: PlanPath = []): PlanStep {
  if (node === undefined) return nothing;
  switch (node.kind) {
    case 'Sequence':
      return inTurn(node.nodes.map((child) => planStep(child, makers, path)));
    case 'Parallel':
      return parallelStep(node.nodes, makers, path);
    case 'Flatten':
      return planStep(node.node, makers, below(path, node.path));
    case 'Condition':
      return either(
        makers.callerVariable(node.condition),
        planStep(node.ifClause, makers, path),
        planStep(node.elseClause, makers, path),
      );
    case 'Fetch':
      return makers.fetch([{ node, path }]);
    case 'Defer':
      throw new Error('The planner was not asked to defer anything.');
  }
}

function parallelStep(nodes: readonly PlanNode[], makers: StepMakers, path: PlanPath): PlanStep {
  const { batches, others } = batchBranches(nodes, path);
  const batched = batches.map(({ fetches, rests }) => {
    const first = makers.fetch(fetches);
    return rests.length === 0 ? first : inTurn([first, parallelStep(rests, makers, path)]);
  });
  return atOnce([...batched, ...others.map((child) => planStep(child, makers, path))]);
}

function inTurn(steps: readonly PlanStep[]): PlanStep {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function atOnce(steps: readonly PlanStep[]): PlanStep {
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}

function either(condition: string, ifTrue: PlanStep, ifFalse: PlanStep): PlanStep {
  return (run) => (run.conditions.get(condition) === true ? ifTrue(run) : ifFalse(run));
}
