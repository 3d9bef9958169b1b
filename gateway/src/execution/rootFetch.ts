import type { FetchAtPath } from './entityBatches.js';
import { rootErrors } from './fetchErrors.js';
import type { PlanStep } from './planStep.js';
import { mergeIntoEach } from './responseObject.js';
import { renamedKeys, rewriteOf } from './rewrites.js';
import { requestOf, send, variablesOf } from './subgraphRequest.js';
import type { FetchContext } from './subgraphRequest.js';
import { targetsAt } from './targets.js';

/** Creates the step that fetches root fields. It merges them into the response root, or into each `Query` object that a mutation's payload contains. */
export function rootFetch({ node, path }: FetchAtPath, { client, operation, fragmentApplies }: FetchContext): PlanStep {
  const source = { subgraph: client.name, path, operation, renamed: renamedKeys(node.outputRewrites) };
  const rewrite = rewriteOf(node.outputRewrites, fragmentApplies);
  const request = requestOf(node);
  return async (execution) => {
    const targets = targetsAt(execution.data, path);
    if (targets.length === 0) return;
    const { data, errors } = await send(client, request, variablesOf(node, operation, execution), execution);
    if (errors.length > 0) execution.errors.push(...rootErrors(execution, source, targets, errors));
    if (data === undefined) return;
    rewrite?.(data);
    mergeIntoEach(targets, data);
  };
}
