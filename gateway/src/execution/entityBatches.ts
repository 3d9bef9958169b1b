import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { PlanPath } from './targets.js';

/** A fetch of a plan, with the response path of the objects that it adds to. */
export interface FetchAtPath {
  readonly node: FetchNode;
  readonly path: PlanPath;
}

/** The branches of a parallel node, grouped by their first request. */
export interface GroupedBranches {
  /** Branches that begin with an entity fetch from the same subgraph. */
  readonly batches: readonly EntityBatch[];
  /** All other branches. */
  readonly others: readonly PlanNode[];
}

/** Entity fetches from one subgraph that share a request. */
export interface EntityBatch {
  readonly fetches: readonly FetchAtPath[];
  /** The rests of the branches, to be executed in parallel after the request. */
  readonly rests: readonly PlanNode[];
}

interface Branch {
  readonly node: PlanNode;
  readonly first: FetchAtPath;
  readonly rest: PlanNode | undefined;
}

/**
 * Groups the branches of a parallel node. The planner creates a fetch for each response path, so a page that shows people at three paths would send three
 * requests to the people's subgraph at the same time. Each request costs a transaction, and each may see another state of the database.
 * Processor time of Node and PostgreSQL for one caseDetail in one process, 2026-11-30, three rounds in turns on a busy machine: 20.0, 11.6 and
 * 13.1 ms with batches, 19.9, 16.5 and 16.5 ms without. For caseList the rounds differed more among themselves than with and without batches.
 * @param path the response path of the parallel node.
 */
export function groupBranches(nodes: readonly PlanNode[], path: PlanPath): GroupedBranches {
  const bySubgraph = new Map<string, Branch[]>();
  const others: PlanNode[] = [];
  for (const node of nodes) {
    const branch = branchOf(node, path);
    if (branch === undefined) {
      others.push(node);
      continue;
    }
    const { serviceName } = branch.first.node;
    const known = bySubgraph.get(serviceName);
    if (known) known.push(branch);
    else bySubgraph.set(serviceName, [branch]);
  }
  const batches: EntityBatch[] = [];
  for (const branches of bySubgraph.values()) {
    if (branches.length === 1) others.push(branches[0]!.node);
    else batches.push({ fetches: branches.map(({ first }) => first), rests: branches.flatMap(({ rest }) => rest ?? []) });
  }
  return { batches, others };
}

/** Splits a branch that begins with an entity fetch. Returns undefined for every other branch. */
function branchOf(node: PlanNode, path: PlanPath): Branch | undefined {
  const [start, ...later] = node.kind === 'Sequence' ? node.nodes : [node];
  if (start?.kind !== 'Flatten' || start.node.kind !== 'Fetch' || !start.node.requires) return undefined;
  const first = { node: start.node, path: joinPath(path, start.path) };
  return { node, first, rest: later.length > 0 ? { kind: 'Sequence', nodes: later } : undefined };
}

/** Appends a path of the planner, whose type allows numbers beside names. */
export function joinPath(path: PlanPath, further: readonly (string | number)[]): PlanPath {
  return [...path, ...further.map(String)];
}
