import type { Caller } from '@bailiwick/kernel/auth';

/** The context of one request to the gateway. */
export interface GatewayContext {
  /** The verified caller. Undefined for an anonymous request, which may only read the schema. */
  readonly caller: Caller | undefined;
  readonly requestId: string;
  /** Charges the caller for time in milliseconds that the event loop spent on parsing, validating, planning or refusing. Over HTTP only. */
  readonly chargePreparation?: (milliseconds: number) => void;
  /** Aborts when the caller disconnects before the response is sent. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the response should have the query plan as an extension. */
  readonly isPlanRequested?: boolean | undefined;
}
