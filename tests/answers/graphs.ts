import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { Supergraph } from '@apollo/federation-internals';
import type { GatewayContext } from '@bailiwick/gateway/context';
import { explainSubgraphError, explainThrown } from '@bailiwick/gateway/execution/subgraphErrors';
import { createGateway } from '@bailiwick/gateway/gateway';
import { defaultMaxOperationCost } from '@bailiwick/gateway/limits/cost';
import { operationGate } from '@bailiwick/gateway/limits/operationGate';
import { committedSupergraph, readSupergraph } from '@bailiwick/gateway/supergraph';
import { Database } from '@bailiwick/kernel/postgres';
import { errorTrace, formatError, scalars } from '@bailiwick/kernel/graphql';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import type { Caller } from '@bailiwick/kernel/auth';
import { createLog } from '@bailiwick/kernel/process';
import { serveSubgraph } from '@bailiwick/kernel/http';
import type { Subgraph, SubgraphServices } from '@bailiwick/kernel/graphql';
import { createAuditSubgraph } from '@bailiwick/subgraph-audit/subgraph';
import { createCaseManagementSubgraph } from '@bailiwick/subgraph-case-management/subgraph';
import { createSharedSubgraph } from '@bailiwick/subgraph-shared/subgraph';
import { GraphQLError, isScalarType } from 'graphql';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { TestDatabase } from '../support/database.js';
import { createTestIssuer } from '../support/tokens.js';

/** The gateways that must answer alike. The last one carries plans out as @apollo/gateway does, and its subgraphs execute with graphql-js. */
export type GraphName = 'one process' | 'separate' | 'stock';

export interface GraphAnswer {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** Three gateways over the same three subgraphs and one database. */
export interface Graphs {
  /** What the gateways answer by. */
  readonly schema: GraphQLSchema;
  ask(graph: GraphName, personId: string, query: string, variables?: Record<string, unknown>): Promise<GraphAnswer>;
  stop(): Promise<void>;
}

export async function createGraphs(database: TestDatabase): Promise<Graphs> {
  const issuer = await createTestIssuer();
  const verifyToken = createTokenVerifier({ publicKey: issuer.publicKeyPem, issuer: 'bailiwick', audience: 'bailiwick' });
  const log = createLog('test', 'silent');
  const services = (role: 'shared_tables_app' | 'case_management_app' | 'audit_system_app'): SubgraphServices => ({
    database: new Database({ url: database.urlOf(role), applicationName: role }),
    verifyToken,
    log,
    cursorKey: 'a secret of the tests, long enough',
    allowIntrospection: true,
  });
  const subgraphs = await Promise.all([
    createSharedSubgraph(services('shared_tables_app')),
    createCaseManagementSubgraph(services('case_management_app')),
    createAuditSubgraph(services('audit_system_app')),
  ]);
  const remote = await Promise.all(subgraphs.map((subgraph) => serveSubgraph(subgraph, '127.0.0.1', 0)));
  const urls = subgraphs.map(({ name }, index) => [name, { url: `${remote[index]!.url}/graphql` }] as const);
  const options = { verifyToken, log, allowIntrospection: true };
  const [oneProcess, separate] = await Promise.all([
    createGateway({ ...options, subgraphs: Object.fromEntries(subgraphs.map((subgraph) => [subgraph.name, subgraph])) }),
    createGateway({ ...options, subgraphs: Object.fromEntries(urls) }),
  ]);
  const stock = await stockServer(subgraphs);
  const servers = { 'one process': oneProcess.server, separate: separate.server, stock };
  const callers = new Map<string, Caller>();

  async function callerOf(personId: string): Promise<Caller> {
    let caller = callers.get(personId);
    if (caller === undefined) {
      caller = (await verifyToken(`Bearer ${await issuer.tokenFor(personId)}`))!;
      callers.set(personId, caller);
    }
    return caller;
  }

  return {
    schema: apiSchema(),
    async ask(graph, personId, query, variables = {}) {
      const contextValue = { caller: await callerOf(personId), requestId: 'answers' };
      const { body } = await servers[graph].executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new Error('The answer came in parts.');
      return JSON.parse(JSON.stringify(body.singleResult)) as GraphAnswer;
    },
    async stop() {
      await Promise.all([oneProcess.stop(), separate.stop(), stock.stop()]);
      await Promise.all(remote.map((server) => server.stop()));
    },
  };
}

/** @apollo/gateway and Apollo Server with their own execution, which is graphql-js's in the subgraphs, behind the same limits and with its errors explained in the same words. */
async function stockServer(subgraphs: readonly Subgraph[]): Promise<ApolloServer<GatewayContext>> {
  const log = createLog('test', 'silent');
  const { sdl } = readSupergraph(committedSupergraph);
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    logger: log,
    buildService: ({ name }) => ({
      async process({ request: { query = '', variables, operationName }, context }) {
        const { caller, requestId } = context as GatewayContext;
        const subgraph = subgraphs.find((one) => one.name === name)!;
        const contextValue = await subgraph.contextOf({ authorization: caller?.authorization, requestId });
        const { body } = await subgraph.server.executeOperation({ query, variables, operationName }, { contextValue });
        if (body.kind !== 'single') throw new Error('The answer came in parts.');
        return body.singleResult;
      },
    }),
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema: schema }) => teachScalars(schema));
  const load = gateway.load.bind(gateway);
  const server = new ApolloServer<GatewayContext>({
    gateway: {
      async load(options) {
        const { executor } = await load(options);
        return {
          async executor(request) {
            const result = await executor(request as Parameters<NonNullable<typeof executor>>[0]);
            return result.errors ? { ...result, errors: result.errors.map(explain) } : result;
          },
        };
      },
      onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
      stop: () => gateway.stop(),
    },
    formatError,
    introspection: true,
    stopOnTerminationSignals: false,
    plugins: [operationGate(sdl, defaultMaxOperationCost), errorTrace<GatewayContext>(log, ({ requestId }) => requestId)],
  });
  await server.start();
  return server;
}

function explain(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) return explainThrown(error);
  const { serviceName } = error.extensions;
  return typeof serviceName === 'string' ? explainSubgraphError(error.toJSON(), serviceName, error.path) : error;
}

function apiSchema(): GraphQLSchema {
  const schema = Supergraph.build(readSupergraph(committedSupergraph).sdl).apiSchema().toGraphQLJSSchema();
  teachScalars(schema);
  return schema;
}

/** As the gateway does with its own. */
function teachScalars(schema: GraphQLSchema): void {
  for (const scalar of Object.values(scalars)) {
    const type = schema.getType(scalar.name);
    if (!isScalarType(type)) continue;
    type.parseValue = scalar.parseValue.bind(scalar);
    type.parseLiteral = scalar.parseLiteral.bind(scalar);
  }
}
