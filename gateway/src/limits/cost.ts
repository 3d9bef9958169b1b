import { AppError } from '@bailiwick/kernel/errors';
import { RecentlyUsed } from '@bailiwick/kernel/graphql';
import {
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  isListType,
  visit,
} from 'graphql';
import type { ASTNode, DocumentNode, GraphQLField, GraphQLSchema } from 'graphql';
import { getComplexity } from 'graphql-query-complexity';
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';

/** The limit when none is configured, in objects. A page of 100 cases with all that hangs on them stays well below it. */
export const defaultMaxOperationCost = 10_000;

/** How many entries a page has when the operation does not say: the connections' own default. */
const defaultPageSize = 20;
/** How many entries a list without pages is taken to have. */
const defaultListSize = 5;
/** Lists that are known to be longer or shorter than that. */
const listSizes: Record<string, number> = {
  'OrgUnit.descendants': 100,
  'OrgUnit.children': 20,
  'LegalCase.documents': 20,
  'Engagement.workpapers': 20,
};
/** The whole schema is a large answer: some of these in one operation are enough. Within, its own rule bounds the depth. */
const introspectionCost = 500;
/** Fragments within fragments can make a small document immense; the count stops there. */
const maxFields = 10_000;

interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}

/**
 * How many objects the operation could touch: every object counts 1, a page counts as many as `first` or `last` asks for, and scalars
 * count nothing. Throws BAD_USER_INPUT when a variable does not fit, OPERATION_TOO_COSTLY when the operation is too large to be counted.
 */
export function operationCost({ schema, document, operationName, variables }: Operation): number {
  try {
    return getComplexity({ schema, query: document, operationName, variables, estimators: [estimate], maxQueryNodes: maxFields });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes('maximum allowed number of nodes')) {
      throw new AppError('OPERATION_TOO_COSTLY', `The operation selects more than ${maxFields} fields, fragments included.`, {
        hint: 'Ask for fewer fields, or send several operations.',
      });
    }
    throw new AppError('BAD_USER_INPUT', error.message, { cause: error, hint: 'Correct the variables of the operation.' });
  }
}

/** The costs of one document that was counted before, under one schema, and the variables that they differ by. */
interface Counted {
  readonly variables: ReadonlySet<string>;
  readonly costs: RecentlyUsed<number>;
}
/** A page size is one of few: 10, 20, 50. */
const costsKept = 50;
const countedIn = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Counted>>();

/** `operationCost`, counted once for each size of its pages and choice of what is skipped: counting looks at every field of the operation. */
function knownCost(operation: Operation): number {
  const { schema, document, operationName, variables = {} } = operation;
  let counted = countedIn.get(schema);
  if (counted === undefined) countedIn.set(schema, (counted = new WeakMap()));
  let known = counted.get(document);
  if (known === undefined) {
    known = { variables: variablesOfCost(document), costs: new RecentlyUsed(costsKept) };
    counted.set(document, known);
  }
  // What does not fit its type is refused by counting, so that the refusal is one and the same; it throws, and is not kept.
  const { variableDefinitions = [] } = getOperationAST(document, operationName) ?? {};
  const { coerced } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 });
  if (coerced === undefined) return operationCost(operation);
  // Of the other variables it matters only that they are null or left out: then a default or a refusal takes their place.
  const values = variableDefinitions.map(({ variable: { name } }) => {
    const value = coerced[name.value];
    return known.variables.has(name.value) || value === null || value === undefined ? [value, name.value in coerced] : true;
  });
  return known.costs.get(JSON.stringify([operationName, values]), () => operationCost(operation));
}

/** The variables that stand in a page's size or in a directive. */
function variablesOfCost(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  const within = (node: ASTNode): void => void visit(node, { Variable: ({ name }) => void names.add(name.value) });
  visit(document, {
    Argument: (node) => (isPageSize(node.name.value) ? within(node) : undefined),
    Directive: within,
  });
  return names;
}

/** Throws OPERATION_TOO_COSTLY when the operation could touch more objects than `limit`. Returns its cost. */
export function limitCost(operation: Operation, limit: number): number {
  const cost = knownCost(operation);
  if (cost > limit) {
    throw new AppError(
      'OPERATION_TOO_COSTLY',
      `The operation could touch ${cost.toLocaleString('en')} objects; the limit is ${limit.toLocaleString('en')}.`,
      {
        hint: 'Ask for smaller pages with first or last (20 is taken when neither is given), nest fewer lists in one another, or send several operations.',
      },
    );
  }
  return cost;
}

function estimate({ type, field, args, childComplexity }: ComplexityEstimatorArgs): number {
  if (field.name === '__schema' || field.name === '__type') return introspectionCost;
  const named = getNamedType(field.type);
  // A count reads every row that the page is taken from, so it costs as much as the page.
  if (field.name === 'totalCount') return 1;
  if (!isCompositeType(named) || named.name === 'PageInfo' || type.name.startsWith('__')) return 0;
  if (isPage(field)) return 1 + pageSize(args) * childComplexity;
  // Edges and nodes are the entries of a page, and the page has counted how many there are.
  if (type.name.endsWith('Connection') || type.name.endsWith('Edge'))
    return field.name === 'edges' ? childComplexity : 1 + childComplexity;
  if (isListType(getNullableType(field.type)))
    return (listSizes[`${type.name}.${field.name}`] ?? defaultListSize) * (1 + childComplexity);
  return 1 + childComplexity;
}

function isPage(field: GraphQLField<unknown, unknown>): boolean {
  return field.args.some(({ name }) => isPageSize(name));
}

const isPageSize = (argument: string): boolean => argument === 'first' || argument === 'last';

function pageSize(args: Record<string, unknown>): number {
  const asked = args['first'] ?? args['last'];
  return typeof asked === 'number' ? Math.max(1, asked) : defaultPageSize;
}
