import { createSubgraph } from '@bailiwick/kernel/graphql';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { resolvers } from './resolvers.js';

/** The subgraph of the shared tables (not the kernel that all services share), ready to answer, without listening. */
export function createSharedSubgraph(services: SubgraphServices): Promise<Subgraph> {
  return createSubgraph({ name: 'shared', schemaFile: new URL('../schema.graphql', import.meta.url), resolvers }, services);
}
