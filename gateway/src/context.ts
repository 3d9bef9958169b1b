import type { Caller } from '@bailiwick/kernel/auth';

/** The context of one request to the gateway. */
export interface GatewayContext {
  /** The verified caller. Undefined for an anonymous request, which may only read the schema. */
  readonly caller: Caller | undefined;
  readonly requestId: string;
  /** Aborts when the caller disconnects before the response is sent. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the response should have the query plan as an extension. */
  readonly isPlanRequested?: boolean | undefined;
}
