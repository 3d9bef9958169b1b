import { AppError } from '@bailiwick/kernel/errors';
import type { FormattedExecutionResult } from 'graphql';
import { createRemoteSubgraph } from './remoteSubgraph.js';

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
  execute(operation: SubgraphOperation, headers: SubgraphHeaders): Promise<FormattedExecutionResult>;
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

/**
 * Creates the clients of a supergraph's subgraphs, by subgraph name. Throws CONFIG_INVALID if `given` lacks one of them, or has one that the
 * supergraph does not have.
 */
export function subgraphClients(
  names: readonly string[],
  given: Record<string, LocalSubgraph | RemoteSubgraph>,
): Map<string, SubgraphClient> {
  const missing = names.filter((name) => given[name] === undefined);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (missing.length > 0 || unknown.length > 0) {
    const problems = [
      missing.length > 0 && `is given no subgraph for ${missing.join(', ')}`,
      unknown.length > 0 && `does not know ${unknown.join(', ')}`,
    ];
    throw new AppError('CONFIG_INVALID', `The supergraph (${names.join(', ')}) ${problems.filter(Boolean).join(' and ')}.`, {
      hint: 'Give exactly the subgraphs that the supergraph was composed from, or compose it anew: npm run compose.',
    });
  }
  return new Map(names.map((name) => [name, clientOf(name, given[name]!)]));
}

function clientOf(name: string, subgraph: LocalSubgraph | RemoteSubgraph): SubgraphClient {
  if ('url' in subgraph) return createRemoteSubgraph(name, subgraph.url);
  return {
    name,
    execute: (operation, headers) => subgraph.execute(operation, headers),
    async ping() {
      await subgraph.database?.ping();
    },
  };
}
