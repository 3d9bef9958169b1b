import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { RequestContext } from './context.js';
import type { Database } from './database.js';
import { AppError } from './errors.js';
import type { VerifyToken } from './identity.js';
import { newId } from './ids.js';
import type { Logger } from './log.js';
import { errorTrace, extensionsOf, formatError } from './responseErrors.js';

export interface SubgraphDefinition {
  /** The name in the supergraph: `shared`, `case-management` or `audit`. */
  name: string;
  /** Its schema.graphql. */
  schemaFile: URL;
  /** Type name to field name to resolver; the reference resolvers of entities included. */
  resolvers: object;
}

/** What a subgraph stands on. Made by its process, or once for all in one process. */
export interface SubgraphServices {
  database: Database;
  verifyToken: VerifyToken;
  log: Logger;
  /** The secret behind cursors: the same in every process of the subgraph. */
  cursorKey: string;
  allowIntrospection: boolean;
}

export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  extensions?: Record<string, unknown> | undefined;
}

export interface RequestHeaders {
  authorization?: string | undefined;
  requestId?: string | undefined;
}

/** A subgraph that answers, whether over HTTP or called from the same process. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly server: ApolloServer<RequestContext>;
  readonly database: Database;
  readonly log: Logger;
  /** Verifies the token of a request. Throws UNAUTHENTICATED, also when there is none: a subgraph that is reached by mistake gives away nothing. */
  contextOf(headers: RequestHeaders): Promise<RequestContext>;
  /** Answers one operation without HTTP, exactly as it would over HTTP: a refusal is an answer with errors, never an exception. */
  execute(request: SubgraphRequest, headers: RequestHeaders): Promise<FormattedExecutionResult>;
  /** Ends the server and closes its connections. */
  stop(): Promise<void>;
}

/** Builds and starts a subgraph without listening. */
export async function createSubgraph(definition: SubgraphDefinition, services: SubgraphServices): Promise<Subgraph> {
  const { name, schemaFile, resolvers } = definition;
  const { database, verifyToken, cursorKey, allowIntrospection } = services;
  const log = services.log.child({ subgraph: name });
  const schema = buildSubgraphSchema([{ typeDefs: parse(readFileSync(schemaFile, 'utf8')), resolvers: resolvers as never }]);
  const server = new ApolloServer<RequestContext>({
    schema,
    formatError,
    introspection: allowIntrospection,
    hideSchemaDetailsFromClientErrors: !allowIntrospection,
    includeStacktraceInErrorResponses: false,
    logger: log,
    stopOnTerminationSignals: false,
    plugins: [
      endReading,
      errorTrace<RequestContext>(log, (context) => context.requestId),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await server.start();

  async function contextOf(headers: RequestHeaders): Promise<RequestContext> {
    const caller = await verifyToken(headers.authorization);
    if (caller === undefined) {
      throw new AppError('UNAUTHENTICATED', 'The request carries no token.', {
        hint: 'Send the header: Authorization: Bearer <token>.',
      });
    }
    return new RequestContext(database, caller, headers.requestId ?? newId(), cursorKey);
  }

  return {
    name,
    schema,
    server,
    database,
    log,
    contextOf,
    async execute(request, headers) {
      let contextValue: RequestContext;
      try {
        contextValue = await contextOf(headers);
      } catch (error) {
        if (error instanceof AppError) return { errors: [refusal(error, headers.requestId).toJSON()] };
        throw error;
      }
      const { body } = await server.executeOperation(request, { contextValue });
      if (body.kind !== 'single') throw new Error('Incremental delivery is not part of a subgraph request.');
      return body.singleResult;
    },
    async stop() {
      await server.stop();
      await database.close();
    },
  };
}

/** A request that ended before its operation began, as a GraphQL error with the HTTP status of its code. */
export function refusal(error: AppError, requestId: string | undefined): GraphQLError {
  return new GraphQLError(error.message, { extensions: { ...extensionsOf(error), ...(requestId && { requestId }) } });
}

/** The reading transaction ends with the operation, whatever became of it. The answer does not wait for that. */
const endReading: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue }) {
        void contextValue.close();
      },
    };
  },
};
