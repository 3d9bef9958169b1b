import {
  execute,
  getOperationAST,
  getVariableValues,
  Kind,
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  visit,
} from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { RequestContext } from '../context.js';
import { RecentlyUsed } from '../recentlyUsed.js';
import { conditionVariables } from './collectFields.js';
import { Plan } from './plan.js';
import { Run } from './run.js';

/** An operation of a document that is valid. */
export interface ExecutionRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly context: RequestContext;
}

export type Execute = (request: ExecutionRequest) => Promise<ExecutionResult>;

/**
 * Fields of all plans together. One takes 0.7 kB, or up to 3.5 kB where objects stand in it; an ordinary plan has some dozens. Those that many objects began
 * with have a function of their own, of 1.2 kB for each of twenty fields, or 4 kB for one.
 */
const fieldsKept = 10_000;
/** What a plan weighs beside its fields, in fields. */
const planItself = 10;
/** A plan of more fields is made anew each time by graphql-js: fragments that spread others twice make a small document immense. */
const largestPlan = 3_000;

/** What is known of an operation. */
interface Compiled {
  /** Names its plans. */
  readonly id: number;
  /** The variables that decide which of its plans a request needs. */
  readonly conditionVariables: readonly string[];
}

/**
 * Executes operations as graphql-js does, and most of them for a part of what that costs (docs/performance.md). Left to graphql-js are
 * mutations of several fields, what asks for the schema itself, what its variables do not fit, and fragments that spread into more fields
 * than are worth keeping.
 */
export function createExecutor(schema: GraphQLSchema): Execute {
  const known = new WeakMap<OperationDefinitionNode, Compiled | 'not compiled'>();
  const plans = new RecentlyUsed<Plan>(fieldsKept, ({ size }) => planItself + size);
  let compiledSoFar = 0;

  function compiledOf(document: DocumentNode, operation: OperationDefinitionNode): Compiled | 'not compiled' {
    let compiled = known.get(operation);
    if (compiled === undefined) {
      const isCompiled = mayGoBreadthFirst(operation) && !asksForSchema(document);
      compiled = isCompiled ? { id: ++compiledSoFar, conditionVariables: conditionVariables(document) } : 'not compiled';
      known.set(operation, compiled);
    }
    return compiled;
  }

  return async ({ document, operationName, variables, context }) => {
    const operation = getOperationAST(document, operationName);
    const { coerced } = operation ? getVariableValues(schema, operation.variableDefinitions ?? [], variables) : {};
    const compiled = operation && compiledOf(document, operation);
    const conditions = compiled && compiled !== 'not compiled' && coerced && conditionsOf(compiled, coerced);
    if (!conditions) return execute({ schema, document, operationName, variableValues: variables, contextValue: context });
    const key = [compiled.id, ...[...conditions].map(([name, value]) => `${name} ${value}`)].join();
    const plan = plans.get(key, () => new Plan(schema, document, operation, conditions));
    const { size } = plan;
    const result = await new Run(plan, coerced, context).answer();
    // It grows when types turn up in it.
    if (plan.size > size) plans.weighAgain(key);
    if (plan.size > largestPlan) known.set(operation, 'not compiled');
    return result;
  };
}

/** The fields of a mutation are carried out one after the other, each with all that is selected of it. One alone has nothing to wait for. */
function mayGoBreadthFirst({ operation, selectionSet: { selections } }: OperationDefinitionNode): boolean {
  if (operation === OperationTypeNode.QUERY) return true;
  return operation === OperationTypeNode.MUTATION && selections.length === 1 && selections[0]!.kind === Kind.FIELD;
}

/** The choice of what is skipped; undefined where it has to be made at each place: null is let in by the default of a nullable variable. */
function conditionsOf(
  { conditionVariables: names }: Compiled,
  variables: Record<string, unknown>,
): ReadonlyMap<string, boolean> | undefined {
  const conditions = new Map<string, boolean>();
  for (const name of names) {
    const value = variables[name];
    if (typeof value === 'boolean') conditions.set(name, value);
    else if (value === null) return undefined;
  }
  return conditions;
}

function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, {
    Field({ name }) {
      asks ||= name.value === SchemaMetaFieldDef.name || name.value === TypeMetaFieldDef.name;
    },
  });
  return asks;
}
