import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { NormalizedOperation } from './normalizedOperation.js';
import type { PlanExecution } from './planStep.js';
import type { ResponseObject } from './responseObject.js';
import { explainSubgraphError, explainThrown } from './subgraphErrors.js';
import { pathsOfTargets } from './targets.js';
import type { ErrorPath, PlanPath } from './targets.js';

/** The fetch that errors come from. */
export interface ErrorSource {
  readonly subgraph: string;
  /** The response path of the fetch. */
  readonly path: PlanPath;
  readonly operation: NormalizedOperation;
  /** The keys that the fetch's output rewrites rename, with their later names. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Translates the errors of a root fetch. Its path `legalCase.title` is the title below each target. An error without a path stays without one. */
export function rootErrors(
  { data }: PlanExecution,
  source: ErrorSource,
  targets: readonly ResponseObject[],
  errors: readonly GraphQLFormattedError[],
): GraphQLError[] {
  const paths = pathsOfTargets(data, source.path);
  return errors.flatMap((error) => {
    const { path } = error;
    return path
      ? targets.map((target) => errorAt(source, error, [...(paths.get(target) ?? source.path), ...path]))
      : [explainSubgraphError(error, source.subgraph, undefined)];
  });
}

/**
 * Translates the errors of an entity fetch. Its path `_entities.3.title` is the title of each target of representation 3: those of `targetsOf[3]`.
 * An error that belongs to no entity gets the path up to the first list.
 */
export function entityErrors(
  { data }: PlanExecution,
  source: ErrorSource,
  targetsOf: readonly (readonly ResponseObject[])[],
  errors: readonly GraphQLFormattedError[],
): GraphQLError[] {
  const paths = pathsOfTargets(data, source.path);
  return errors.flatMap((error) => {
    const [field, index, ...within] = error.path ?? [];
    const targets = field === '_entities' && typeof index === 'number' ? targetsOf[index] : undefined;
    if (targets === undefined) return [errorAt(source, error, pathToFirstList(source.path))];
    return targets.map((target) => {
      const path = paths.get(target);
      return errorAt(source, error, path ? [...path, ...within] : pathToFirstList(source.path));
    });
  });
}

/** Adds an exception of a fetch to the errors. An exception after the abort is no error: nobody waits for the result. */
export function addThrown({ errors, signal }: PlanExecution, error: unknown): void {
  if (!signal?.aborted) errors.push(explainThrown(error));
}

function pathToFirstList(path: PlanPath): PlanPath {
  return path.includes('@') ? path.slice(0, path.indexOf('@')) : path;
}

function errorAt({ subgraph, operation, renamed }: ErrorSource, error: GraphQLFormattedError, path: ErrorPath): GraphQLError {
  const rewritten = path.map((step) => (typeof step === 'string' ? (renamed.get(step) ?? step) : step));
  return explainSubgraphError(error, subgraph, operation.callerPath(rewritten));
}
