import type { Bailiwick } from '@bailiwick/database/setup/credentials';
import { allowedOrigins } from '@bailiwick/gateway/config';
import { createGateway } from '@bailiwick/gateway/gateway';
import { Database } from '@bailiwick/kernel/postgres';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import type { TokenSettings } from '@bailiwick/kernel/auth';
import { createLog, stopAll, tell } from '@bailiwick/kernel/process';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { createAuditSubgraph } from '@bailiwick/subgraph-audit/subgraph';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { allowsIntrospection } from './config.js';
import type { StartConfig } from './config.js';
import type { SampleToken } from './sampleTokens.js';

/** Everything that the graph is told. Plain data: a worker is told the same. */
export interface GraphSettings {
  readonly config: StartConfig;
  /** Of the app role of each owner of tables. */
  readonly databaseUrls: Readonly<Record<Bailiwick, string>>;
  /** Connections of each subgraph. */
  readonly poolSize: number;
  readonly cursorKey: string;
  readonly token: TokenSettings;
  readonly sampleTokens: readonly SampleToken[];
  readonly port: number;
}

/**
 * The three subgraphs and the gateway, which calls them in this process. Throws PORT_TAKEN; nothing is left running then.
 * @param worker the number of this process where several answer; the log names it, and the first one makes what all of them serve.
 */
export async function startGraph(settings: GraphSettings, worker?: number): Promise<{ url: string; stop(): Promise<void> }> {
  const { config, token, sampleTokens, port } = settings;
  const log = createLog('bailiwick', config.BAILIWICK_LOG_LEVEL).child(worker === undefined ? {} : { worker });
  const verifyToken = createTokenVerifier(token, log);
  const services = (owner: Bailiwick): SubgraphServices => ({
    database: new Database({
      url: settings.databaseUrls[owner],
      applicationName: `bailiwick ${owner}`,
      poolSize: settings.poolSize,
    }),
    verifyToken,
    log,
    cursorKey: settings.cursorKey,
    allowIntrospection: config.NODE_ENV !== 'production',
  });
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
      allowIntrospection: allowsIntrospection(config),
      maxOperationCost: config.BAILIWICK_MAX_OPERATION_COST,
      corsOrigins: allowedOrigins(config),
    });
    const listening = await gateway.serve(config.BAILIWICK_HOST, port).catch(async (error: unknown) => {
      await gateway.stop();
      throw error;
    });
    if (worker === undefined || worker === 1) void gateway.prepareExplorer();
    return {
      url: listening.url.replace('//127.0.0.1:', '//localhost:'),
      stop: () => stopAll([stopSubgraphs, () => listening.stop()]),
    };
  } catch (error) {
    await stopSubgraphs().catch(tell);
    throw error;
  }
}
