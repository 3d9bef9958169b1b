import type { PlacedFetch } from './entityBatches.js';
import { rootErrors } from './fetchErrors.js';
import type { PlanStep } from './planStep.js';
import { ask, questionOf, variablesOf } from './question.js';
import type { FetchMakings } from './question.js';
import { mergeIntoEach } from './responseObject.js';
import { renamedKeys, rewriteOf } from './rewrites.js';
import { targetsAt } from './targets.js';

/** Asks a subgraph from the root, or from each place where a payload leads back to it. */
export function rootFetch({ node, path }: PlacedFetch, { client, fulfils, names }: FetchMakings): PlanStep {
  const place = { subgraph: client.name, path, names, renamed: renamedKeys(node.outputRewrites) };
  const rewrite = rewriteOf(node.outputRewrites, fulfils);
  const question = questionOf(node);
  return async (run) => {
    const targets = targetsAt(run.data, path);
    if (targets.length === 0) return;
    const { data, errors } = await ask(client, question, variablesOf(node, names, run), run);
    if (errors.length > 0) run.errors.push(...rootErrors(run, place, targets, errors));
    if (data === undefined) return;
    rewrite?.(data);
    mergeIntoEach(targets, data);
  };
}
