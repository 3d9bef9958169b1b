import { createSubgraph } from '@bailiwick/kernel/graphql';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { resolvers } from './resolvers.js';

/** The case-management subgraph, ready to answer, without listening. */
export function createCaseManagementSubgraph(services: SubgraphServices): Promise<Subgraph> {
  return createSubgraph(
    { name: 'case-management', schemaFile: new URL('../schema.graphql', import.meta.url), resolvers },
    services,
  );
}
