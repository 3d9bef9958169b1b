import { createSubgraph } from '@bailiwick/kernel/graphql';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { resolvers } from './resolvers.js';

/** The audit subgraph, ready to answer, without listening. */
export function createAuditSubgraph(services: SubgraphServices): Promise<Subgraph> {
  return createSubgraph({ name: 'audit', schemaFile: new URL('../schema.graphql', import.meta.url), resolvers }, services);
}
