import type { FetchNode } from '@apollo/query-planner';
import { entityErrors, rootErrors } from './fetchErrors.js';
import type { FetchPlace } from './fetchErrors.js';
import type { Plannable } from './plannable.js';
import type { PlanRun, PlanStep } from './planStep.js';
import { representationsOf } from './representations.js';
import { copyOf, isResponseObject, mergeInto, ownValue, setOwn } from './responseObject.js';
import type { ResponseObject } from './responseObject.js';
import { renamedKeys, rewriteOf } from './rewrites.js';
import { withoutRootType } from './rootType.js';
import { readAnswer } from './subgraphAnswer.js';
import type { SubgraphAnswer } from './subgraphAnswer.js';
import type { SubgraphClient } from './subgraphClient.js';
import { explainThrown } from './subgraphErrors.js';
import { targetsAt } from './targets.js';
import type { PlanPath } from './targets.js';
import type { TypeCondition } from './typeConditions.js';

/** What the fetches of one plan are made with. */
export interface FetchMakings {
  readonly client: SubgraphClient;
  readonly fulfils: TypeCondition;
  readonly names: Plannable;
}

/** A fetch of a plan, and the place in the answer that it adds to. */
interface PlacedFetch extends FetchMakings {
  readonly node: FetchNode;
  readonly place: FetchPlace;
  readonly query: string;
}

/**
 * One question to one subgraph: either from the root (`legalCases`), or about entities that are known already. What it answers is
 * merged into the answer, what it reports is reported where the caller asked for it. Never rejects.
 */
export function fetchStep(node: FetchNode, path: PlanPath, makings: FetchMakings): PlanStep {
  const place = { subgraph: node.serviceName, path, names: makings.names, renamed: renamedKeys(node.outputRewrites) };
  const placed: PlacedFetch = { ...makings, node, place, query: withoutRootType(node.operation) };
  const ask = node.requires ? entityFetch(placed, node.requires) : rootFetch(placed);
  return async (run) => {
    if (run.signal?.aborted) return;
    try {
      await ask(run);
    } catch (error) {
      // Nobody waits any more for what was given up.
      if (!run.signal?.aborted) run.errors.push(explainThrown(error));
    }
  };
}

function rootFetch(placed: PlacedFetch): PlanStep {
  const { node, place, fulfils } = placed;
  const rewrite = rewriteOf(node.outputRewrites, fulfils);
  return async (run) => {
    const targets = targetsAt(run.data, place.path);
    if (targets.length === 0) return;
    const { data, errors } = await send(placed, run, variablesOf(placed, run));
    if (errors.length > 0) run.errors.push(...rootErrors(run, place, targets, errors));
    if (data === undefined) return;
    rewrite?.(data);
    mergeIntoEach(targets, data);
  };
}

function entityFetch(placed: PlacedFetch, requires: NonNullable<FetchNode['requires']>): PlanStep {
  const { node, place, fulfils } = placed;
  const represent = representationsOf(requires, rewriteOf(node.inputRewrites, fulfils), fulfils);
  const rewrite = rewriteOf(node.outputRewrites, fulfils);
  return async (run) => {
    const { values, targetsOf } = represent(targetsAt(run.data, place.path));
    if (values.length === 0) return;
    const variables = variablesOf(placed, run);
    variables['representations'] = values;
    const { data, errors } = await send(placed, run, variables);
    if (errors.length > 0) run.errors.push(...entityErrors(run, place, targetsOf, errors));
    if (data === undefined) return;
    const entities = ownValue(data, '_entities');
    if (!Array.isArray(entities) || entities.length !== values.length) {
      // A subgraph that says what went wrong need not say it twice.
      if (errors.length > 0) return;
      throw new Error(
        `The subgraph ${node.serviceName} was asked for ${values.length} entities and answered with another number.`,
      );
    }
    for (const [index, entity] of entities.entries()) {
      if (!isResponseObject(entity)) continue;
      const same = targetsOf[index]!;
      // A rewrite may hold for one type only, and the subgraph need not have been asked for the type.
      if (rewrite && typeof entity['__typename'] !== 'string') entity['__typename'] = same[0]!['__typename'];
      rewrite?.(entity);
      mergeIntoEach(same, entity);
    }
  };
}

/** Each target gets objects of its own: what is fetched for one of them later is not for the others. */
function mergeIntoEach(targets: readonly ResponseObject[], source: ResponseObject): void {
  for (let index = 1; index < targets.length; index++) mergeInto(targets[index]!, copyOf(source));
  if (targets[0]) mergeInto(targets[0], source);
}

/** Only the variables that the caller sent: the subgraph knows the defaults of the others. */
function variablesOf({ node, names }: PlacedFetch, { variables }: PlanRun): Record<string, unknown> {
  const used: Record<string, unknown> = {};
  for (const name of node.variableUsages ?? []) {
    const value = ownValue(variables, names.callerVariable(name));
    if (value !== undefined) setOwn(used, name, value);
  }
  return used;
}

async function send(
  { node, query, client }: PlacedFetch,
  { headers, signal }: PlanRun,
  variables: Record<string, unknown>,
): Promise<SubgraphAnswer> {
  const { operationName, serviceName } = node;
  return readAnswer(serviceName, await client.execute({ query, variables, operationName }, headers, signal));
}
