import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Plannable } from './plannable.js';
import type { PlanRun } from './planStep.js';
import type { ResponseObject } from './responseObject.js';
import { explainSubgraphError, explainThrown } from './subgraphErrors.js';
import { pathsOfTargets } from './targets.js';
import type { ErrorPath, PlanPath } from './targets.js';

/** Where a fetch adds to the answer, and in which words. */
export interface FetchPlace {
  readonly subgraph: string;
  readonly path: PlanPath;
  readonly names: Plannable;
  /** The keys that are renamed once they are here, with their later names. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** `legalCase.title` of the subgraph is the title below each target. An error that names no place is told without one. */
export function rootErrors(
  { data }: PlanRun,
  place: FetchPlace,
  targets: readonly ResponseObject[],
  errors: readonly GraphQLFormattedError[],
): GraphQLError[] {
  const paths = pathsOfTargets(data, place.path);
  return errors.flatMap((error) => {
    const { path } = error;
    return path
      ? targets.map((target) => located(place, error, [...(paths.get(target) ?? place.path), ...path]))
      : [explainSubgraphError(error, place.subgraph, undefined)];
  });
}

/** `_entities.3.title` of the subgraph is the title of each target that the third representation stands for: those of `targetsOf[3]`. */
export function entityErrors(
  { data }: PlanRun,
  place: FetchPlace,
  targetsOf: readonly (readonly ResponseObject[])[],
  errors: readonly GraphQLFormattedError[],
): GraphQLError[] {
  const paths = pathsOfTargets(data, place.path);
  return errors.flatMap((error) => {
    const [field, index, ...within] = error.path ?? [];
    const targets = field === '_entities' && typeof index === 'number' ? targetsOf[index] : undefined;
    if (targets === undefined) return [located(place, error, branch(place.path))];
    return targets.map((target) => {
      const at = paths.get(target);
      return located(place, error, at ? [...at, ...within] : branch(place.path));
    });
  });
}

/** What was thrown while a subgraph was asked. Nobody waits any more for what was given up. */
export function tellThrown({ errors, signal }: PlanRun, error: unknown): void {
  if (!signal?.aborted) errors.push(explainThrown(error));
}

/** Of no entity in particular: the place is where the answer branches. */
function branch(path: PlanPath): PlanPath {
  return path.includes('@') ? path.slice(0, path.indexOf('@')) : path;
}

function located({ subgraph, names, renamed }: FetchPlace, error: GraphQLFormattedError, path: ErrorPath): GraphQLError {
  const final = renamed.size === 0 ? path : path.map((step) => (typeof step === 'string' ? (renamed.get(step) ?? step) : step));
  return explainSubgraphError(error, subgraph, names.callerPath(final));
}
