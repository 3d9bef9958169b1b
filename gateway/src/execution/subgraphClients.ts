import { AppError } from '@bailiwick/kernel/errors';
import { createRemoteSubgraph } from './remoteSubgraph.js';
import type { LocalSubgraph, RemoteSubgraph, SubgraphClient } from './subgraphClient.js';

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
    execute: (operation, headers, signal) => subgraph.execute(operation, headers, signal),
    async ping() {
      await subgraph.database?.ping();
    },
  };
}
