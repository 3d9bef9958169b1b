import type { PlacedFetch } from './entityBatches.js';
import { entityFetch } from './entityFetch.js';
import { tellThrown } from './fetchErrors.js';
import type { PlanStep } from './planStep.js';
import type { FetchMakings } from './question.js';
import { rootFetch } from './rootFetch.js';

/**
 * Asks one subgraph: either one question from the root (`legalCases`), or several about entities that are known already. What it answers is
 * merged into the answer, what it reports is reported where the caller asked for it. Never rejects.
 */
export function fetchStep(fetches: readonly PlacedFetch[], makings: FetchMakings): PlanStep {
  const [first] = fetches;
  const ask = first!.node.requires ? entityFetch(fetches, makings) : rootFetch(first!, makings);
  return async (run) => {
    if (run.signal?.aborted) return;
    try {
      await ask(run);
    } catch (error) {
      tellThrown(run, error);
    }
  };
}
