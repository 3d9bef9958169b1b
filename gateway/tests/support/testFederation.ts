import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createLog } from '@bailiwick/kernel/process';
import { graphql, parse } from 'graphql';
import type { FormattedExecutionResult, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../../src/context.js';
import { createSupergraphGateway } from '../../src/execution/supergraphGateway.js';
import type { SubgraphClient, SubgraphOperation } from '../../src/execution/subgraphClient.js';

/** One subgraph of a test: its schema, and either its resolvers or what it answers outright. */
export interface TestSubgraph {
  sdl: string;
  resolvers?: Record<string, Record<string, unknown>>;
  answer?: (operation: SubgraphOperation, signal: AbortSignal | undefined) => unknown;
}

export interface AskOptions {
  variables?: Record<string, unknown>;
  operationName?: string;
  signal?: AbortSignal;
}

export interface TestAnswer {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

type Ask = (query: string, options?: AskOptions) => Promise<TestAnswer>;

/** A small federation of a test's own, behind our executor and behind Apollo's. */
export interface TestFederation {
  /** Through our executor. */
  readonly ask: Ask;
  /** Through the executor of @apollo/gateway. */
  readonly askStock: Ask;
  /** Asks both, expects the same bytes of data and errors at the same places, and returns our answer. */
  readonly askBoth: Ask;
  /** What our executor asked of the subgraphs, in order; emptied by the test. */
  readonly asked: (SubgraphOperation & { subgraph: string })[];
  stop(): Promise<void>;
}

const federation2 = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [
  "@key", "@external", "@requires", "@provides", "@shareable", "@inaccessible", "@interfaceObject", "@override"])\n`;

/** Composes the subgraphs and starts both gateways over them. Subgraphs answer in this process, through JSON as over HTTP. */
export async function createTestFederation(subgraphs: Record<string, TestSubgraph>): Promise<TestFederation> {
  const services = Object.entries(subgraphs).map(([name, subgraph]) => {
    const typeDefs = parse(federation2 + subgraph.sdl);
    return { name, url: `http://${name}.invalid/graphql`, typeDefs, answer: answering(name, typeDefs, subgraph) };
  });
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));

  const asked: TestFederation['asked'] = [];
  const clients = services.map<SubgraphClient>(({ name, answer }) => ({
    name,
    execute(operation, _headers, signal) {
      asked.push({ ...operation, subgraph: name });
      return answer(operation, signal);
    },
    ping: () => Promise.resolve(),
  }));
  const log = createLog('test', 'silent');
  const ours = createSupergraphGateway({
    sdl: supergraphSdl,
    clients: new Map(clients.map((client) => [client.name, client])),
    log,
    exposeQueryPlans: false,
  });
  const stock = new ApolloGateway({
    supergraphSdl,
    logger: log,
    buildService: ({ name }) => ({
      process: ({ request: { query = '', variables, operationName } }) =>
        services.find((service) => service.name === name)!.answer({ query, variables, operationName }, undefined),
    }),
  });
  const [askOurs, askStock] = [serverOf(ours), serverOf(stock)];
  await Promise.all([askOurs.server.start(), askStock.server.start()]);

  return {
    ask: (query, options) => askOurs.ask(query, options),
    askStock: (query, options) => askStock.ask(query, options),
    async askBoth(query, options) {
      const [answer, expected] = await Promise.all([askOurs.ask(query, options), askStock.ask(query, options)]);
      expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data));
      expect(placesOf(answer)).toEqual(placesOf(expected));
      return answer;
    },
    asked,
    async stop() {
      await Promise.all([askOurs.server.stop(), askStock.server.stop()]);
    },
  };
}

function answering(name: string, typeDefs: ReturnType<typeof parse>, { resolvers, answer }: TestSubgraph) {
  let schema: GraphQLSchema | undefined;
  return async (operation: SubgraphOperation, signal: AbortSignal | undefined): Promise<FormattedExecutionResult> => {
    const result = answer
      ? await answer(operation, signal)
      : await graphql({
          schema: (schema ??= buildSubgraphSchema([{ typeDefs, resolvers: (resolvers ?? {}) as never }])),
          source: operation.query,
          variableValues: operation.variables ?? {},
          operationName: operation.operationName ?? null,
        });
    // A subgraph that may not answer what it was asked was asked wrongly, unless the test says what it answers.
    const { errors } = result as FormattedExecutionResult;
    if (!answer && errors?.some(({ path }) => path === undefined))
      throw new Error(`${name}: ${errors[0]!.message}\n${operation.query}`);
    return JSON.parse(JSON.stringify(result)) as FormattedExecutionResult;
  };
}

function serverOf(gateway: ApolloServerOptionsWithGateway<GatewayContext>['gateway']) {
  const server = new ApolloServer<GatewayContext>({
    gateway,
    stopOnTerminationSignals: false,
    introspection: true,
  });
  return {
    server,
    async ask(query: string, { signal, ...request }: AskOptions = {}): Promise<TestAnswer> {
      const { body } = await server.executeOperation(JSON.parse(JSON.stringify({ query, ...request })) as { query: string }, {
        contextValue: { caller: undefined, requestId: 'test', signal },
      });
      if (body.kind !== 'single') throw new Error('The answer came in parts.');
      return JSON.parse(JSON.stringify(body.singleResult)) as TestAnswer;
    },
  };
}

/** Errors by their places: they have no order (https://spec.graphql.org/October2021/#sec-Errors). */
function placesOf({ errors, extensions }: TestAnswer): string[] {
  const hidden = (extensions?.['valueCompletion'] ?? []) as GraphQLFormattedError[];
  return [
    ...(errors ?? []).map(({ path }) => `error ${JSON.stringify(path)}`),
    ...hidden.map(({ message, path }) => `completion ${JSON.stringify(path)} ${message}`),
  ].sort();
}
