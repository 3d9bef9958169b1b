import type { FormattedExecutionResult } from 'graphql';

/** The operation of a request to a subgraph. */
export interface SubgraphOperation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** The headers of a request to a subgraph, which verifies the token itself. */
export interface SubgraphHeaders {
  authorization?: string | undefined;
  requestId?: string | undefined;
}

/** A subgraph in this process, for example a Subgraph of the kernel. */
export interface LocalSubgraph {
  /** Executes an operation. The gateway changes the result, so nobody else may use it. */
  execute(operation: SubgraphOperation, headers: SubgraphHeaders, signal?: AbortSignal): Promise<FormattedExecutionResult>;
  /** The health check pings the subgraph's database. */
  readonly database?: { ping(): Promise<void> };
}

/** A subgraph behind HTTP; `url` is its GraphQL endpoint. */
export interface RemoteSubgraph {
  url: string;
}

/** The gateway's connection to a subgraph, in process or over HTTP. */
export interface SubgraphClient {
  readonly name: string;
  /**
   * Executes an operation. The caller may change the result. Rejects with SERVICE_UNAVAILABLE if the subgraph is unreachable, and with
   * any error once `signal` has aborted.
   */
  execute(operation: SubgraphOperation, headers: SubgraphHeaders, signal?: AbortSignal): Promise<FormattedExecutionResult>;
  /** Rejects if the subgraph is not ready. */
  ping(): Promise<void>;
  /** Closes the connections, for a remote subgraph. */
  close?(): Promise<void>;
}
