import type { Caller } from '@bailiwick/kernel/auth';

/** The context of one request to the gateway. */
export interface GatewayContext {
  /** The verified caller. Undefined for an anonymous request, which may only read the schema. */
  readonly caller: Caller | undefined;
  readonly requestId: string;
  /** Charges event-loop time, in milliseconds, to the caller's preparation budget: for parsing, validating, planning or refusing. Only HTTP requests have it. */
  readonly chargePreparation?: (milliseconds: number) => void;
  /** Aborts when the caller disconnects before the response is sent. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the caller requested the query plan, which is an extension of the response. */
  readonly isPlanRequested?: boolean | undefined;
}
