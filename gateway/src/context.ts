import type { Caller } from '@bailiwick/kernel/auth';

/** What the gateway knows of a request while it answers it. */
export interface GatewayContext {
  /** Who asks; undefined for an anonymous request, which may at most look at the schema. */
  readonly caller: Caller | undefined;
  readonly requestId: string;
  /** Aborts when the caller has gone before the answer was there. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the caller wants to see the plan beside the answer. */
  readonly isPlanAsked?: boolean | undefined;
}
