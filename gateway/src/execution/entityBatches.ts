import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { PlanPath } from './targets.js';

/** A fetch of a plan, and the place in the answer that it adds to. */
export interface PlacedFetch {
  readonly node: FetchNode;
  readonly path: PlanPath;
}

/** Parts of a plan that are carried out at the same time. */
export interface Branches {
  /** Those that begin by asking the same subgraph about entities: that can be asked together, and the rest of each when it is answered. */
  readonly batches: readonly EntityBatch[];
  /** All others. */
  readonly others: readonly PlanNode[];
}

export interface EntityBatch {
  readonly fetches: readonly PlacedFetch[];
  /** What is to be done after them, at the same time. */
  readonly rests: readonly PlanNode[];
}

interface Branch {
  readonly node: PlanNode;
  readonly first: PlacedFetch;
  readonly rest: PlanNode | undefined;
}

/**
 * Finds what can be asked together. The planner makes a fetch of each place in the answer, so a page that names people in three places asks the
 * subgraph of people three times at once. Each time costs a request and a transaction, and may see another moment of the database.
 * @param path of the part of the plan that has these branches.
 */
export function batchBranches(nodes: readonly PlanNode[], path: PlanPath): Branches {
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

/** A part of a plan that begins with a question about entities; undefined for any other, and for one that a condition decides on. */
function branchOf(node: PlanNode, path: PlanPath): Branch | undefined {
  const [start, ...later] = node.kind === 'Sequence' ? node.nodes : [node];
  if (start?.kind !== 'Flatten' || start.node.kind !== 'Fetch' || !start.node.requires) return undefined;
  const first = { node: start.node, path: below(path, start.path) };
  return { node, first, rest: later.length > 0 ? { kind: 'Sequence', nodes: later } : undefined };
}

/** A path of the planner, which has numbers in it where a list has a place of its own. */
export function below(path: PlanPath, further: readonly (string | number)[]): PlanPath {
  return [...path, ...further.map(String)];
}
