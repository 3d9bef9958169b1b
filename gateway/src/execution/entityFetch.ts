import type { ErrorCode } from '@bailiwick/kernel/errors';
import { answerPart, batchRequests } from './batchedRequest.js';
import type { BatchedRequest } from './batchedRequest.js';
import type { FetchAtPath } from './entityBatches.js';
import { addThrown, entityErrors } from './fetchErrors.js';
import type { PlanExecution, PlanStep } from './planStep.js';
import { representationsOf } from './representations.js';
import type { Representations } from './representations.js';
import { isResponseObject, mergeIntoEach, ownValue } from './responseObject.js';
import { renamedKeys, rewriteOf } from './rewrites.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import { explainThrown } from './subgraphErrors.js';
import { requestOf, send, variablesOf } from './subgraphRequest.js';
import type { FetchContext, SubgraphRequest, Variables } from './subgraphRequest.js';
import { targetsAt } from './targets.js';

/** One entity fetch of a plan. It is created once for the plan. */
interface EntityFetch {
  /** The request that the fetch sends alone. */
  readonly request: SubgraphRequest;
  represent(execution: PlanExecution): Representations;
  /** Returns the variables without the representations. */
  variables(execution: PlanExecution): Variables;
  /** Merges an answer into the response, and adds its errors. */
  merge(execution: PlanExecution, entities: Representations, answer: SubgraphAnswer): void;
}

/** An entity fetch in one execution of the plan. `index` is its position in the batched request. */
interface ActiveFetch {
  readonly fetch: EntityFetch;
  readonly index: number;
  readonly entities: Representations;
}

/** Errors of the whole request. Each fetch alone would get them too. */
const requestErrors: ReadonlySet<unknown> = new Set<ErrorCode>(['SERVICE_UNAVAILABLE', 'UNAUTHENTICATED']);

/**
 * Creates the step that sends entity fetches to one subgraph, in one request. A fetch without entities is left out. If only one has entities it sends
 * its own request, so that the subgraph sees the same operation each time.
 * If more than one fetch fails, each failed one is sent again alone, because one may have made the others fail: a subgraph that answers in one transaction
 * fails everything after the first failed statement.
 */
export function entityFetch(fetches: readonly FetchAtPath[], context: FetchContext): PlanStep {
  const { client } = context;
  const entityFetches = fetches.map((fetch) => createEntityFetch(fetch, context));
  const batch = entityFetches.length > 1 ? batchRequests(entityFetches.map(({ request }) => request)) : undefined;

  async function sendAlone(execution: PlanExecution, { fetch, entities }: ActiveFetch): Promise<void> {
    const variables = { ...fetch.variables(execution), representations: entities.values };
    fetch.merge(execution, entities, await send(client, fetch.request, variables, execution));
  }

  async function sendBatch(execution: PlanExecution, batched: BatchedRequest, all: readonly ActiveFetch[]): Promise<void> {
    let variables: Variables = {};
    for (const { fetch, index, entities } of all)
      variables = { ...variables, ...fetch.variables(execution), [batched.representations[index]!]: entities.values };
    const answer = await send(client, batched.request, variables, execution);
    const parts = all.filter(hasEntities).map((active) => ({ active, ...answerPart(answer, batched, active.index) }));
    const failed = parts.filter(({ isComplete }) => !isComplete);
    // A single failed fetch with data has failed by itself: sending it again would give the same answer.
    const isConclusive = failed.length === 1 && failed[0]!.answer.data !== undefined;
    const isRequestError = answer.errors.some(({ extensions }) => requestErrors.has(extensions?.['code']));
    const sendsAgain = !isConclusive && !isRequestError;
    for (const { active, answer: own, isComplete } of parts)
      if (isComplete || !sendsAgain) active.fetch.merge(execution, active.entities, own);
    if (!sendsAgain || execution.signal?.aborted) return;
    await Promise.all(
      failed.map(({ active }) => sendAlone(execution, active).catch((error: unknown) => addThrown(execution, error))),
    );
  }

  return async (execution) => {
    const all = entityFetches.map((fetch, index) => ({ fetch, index, entities: fetch.represent(execution) }));
    const [first, ...others] = all.filter(hasEntities);
    if (first === undefined) return;
    if (batch === undefined || others.length === 0) await sendAlone(execution, first);
    else await sendBatch(execution, batch, all);
  };
}

const hasEntities = ({ entities }: ActiveFetch): boolean => entities.values.length > 0;

function createEntityFetch({ node, path }: FetchAtPath, { client, operation, fragmentApplies }: FetchContext): EntityFetch {
  const source = { subgraph: client.name, path, operation, renamed: renamedKeys(node.outputRewrites) };
  const represent = representationsOf(node.requires!, rewriteOf(node.inputRewrites, fragmentApplies), fragmentApplies);
  const rewrite = rewriteOf(node.outputRewrites, fragmentApplies);
  return {
    request: requestOf(node),
    represent: (execution) => represent(targetsAt(execution.data, path)),
    variables: (execution) => variablesOf(node, operation, execution),
    merge(execution, { values, targetsOf }, { data, errors }) {
      if (errors.length > 0) execution.errors.push(...entityErrors(execution, source, targetsOf, errors));
      if (data === undefined) return;
      const entities = ownValue(data, '_entities');
      if (!Array.isArray(entities) || entities.length !== values.length) {
        // With errors, the subgraph has explained the missing entities already.
        if (errors.length === 0) execution.errors.push(wrongLength(client.name, values.length));
        return;
      }
      for (const [index, entity] of entities.entries()) {
        if (!isResponseObject(entity)) continue;
        const targets = targetsOf[index]!;
        // A rewrite may be for one type only, and the fetch may not have asked for `__typename`.
        if (rewrite && typeof entity['__typename'] !== 'string') entity['__typename'] = targets[0]!['__typename'];
        rewrite?.(entity);
        mergeIntoEach(targets, entity);
      }
    },
  };
}

function wrongLength(subgraph: string, expected: number): ReturnType<typeof explainThrown> {
  return explainThrown(
    new Error(`The subgraph ${subgraph} was asked for ${expected} entities and answered with another number.`),
  );
}
