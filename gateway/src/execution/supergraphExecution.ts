import { ApolloGateway } from '@apollo/gateway';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { Logger } from '@bailiwick/kernel/log';
import { scalars } from '@bailiwick/kernel/scalars';
import { isScalarType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { disableApolloTelemetry } from '../config.js';
import type { GatewayContext } from '../context.js';
import type { SubgraphClient } from './subgraphClient.js';
import { explainSubgraphError } from './subgraphErrors.js';

/** The four members through which Apollo Server reaches whatever plans and executes its operations. */
export type SupergraphExecution = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

export interface SupergraphExecutionOptions {
  sdl: string;
  clients: ReadonlyMap<string, SubgraphClient>;
  log: Logger;
  /** Whether a caller may ask for the query plan, with the header Apollo-Query-Plan-Experimental. */
  exposeQueryPlans: boolean;
}

/**
 * Plans operations over the supergraph and executes the plans. This is the one room that knows who does that: replace what it returns to
 * execute the plans in another way.
 */
export function executeSupergraph({ sdl, clients, log, exposeQueryPlans }: SupergraphExecutionOptions): SupergraphExecution {
  disableApolloTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    buildService: ({ name }) => dataSourceOf(clients.get(name)!),
    __exposeQueryPlanExperimental: exposeQueryPlans,
    // It reports its own start as news; what is news to an operator, the process says itself.
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
  return {
    async load(options) {
      const { executor } = await gateway.load(options);
      return {
        async executor(request) {
          const result = await executor(request as Parameters<NonNullable<typeof executor>>[0]);
          return result.errors === undefined ? result : { ...result, errors: result.errors.map(explainSubgraphError) };
        },
      };
    },
    onSchemaLoadOrUpdate(callback) {
      return gateway.onSchemaLoadOrUpdate((schemas) => {
        teachScalars(schemas.apiSchema);
        callback(schemas);
      });
    },
    stop: () => gateway.stop(),
  };
}

function dataSourceOf(client: SubgraphClient): GraphQLDataSource<GatewayContext> {
  return {
    async process({ request, context }) {
      const { caller, requestId } = context as GatewayContext;
      const { query = '', variables, operationName } = request;
      return client.execute({ query, variables, operationName }, { authorization: caller?.authorization, requestId });
    },
  };
}

/** A composed schema takes any value for our scalars. With their own parsers, a wrong one is refused here, with its place in the operation. */
function teachScalars(schema: GraphQLSchema): void {
  for (const scalar of Object.values(scalars)) {
    const type = schema.getType(scalar.name);
    if (isScalarType(type)) {
      type.parseValue = scalar.parseValue.bind(scalar);
      type.parseLiteral = scalar.parseLiteral.bind(scalar);
    }
  }
}
