import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { Logger } from '@bailiwick/kernel/process';
import { RecentlyUsed, scalars } from '@bailiwick/kernel/graphql';
import { isScalarType, OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { disableApolloTelemetry } from '../config.js';
import type { GatewayContext } from '../context.js';
import { executeOperation } from './executeOperation.js';
import type { OperationResult } from './executeOperation.js';
import { createPlanner } from './planOperation.js';
import type { PlannedOperation } from './planOperation.js';
import { SharedExecutions } from './sharedExecutions.js';
import type { SubgraphClient } from './subgraphClient.js';

/** What plans and executes the operations of one supergraph. */
export interface SupergraphExecution {
  /** The four members through which Apollo Server reaches it. */
  readonly gateway: ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
  /** The schema that callers see, once Apollo Server has started. */
  schema(): GraphQLSchema;
  /** Answers an operation of a valid document. Errors are as they came, to be told by the caller. */
  execute(asked: AskedOperation, context: GatewayContext): Promise<OperationResult>;
}

export interface AskedOperation {
  readonly document: DocumentNode;
  /** The text of the document. */
  readonly source: string;
  readonly operationName: string | undefined;
  /** As the caller sent them. */
  readonly variables: Record<string, unknown>;
}

export interface SupergraphExecutionOptions {
  sdl: string;
  clients: ReadonlyMap<string, SubgraphClient>;
  log: Logger;
  /** Whether a caller may ask for the query plan, with the header Apollo-Query-Plan-Experimental. */
  exposeQueryPlans: boolean;
}

type Executor = NonNullable<Awaited<ReturnType<SupergraphExecution['gateway']['load']>>['executor']>;

/** What answers operations over one supergraph. */
interface LoadedSupergraph {
  readonly schema: GraphQLSchema;
  readonly plan: (asked: AskedOperation) => PlannedOperation;
  readonly shared: SharedExecutions;
}

/** How much of planned operations is kept, in characters; an ordinary one has a thousand, and takes some hundred kilobytes. */
const plansKept = 300_000;
/** What a planned operation takes beside its characters, in characters: the smallest takes ten kilobytes. */
const planItself = 100;

/**
 * Plans operations over the supergraph and executes the plans. Apollo's gateway loads and checks the supergraph, and tells of each that it
 * has; its query planner plans. The plans are carried out here: its own execution of them costs a gateway nearly twice the processor time (docs/performance.md).
 */
export function executeSupergraph({ sdl, clients, log, exposeQueryPlans }: SupergraphExecutionOptions): SupergraphExecution {
  disableApolloTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    // It reports its own start as news; what is news to an operator, the process says itself.
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
  let loaded: LoadedSupergraph | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    teachScalars(apiSchema);
    loaded = loadSupergraph(coreSupergraphSdl, apiSchema, clients);
  });

  async function execute(
    asked: AskedOperation,
    { caller, requestId, signal, isPlanAsked }: GatewayContext,
  ): Promise<OperationResult> {
    const { schema, plan, shared } = loaded!;
    const { variables } = asked;
    const planned = plan(asked);
    const headers = { authorization: caller?.authorization, requestId };
    const run = (until: AbortSignal | undefined) => executeOperation(schema, planned, { variables, headers, signal: until });
    // Who shows the same token is the same person with the same rights. A mutation is carried out as often as it is sent.
    const isShared = caller !== undefined && planned.operation.operation === OperationTypeNode.QUERY;
    const result = isShared
      ? await shared.run(JSON.stringify([caller.authorization, planned.id, variables]), signal, run)
      : await run(signal);
    return exposeQueryPlans && isPlanAsked ? withPlan(result, planned) : result;
  }

  const executor = async ({ document, source, request, context }: Parameters<Executor>[0]): Promise<OperationResult> =>
    execute(
      { document, source, operationName: request.operationName ?? undefined, variables: request.variables ?? {} },
      context as GatewayContext,
    );

  return {
    gateway: {
      async load(options) {
        await gateway.load(options);
        return { executor: executor as Executor };
      },
      onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
      stop: () => gateway.stop(),
    },
    schema: () => loaded!.schema,
    execute,
  };
}

function loadSupergraph(sdl: string, schema: GraphQLSchema, clients: ReadonlyMap<string, SubgraphClient>): LoadedSupergraph {
  const planOperation = createPlanner(sdl, schema, clients);
  const plans = new RecentlyUsed<PlannedOperation>(plansKept, ({ weight }) => planItself + weight);
  return {
    schema,
    plan({ document, source, operationName }) {
      return plans.get(`${operationName ?? ''} ${source}`, () => planOperation(document, operationName));
    },
    shared: new SharedExecutions(),
  };
}

/** The explorer shows the plan beside the answer; `true` where there is none, as for an introspection. */
function withPlan(result: OperationResult, planned: PlannedOperation): OperationResult {
  return { ...result, extensions: { ...result.extensions, __queryPlanExperimental: planned.describe() || true } };
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
