import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DirectlyAnswering } from '@bailiwick/kernel/graphql';
import type { VerifyToken } from '@bailiwick/kernel/auth';
import type { Logger } from '@bailiwick/kernel/process';
import { stopAll } from '@bailiwick/kernel/process';
import { errorTrace, formatError, validDocuments } from '@bailiwick/kernel/graphql';
import { listen } from '@bailiwick/kernel/http';
import type { Listening } from '@bailiwick/kernel/http';
import { MaxIntrospectionDepthRule } from 'graphql';
import type { GatewayContext } from './context.js';
import { directAnswers } from './execution/directAnswers.js';
import { subgraphClients } from './execution/subgraphClient.js';
import type { LocalSubgraph, RemoteSubgraph } from './execution/subgraphClient.js';
import { executeSupergraph } from './execution/supergraphExecution.js';
import { createExplorer } from './explorer/explorer.js';
import { createGatewayApp } from './http/app.js';
import { defaultMaxOperationCost } from './limits/cost.js';
import { gatePlugin, operationGate } from './limits/operationGate.js';
import { documentLimits } from './limits/rules/index.js';
import { readOperations } from './pages/operations.js';
import type { SampleToken } from './pages/pageData.js';
import { committedSupergraph, readSupergraph } from './supergraph.js';

export type { LocalSubgraph, RemoteSubgraph, SampleToken };

export interface GatewayOptions {
  /** The composed graph; the one committed beside this code when left out. */
  supergraphFile?: URL | undefined;
  /** One for each subgraph of the supergraph, by its name: called in this process, or over HTTP. */
  subgraphs: Record<string, LocalSubgraph | RemoteSubgraph>;
  verifyToken: VerifyToken;
  log: Logger;
  /** Whether the schema may be read by anybody, and the pages to explore it are served. */
  allowIntrospection: boolean;
  /** The largest operation that is answered, in objects it could touch; 10,000 when left out. */
  maxOperationCost?: number | undefined;
  /** Origins whose pages may call the gateway from a browser, for example https://app.example.org; none when left out. */
  corsOrigins?: readonly string[] | undefined;
  /** Ready tokens that the two pages offer. Never give any in production: whoever opens the page has them. */
  sampleTokens?: readonly SampleToken[] | undefined;
}

/** The one endpoint, built and ready to listen. */
export interface Gateway extends DirectlyAnswering<GatewayContext> {
  /** Listens; `port` 0 takes a free one. Throws PORT_TAKEN. What it returns stops both the listening and the gateway. */
  serve(host: string, port: number): Promise<Listening>;
  /** Makes the explorer's files ready, so that the first who opens it does not wait. Logs a failure and never rejects. */
  prepareExplorer(): Promise<void>;
  /** Ends the gateway. The subgraphs that were given stay as they are. */
  stop(): Promise<void>;
}

/** The longest document that is read, in tokens: some ten times the largest of gateway/operations. */
const maxTokens = 2_000;
/** Beside those of the specification. */
const rules = [MaxIntrospectionDepthRule, ...documentLimits];

/** Builds and starts the gateway without listening. Throws CONFIG_INVALID when the supergraph and the subgraphs given do not fit. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { allowIntrospection, verifyToken } = options;
  const log = options.log.child({ part: 'gateway' });
  const { sdl, subgraphNames } = readSupergraph(options.supergraphFile ?? committedSupergraph);
  const clients = subgraphClients(subgraphNames, options.subgraphs);
  const execution = executeSupergraph({ sdl, clients, log, exposeQueryPlans: allowIntrospection });
  const gate = operationGate(sdl, options.maxOperationCost ?? defaultMaxOperationCost);
  const server = new ApolloServer<GatewayContext>({
    gateway: execution.gateway,
    formatError,
    introspection: allowIntrospection,
    hideSchemaDetailsFromClientErrors: !allowIntrospection,
    includeStacktraceInErrorResponses: false,
    logger: log,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    parseOptions: { maxTokens },
    validationRules: rules,
    plugins: [
      gatePlugin(gate),
      errorTrace<GatewayContext>(log, (context) => context.requestId),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await server.start();
  const documentOf = validDocuments({ schema: execution.schema(), allowIntrospection, rules, maxTokens });
  const answerDirectly = directAnswers({ execution, gate, documentOf, log });
  const explorer = createExplorer(log);
  const stop = () => stopAll([...[...clients.values()].map((client) => async () => client.close?.()), () => server.stop()]);

  return {
    server,
    answerDirectly,
    async serve(host, port) {
      const app = await createGatewayApp({
        service: { server, answerDirectly },
        verifyToken,
        log,
        allowIntrospection,
        clients: [...clients.values()],
        corsOrigins: options.corsOrigins ?? [],
        explorer,
        pageData: { operations: readOperations(), sampleTokens: options.sampleTokens ?? [] },
      });
      return listen(app, host, port, stop);
    },
    async prepareExplorer() {
      if (allowIntrospection) await explorer.prepare();
    },
    stop,
  };
}
