import { createSubgraph } from '@bailiwick/kernel/graphql';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { resolvers } from './__generated__/resolverMap.js';
import * as tables from './tables.js';

/** Creates the audit subgraph. It answers in process, and opens no port. */
export function createAuditSubgraph(services: SubgraphServices): Promise<Subgraph> {
  const schemaFile = new URL('../schema.graphql', import.meta.url);
  return createSubgraph({ name: 'audit', schemaFile, resolvers, tables }, services);
}
