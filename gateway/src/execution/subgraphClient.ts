import { AppError } from '@bailiwick/kernel/errors';
import type { FormattedExecutionResult } from 'graphql';
import { createRemoteSubgraph } from './remoteSubgraph.js';

/** A part of an operation, for one subgraph. */
export interface SubgraphOperation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** What every subgraph is told beside the operation. It verifies the token itself. */
export interface SubgraphHeaders {
  authorization?: string | undefined;
  requestId?: string | undefined;
}

/** A subgraph in this process. The kernel's Subgraph is one. */
export interface LocalSubgraph {
  /** Answers a part of an operation with an object of the gateway's own, which it changes. */
  execute(operation: SubgraphOperation, headers: SubgraphHeaders): Promise<FormattedExecutionResult>;
  /** For the health check: a sign of life of what the subgraph stands on. */
  readonly database?: { ping(): Promise<void> };
}

/** A subgraph behind HTTP; `url` is its GraphQL endpoint. */
export interface RemoteSubgraph {
  url: string;
}

/** The one way in which the gateway reaches a subgraph, wherever that runs. */
export interface SubgraphClient {
  readonly name: string;
  /**
   * Answers a part of an operation; the answer is the caller's to change. Rejects with SERVICE_UNAVAILABLE when the subgraph can not be
   * reached, and as it likes once `signal` has aborted.
   */
  execute(operation: SubgraphOperation, headers: SubgraphHeaders, signal?: AbortSignal): Promise<FormattedExecutionResult>;
  /** Rejects when the subgraph would not answer now. */
  ping(): Promise<void>;
  /** Gives up its connections, where it has any. */
  close?(): Promise<void>;
}

/**
 * Pairs the subgraphs of a supergraph with the ones that are given. Throws CONFIG_INVALID when one is missing, and when one is given that
 * the supergraph does not know.
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
