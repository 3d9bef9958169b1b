import type { ApolloServerPlugin } from '@apollo/server';
import { AppError } from '@bailiwick/kernel/errors';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../context.js';

/** How much of the event loop one person may take for parsing, validating and planning new documents. */
export interface PreparationLimits {
  /** The part of the time, 0 to 1, that is given back while the person does nothing. */
  readonly share: number;
  /** The milliseconds that may be taken at once. */
  readonly burst: number;
}

export const defaultPreparationLimits: PreparationLimits = { share: 0.25, burst: 5_000 };

/** How many people's times are kept. Whoever is forgotten begins anew. */
const peopleKept = 10_000;

interface Spent {
  /** Milliseconds that are not given back yet, at the moment `at` of `performance.now()`. */
  readonly milliseconds: number;
  readonly at: number;
}

/**
 * The time of the event loop that each person has taken for new documents. A document that is known costs nothing, so a client with a fixed
 * set of operations never meets the limit. The largest documents take some hundredths of a second each, and they hold up everybody.
 */
export class PreparationBudget {
  readonly #limits: PreparationLimits;
  readonly #spent = new LRUCache<string, Spent>({ max: peopleKept });

  constructor(limits: PreparationLimits) {
    this.#limits = limits;
  }

  /** How long a person has to wait, in whole seconds; 0 within the limits. `person` is undefined for anonymous requests, which share one budget. */
  secondsToWait(person: string | undefined): number {
    const over = this.#open(person) - this.#limits.burst;
    return over > 0 ? Math.ceil(over / this.#limits.share / 1_000) : 0;
  }

  charge(person: string | undefined, milliseconds: number): void {
    this.#spent.set(keyOf(person), { milliseconds: this.#open(person) + milliseconds, at: performance.now() });
  }

  #open(person: string | undefined): number {
    const spent = this.#spent.get(keyOf(person));
    return spent ? Math.max(0, spent.milliseconds - (performance.now() - spent.at) * this.#limits.share) : 0;
  }
}

/** Creates the error for a person who has to wait. */
export function preparationTooCostly(seconds: number, { burst }: PreparationLimits): AppError {
  return new AppError(
    'PREPARATION_TOO_COSTLY',
    `Your new documents and refused operations took more than ${burst / 1_000} seconds to validate and plan.`,
    {
      hint: `Try again in ${seconds.toLocaleString('en')} seconds. Put what differs into variables: a known document is not planned again.`,
    },
  );
}

function keyOf(person: string | undefined): string {
  return person ?? 'anonymous';
}

/** A plugin of Apollo Server that charges for parsing and validating. It does both for documents that its store does not hold. */
export const chargeForValidation: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart({ contextValue }) {
    const startTimer = () => {
      const start = performance.now();
      return async () => contextValue.chargePreparation?.(performance.now() - start);
    };
    return { parsingDidStart: async () => startTimer(), validationDidStart: async () => startTimer() };
  },
};
