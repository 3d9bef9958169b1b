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
import { getOperationAST, GraphQLError, NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, FormattedExecutionResult, GraphQLSchema, ValidationRule } from 'graphql';
import { RequestContext } from './context.js';
import type { Database } from './database.js';
import { AppError } from './errors.js';
import { createExecutor } from './execution/executor.js';
import type { VerifyToken } from './identity.js';
import { newId } from './ids.js';
import type { Logger } from './log.js';
import { RecentlyUsed } from './recentlyUsed.js';
import { selectedFields } from './selectedFields.js';
import { errorTrace, extensionsOf, formatError, tellErrors } from './responseErrors.js';

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

/** What an operation came to that was executed without Apollo Server. */
export interface DirectAnswer {
  readonly result: FormattedExecutionResult;
  /** As the resolvers threw them; `result` has them as they are told. */
  readonly thrown: readonly GraphQLError[];
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
  /** Executes a valid operation without Apollo Server's framing. Undefined, with nothing executed, for one that Apollo Server has to refuse. */
  answerDirectly(request: SubgraphRequest, context: RequestContext): Promise<DirectAnswer | undefined>;
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

  const documentOf = validDocuments(schema, allowIntrospection);
  const execute = createExecutor(schema);

  async function answerDirectly(request: SubgraphRequest, contextValue: RequestContext): Promise<DirectAnswer | undefined> {
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

  /** Without Apollo Server's framing, which an operation of our own gateway does not need. What it has to refuse, it is given. */
  async function answer(request: SubgraphRequest, contextValue: RequestContext): Promise<FormattedExecutionResult> {
    const direct = await answerDirectly(request, contextValue);
    if (direct) return direct.result;
    const { body } = await server.executeOperation(request, { contextValue });
    if (body.kind !== 'single') throw new Error('Incremental delivery is not part of a subgraph request.');
    return body.singleResult;
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
      return answer(request, contextValue);
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

/** How much of other services' documents is kept parsed and validated, in characters; parsed, each takes some hundred bytes. */
const documentsKept = 300_000;
/** What a document takes beside its characters, in characters. */
const documentItself = 100;

/** Parses and validates a document once; undefined for one that is not valid. */
function validDocuments(schema: GraphQLSchema, allowIntrospection: boolean): (query: string) => DocumentNode | undefined {
  const rules = allowIntrospection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const known = new RecentlyUsed<{ document: DocumentNode | undefined }>(
    documentsKept,
    (_document, query) => documentItself + query.length,
  );
  return (query) => known.get(query, () => ({ document: validDocument(schema, rules, query) })).document;
}

function validDocument(schema: GraphQLSchema, rules: readonly ValidationRule[], query: string): DocumentNode | undefined {
  try {
    const document = parse(query);
    return validate(schema, document, rules).length === 0 ? document : undefined;
  } catch {
    return undefined;
  }
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
