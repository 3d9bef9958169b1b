import type { FetchAtPath } from './entityBatches.js';
import { entityFetch } from './entityFetch.js';
import { addThrown } from './fetchErrors.js';
import type { PlanStep } from './planStep.js';
import { rootFetch } from './rootFetch.js';
import type { FetchContext } from './subgraphRequest.js';

/**
 * Creates the step for fetches from one subgraph: either one root fetch (for example `legalCases`), or one or more entity fetches. The step merges
 * the subgraph's data into the response, and adds its errors at the caller's paths. It never rejects.
 */
export function fetchStep(fetches: readonly FetchAtPath[], context: FetchContext): PlanStep {
  const [first] = fetches;
  const fetch = first!.node.requires ? entityFetch(fetches, context) : rootFetch(first!, context);
  return async (execution) => {
    if (execution.signal?.aborted) return;
    try {
      await fetch(execution);
    } catch (error) {
      addThrown(execution, error);
    }
  };
}
