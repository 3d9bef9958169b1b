import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { VerifyToken } from '@bailiwick/kernel/auth';
import type { Logger } from '@bailiwick/kernel/process';
import { stopAll } from '@bailiwick/kernel/process';
import {
  createDocumentStore,
  errorTrace,
  formatError,
  formatErrorWithoutSuggestion,
  requestedOperation,
} from '@bailiwick/kernel/graphql';
import { listen } from '@bailiwick/kernel/http';
import type { Listening } from '@bailiwick/kernel/http';
import { MaxIntrospectionDepthRule } from 'graphql';
import type { GatewayContext } from './context.js';
import type { LocalSubgraph, RemoteSubgraph } from './execution/subgraphClient.js';
import { subgraphClients } from './execution/subgraphClients.js';
import { createSupergraphGateway } from './execution/supergraphGateway.js';
import { createExplorer } from './explorer/explorer.js';
import { createGatewayApp } from './http/app.js';
import type { AllowedOrigins } from './http/cors.js';
import { defaultMaxOperationCost } from './limits/cost.js';
import { operationGate } from './limits/operationGate.js';
import { chargeForValidation, defaultPreparationLimits } from './limits/preparationBudget.js';
import type { PreparationLimits } from './limits/preparationBudget.js';
import { documentLimits } from './limits/rules/index.js';
import { readOperations } from './pages/operations.js';
import type { SampleToken } from './pages/pageData.js';
import { committedSupergraph, readSupergraph } from './supergraph.js';

export type { LocalSubgraph, RemoteSubgraph, SampleToken };

export interface GatewayOptions {
  /** The supergraph file. Default: the committed supergraph.graphql. */
  supergraphFile?: URL | undefined;
  /** The subgraphs by name, each in process or over HTTP. */
  subgraphs: Record<string, LocalSubgraph | RemoteSubgraph>;
  verifyToken: VerifyToken;
  log: Logger;
  /** Whether anybody may read the schema. This also serves the landing page and the explorer, exposes query plans, and keeps suggestions in error messages. */
  allowIntrospection: boolean;
  /** The cost limit of an operation, in objects that it could return. Default: 10,000. */
  maxOperationCost?: number | undefined;
  /** The preparation budget of one caller: the event-loop time for documents that are new to the gateway. Default: 25 % of the time, with a burst of 5 s. */
  preparation?: PreparationLimits | undefined;
  /** The origins whose pages may call the gateway from a browser, for example https://app.example.org. 'loopback' is for development. Default: none. */
  corsOrigins?: AllowedOrigins | undefined;
  /** Tokens that the landing page and the explorer offer to visitors on this machine. Never set them in production. */
  sampleTokens?: readonly SampleToken[] | undefined;
  /** Further plugins of Apollo Server, for example for tracing. They see every request. */
  plugins?: readonly ApolloServerPlugin<GatewayContext>[] | undefined;
}

/** A started gateway. */
export interface Gateway {
  readonly server: ApolloServer<GatewayContext>;
  /** Starts listening; port 0 picks a free port. The `stop` of the result closes the port and stops the gateway. Throws PORT_TAKEN. */
  serve(host: string, port: number): Promise<Listening>;
  /** Bundles the explorer's files, so that its first visitor does not wait. Does nothing without introspection. Logs a failure and never rejects. */
  prepareExplorer(): Promise<void>;
  /** Stops the gateway and its connections to subgraphs. The subgraphs keep running. */
  stop(): Promise<void>;
}

/** The size limit of a document in tokens: about ten times the largest document in gateway/operations. */
const maxTokens = 2_000;
/** Validation rules in addition to those of the GraphQL specification. */
const rules = [MaxIntrospectionDepthRule, ...documentLimits];

/** Creates and starts the gateway. It does not listen yet. Throws CONFIG_INVALID if the names of the subgraphs differ from the supergraph's. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { allowIntrospection, verifyToken } = options;
  const log = options.log.child({ part: 'gateway' });
  const { sdl, subgraphNames } = readSupergraph(options.supergraphFile ?? committedSupergraph);
  const clients = subgraphClients(subgraphNames, options.subgraphs);
  const server = new ApolloServer<GatewayContext>({
    gateway: createSupergraphGateway({ sdl, clients, log, exposeQueryPlans: allowIntrospection }),
    formatError: allowIntrospection ? formatError : formatErrorWithoutSuggestion,
    documentStore: createDocumentStore(),
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
      requestedOperation,
      chargeForValidation,
      operationGate(sdl, options.maxOperationCost ?? defaultMaxOperationCost),
      errorTrace<GatewayContext>(log, (context) => context.requestId),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ...(options.plugins ?? []),
    ],
  });
  await server.start();
  const explorer = createExplorer(log);
  const stop = () => stopAll([...[...clients.values()].map((client) => async () => client.close?.()), () => server.stop()]);

  return {
    server,
    async serve(host, port) {
      const app = await createGatewayApp({
        server,
        verifyToken,
        log,
        allowIntrospection,
        clients: [...clients.values()],
        preparation: options.preparation ?? defaultPreparationLimits,
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
