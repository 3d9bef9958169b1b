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
import type { Tables } from '../postgres/connection.js';
import type { Database } from '../postgres/database.js';
import { createDocumentStore } from './documentStore.js';
import { AppError } from '../errors/AppError.js';
import type { VerifyToken } from '../auth/identity.js';
import { newId } from '../postgres/ids.js';
import type { Logger } from '../process/log.js';
import { requestedOperation } from './requestedOperation.js';
import { errorTrace, extensionsOf, formatError, formatErrorWithoutSuggestion } from './responseErrors.js';

export interface SubgraphDefinition {
  /** The subgraph's name in the supergraph, for example `audit`. */
  name: string;
  /** The subgraph's schema.graphql. */
  schemaFile: URL;
  /** Resolvers by type name and field name, with the reference resolvers of entities. */
  resolvers: object;
  /** The tables and relations of its own schema, as its tables.ts exports them. */
  tables: Tables;
}

/** The services that a subgraph uses. A process creates them, and one process may share some of them between subgraphs. */
export interface SubgraphServices {
  database: Database;
  verifyToken: VerifyToken;
  log: Logger;
  /** The secret that signs cursors. Every process of one subgraph needs the same one. */
  cursorKey: string;
  allowIntrospection: boolean;
  /** Further plugins of Apollo Server, for example for tracing. They see every request, over HTTP and in process. */
  plugins?: readonly ApolloServerPlugin<RequestContext>[] | undefined;
}

export interface RequestHeaders {
  authorization?: string | undefined;
  requestId?: string | undefined;
}

/** Who asks, and whether somebody still waits for the answer. */
export interface RequestOrigin extends RequestHeaders {
  /** Aborts when the caller hangs up. */
  signal?: AbortSignal | undefined;
}

/** One GraphQL request (https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters). */
export interface OperationRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** A started subgraph. It answers over HTTP (`serveSubgraph`) and in process (`execute`), both through its Apollo Server. */
export interface Subgraph {
  readonly name: string;
  readonly server: ApolloServer<RequestContext>;
  readonly schema: GraphQLSchema;
  readonly database: Database;
  readonly log: Logger;
  /** Verifies the token of a request. Throws UNAUTHENTICATED, also without a token: an exposed subgraph gives away nothing. */
  contextOf(origin: RequestOrigin): Promise<RequestContext>;
  /** Answers one operation in process, with the same result as over HTTP. A refused token is a result with errors, not an exception. */
  execute(request: OperationRequest, headers: RequestHeaders, signal?: AbortSignal): Promise<FormattedExecutionResult>;
  /** Stops the server and closes the database connections. */
  stop(): Promise<void>;
}

/** Creates and starts a subgraph. It does not listen yet. */
export async function createSubgraph(definition: SubgraphDefinition, services: SubgraphServices): Promise<Subgraph> {
  const { name, schemaFile, resolvers, tables } = definition;
  const { database, verifyToken, cursorKey, allowIntrospection, plugins = [] } = services;
  const shared = { subgraph: name, tables, database, cursorKey };
  const log = services.log.child({ subgraph: name });
  const schema = buildSubgraphSchema([{ typeDefs: parse(readFileSync(schemaFile, 'utf8')), resolvers: resolvers as never }]);
  const server = new ApolloServer<RequestContext>({
    schema,
    formatError: allowIntrospection ? formatError : formatErrorWithoutSuggestion,
    documentStore: createDocumentStore(),
    introspection: allowIntrospection,
    hideSchemaDetailsFromClientErrors: !allowIntrospection,
    includeStacktraceInErrorResponses: false,
    logger: log,
    stopOnTerminationSignals: false,
    plugins: [
      requestedOperation,
      operationContext,
      errorTrace<RequestContext>(log, (context) => context.requestId),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ...plugins,
    ],
  });
  await server.start();

  async function contextOf({ authorization, requestId, signal }: RequestOrigin): Promise<RequestContext> {
    const caller = await verifyToken(authorization);
    if (caller === undefined) {
      throw new AppError('UNAUTHENTICATED', 'The request carries no token.', {
        hint: 'Send the header: Authorization: Bearer <token>.',
      });
    }
    return new RequestContext(shared, caller, requestId ?? newId(), signal);
  }

  return {
    name,
    schema,
    server,
    database,
    log,
    contextOf,
    async execute(request, headers, signal) {
      let contextValue: RequestContext;
      try {
        contextValue = await contextOf({ ...headers, signal });
      } catch (error) {
        if (error instanceof AppError) return { errors: [toGraphQLError(error, headers.requestId).toJSON()] };
        throw error;
      }
      const { body } = await server.executeOperation(request, { contextValue });
      if (body.kind !== 'single') throw new Error('A subgraph answers without @defer and @stream.');
      return body.singleResult;
    },
    async stop() {
      await server.stop();
      await database.close();
    },
  };
}

/** Writes an error of the catalogue as a GraphQL error, for a request that failed before its operation began. */
export function toGraphQLError(error: AppError, requestId: string | undefined): GraphQLError {
  return new GraphQLError(error.message, { extensions: { ...extensionsOf(error), ...(requestId && { requestId }) } });
}

/** Closes the context with the answer, which does not wait for the end of the transaction. */
const operationContext: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue }) {
        void contextValue.close();
      },
    };
  },
};
