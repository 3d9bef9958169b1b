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
import { getOperationAST, GraphQLError, parse } from 'graphql';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { RequestContext } from './context.js';
import type { Database } from '../postgres/database.js';
import { answerHere } from './directAnswer.js';
import type { DirectAnswer, DirectlyAnswering, OperationRequest } from './directAnswer.js';
import { AppError } from '../errors/AppError.js';
import { createExecutor } from './execution/executor.js';
import type { VerifyToken } from '../auth/identity.js';
import { newId } from '../postgres/ids.js';
import type { Logger } from '../process/log.js';
import { selectedFields } from './selectedFields.js';
import { errorTrace, extensionsOf, formatError, tellErrors } from './responseErrors.js';
import { validDocuments } from './validDocuments.js';

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

export interface RequestHeaders {
  authorization?: string | undefined;
  requestId?: string | undefined;
}

/** A subgraph that answers, whether over HTTP or called from the same process. */
export interface Subgraph extends DirectlyAnswering<RequestContext> {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly database: Database;
  readonly log: Logger;
  /** Verifies the token of a request. Throws UNAUTHENTICATED, also when there is none: a subgraph that is reached by mistake gives away nothing. */
  contextOf(headers: RequestHeaders): Promise<RequestContext>;
  /** Answers one operation without HTTP, exactly as it would over HTTP: a refusal is an answer with errors, never an exception. */
  execute(request: OperationRequest, headers: RequestHeaders): Promise<FormattedExecutionResult>;
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
      boundReading,
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

  const documentOf = validDocuments({ schema, allowIntrospection });
  const execute = createExecutor(schema);

  async function answerDirectly(request: OperationRequest, contextValue: RequestContext): Promise<DirectAnswer | undefined> {
    const { query, operationName, variables = {} } = request;
    const document = documentOf(query);
    if (!document) return undefined;
    contextValue.selected = selectedFields(document);
    const { data, errors } = await execute({ document, operationName, variables, context: contextValue });
    if (data === undefined) return undefined;
    void contextValue.close();
    if (!errors) return { result: { data }, thrown: [] };
    const traced = { requestId: contextValue.requestId, operationName: getOperationAST(document, operationName)?.name?.value };
    return { result: { data, errors: tellErrors(errors, log, traced) }, thrown: errors };
  }

  return {
    name,
    schema,
    server,
    database,
    log,
    contextOf,
    answerDirectly,
    async execute(request, headers) {
      let contextValue: RequestContext;
      try {
        contextValue = await contextOf(headers);
      } catch (error) {
        if (error instanceof AppError) return { errors: [refusal(error, headers.requestId).toJSON()] };
        throw error;
      }
      return answerHere({ server, answerDirectly }, request, contextValue);
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

/** What is read follows the selection. The reading transaction ends with the operation, whatever became of it; the answer does not wait for that. */
const boundReading: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, contextValue }) {
        contextValue.selected = selectedFields(document);
      },
      async willSendResponse({ contextValue }) {
        void contextValue.close();
      },
    };
  },
};
