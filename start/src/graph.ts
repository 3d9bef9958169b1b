import type { Bailiwick } from '@bailiwick/database/setup/credentials';
import { createGateway } from '@bailiwick/gateway/gateway';
import type { VerifyToken } from '@bailiwick/kernel/identity';
import type { Logger } from '@bailiwick/kernel/log';
import { stopAll, tell } from '@bailiwick/kernel/process';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/subgraph';
import { createAuditSubgraph } from '@bailiwick/subgraph-audit/subgraph';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import type { StartConfig } from './config.js';
import type { SampleToken } from './sampleTokens.js';

export interface GraphOptions {
  /** What a subgraph stands on, by the owner of its tables. */
  services: (owner: Bailiwick) => SubgraphServices;
  verifyToken: VerifyToken;
  sampleTokens: readonly SampleToken[];
  log: Logger;
  config: StartConfig;
  port: number;
}

/** The three subgraphs and the gateway, which calls them in this process. Throws PORT_TAKEN; nothing is left running then. */
export async function startGraph(options: GraphOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const { services, verifyToken, sampleTokens, log, config, port } = options;
  const subgraphs: Subgraph[] = await Promise.all([
    createSharedSubgraph(services('shared_tables')),
    createCaseManagementSubgraph(services('case_management')),
    createAuditSubgraph(services('audit_system')),
  ]);
  const stopSubgraphs = () => stopAll(subgraphs.map((subgraph) => () => subgraph.stop()));
  try {
    const gateway = await createGateway({
      subgraphs: Object.fromEntries(subgraphs.map((subgraph) => [subgraph.name, subgraph])),
      verifyToken,
      log,
      sampleTokens,
      allowIntrospection: config.BAILIWICK_INTROSPECTION ?? config.NODE_ENV !== 'production',
      maxOperationCost: config.BAILIWICK_MAX_OPERATION_COST,
      corsOrigins: config.BAILIWICK_CORS_ORIGINS,
    });
    const listening = await gateway.serve(config.BAILIWICK_HOST, port).catch(async (error: unknown) => {
      await gateway.stop();
      throw error;
    });
    void gateway.prepareExplorer();
    return {
      url: listening.url.replace('//127.0.0.1:', '//localhost:'),
      stop: () => stopAll([stopSubgraphs, () => listening.stop()]),
    };
  } catch (error) {
    await stopSubgraphs().catch(tell);
    throw error;
  }
}
