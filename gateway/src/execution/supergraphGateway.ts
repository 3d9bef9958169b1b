import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { scalars } from '@bailiwick/kernel/graphql';
import type { Logger } from '@bailiwick/kernel/process';
import { isScalarType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { disableApolloTelemetry } from '../config.js';
import type { GatewayContext } from '../context.js';
import { executeOperation } from './executeOperation.js';
import type { OperationResult } from './executeOperation.js';
import { createPlanner } from './planOperation.js';
import type { PlannedOperation } from './planOperation.js';
import type { SubgraphClient } from './subgraphClient.js';

/** The interface through which Apollo Server uses a gateway. */
type SupergraphGateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type Executor = NonNullable<Awaited<ReturnType<SupergraphGateway['load']>>['executor']>;
type ExecutorRequest = Parameters<Executor>[0];

export interface SupergraphGatewayOptions {
  sdl: string;
  clients: ReadonlyMap<string, SubgraphClient>;
  log: Logger;
  /** Whether the caller may request the query plan, with the header Apollo-Query-Plan-Experimental. */
  exposeQueryPlans: boolean;
}

/** Executes the operations of one loaded supergraph. */
interface SupergraphExecutor {
  execute(request: ExecutorRequest): Promise<OperationResult>;
}

/** The size limit of the plan cache, in characters. A typical plan has 1,000 characters and takes a few hundred kilobytes of heap. */
const planCacheSize = 300_000;
/** The characters that each plan adds. Even the smallest plan takes ten kilobytes of heap. */
const planOverhead = 100;

/**
 * Creates the gateway that Apollo Server uses. @apollo/gateway loads and checks the supergraph, and its query planner creates the
 * plans. This project executes them: @apollo/gateway's executor takes nearly twice the processor time (docs/performance.md).
 */
export function createSupergraphGateway(options: SupergraphGatewayOptions): SupergraphGateway {
  const { sdl, clients, log, exposeQueryPlans } = options;
  disableApolloTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    // The info messages announce its start, and the process logs that already.
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
  let executor: SupergraphExecutor | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    addScalarParsers(apiSchema);
    executor = createExecutor(coreSupergraphSdl, apiSchema, clients, exposeQueryPlans);
  });
  return {
    async load(loadOptions) {
      await gateway.load(loadOptions);
      return { executor: ((request: ExecutorRequest) => executor!.execute(request)) as Executor };
    },
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
  };
}

function createExecutor(
  sdl: string,
  schema: GraphQLSchema,
  clients: ReadonlyMap<string, SubgraphClient>,
  exposeQueryPlans: boolean,
): SupergraphExecutor {
  const planOperation = createPlanner(sdl, schema, clients);
  const plans = new LRUCache<string, PlannedOperation>({
    maxSize: planCacheSize,
    sizeCalculation: ({ weight }) => planOverhead + weight,
  });

  function planOf({ document, source, request, context }: ExecutorRequest): PlannedOperation {
    const operationName = request.operationName ?? undefined;
    const key = `${operationName ?? ''} ${source}`;
    let planned = plans.get(key);
    if (planned === undefined) {
      const start = performance.now();
      planned = planOperation(document, operationName);
      (context as GatewayContext).chargePreparation?.(performance.now() - start);
      plans.set(key, planned);
    }
    return planned;
  }

  return {
    async execute(request) {
      const { caller, requestId, signal, isPlanRequested } = request.context as GatewayContext;
      const planned = planOf(request);
      const variables = request.request.variables ?? {};
      const headers = { authorization: caller?.authorization, requestId };
      const result = await executeOperation(schema, planned, { variables, headers, signal });
      return exposeQueryPlans && isPlanRequested ? withPlan(result, planned) : result;
    },
  };
}

/** Adds the query plan for Apollo Sandbox. An operation without a plan, such as introspection, gets `true`. */
function withPlan(result: OperationResult, planned: PlannedOperation): OperationResult {
  return { ...result, extensions: { ...result.extensions, __queryPlanExperimental: planned.describe() || true } };
}

/** Adds the kernel's scalar parsers to a composed schema, which has none. The gateway then refuses a wrong value, and the error names its location. */
function addScalarParsers(schema: GraphQLSchema): void {
  for (const scalar of Object.values(scalars)) {
    const type = schema.getType(scalar.name);
    if (isScalarType(type)) {
      type.parseValue = scalar.parseValue.bind(scalar);
      type.parseLiteral = scalar.parseLiteral.bind(scalar);
    }
  }
}
