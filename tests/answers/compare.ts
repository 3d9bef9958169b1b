import { executeSync, Kind, parse, print, visit } from 'graphql';
import type { GraphQLFormattedError, GraphQLSchema, NameNode } from 'graphql';
import type { GeneratedOperation } from './generate.js';
import type { GraphAnswer, GraphName, Graphs } from './graphs.js';

/** What one operation came to. */
export interface Comparison {
  /** Empty where all answers are the same. */
  readonly differences: readonly string[];
  readonly hasErrors: boolean;
  readonly hasNulls: boolean;
  /** Whether it was refused before any subgraph was asked. */
  readonly isRefused: boolean;
}

/** Asks all the graphs as the person, and says where their answers differ. */
export async function compareAnswers(graphs: Graphs, personId: string, operation: GeneratedOperation): Promise<Comparison> {
  const { query, plain, variables, plainVariables, aliases } = operation;
  const ours = await graphs.ask('one process', personId, query, variables);
  const others: [GraphName, GraphAnswer][] = [['separate', await graphs.ask('separate', personId, query, variables)]];
  // What is refused for its size, the stock gateway need not see: without an introspection, the size is another.
  if (!isTooCostly(ours)) {
    const answer = await graphs.ask('stock', personId, withoutIntrospection(plain), plainVariables);
    others.push(['stock', withAliases(inOrder(graphs.schema, operation, answer), aliases)]);
  }
  const data = JSON.stringify(ours.data);
  const differences: string[] = [];
  for (const [graph, other] of others) {
    if (JSON.stringify(other.data) !== data)
      differences.push(`data of ${graph}: ${JSON.stringify(other.data)}\n  instead of ${data}`);
    const [wanted, found] = [errorsOf(ours), errorsOf(other)];
    if (wanted.join() !== found.join())
      differences.push(`errors of ${graph}: ${found.join('\n    ')}\n  instead of ${wanted.join('\n    ')}`);
  }
  if (ours.errors?.some(({ extensions }) => extensions?.['code'] === 'INTERNAL'))
    differences.push(`a fault: ${errorsOf(ours).join()}`);
  if (ours.extensions !== undefined) differences.push(`a value against the schema: ${JSON.stringify(ours.extensions)}`);
  return {
    differences,
    hasErrors: ours.errors !== undefined,
    hasNulls: data?.includes('null') ?? false,
    isRefused: ours.data === undefined,
  };
}

function isTooCostly({ errors }: GraphAnswer): boolean {
  return errors?.some(({ extensions }) => extensions?.['code'] === 'OPERATION_TOO_COSTLY') ?? false;
}

/** The stock gateway can not plan `__schema` and `__type` within fragments of some kinds. graphql-js answers them, in `inOrder`. */
function withoutIntrospection(query: string): string {
  const document = visit(parse(query), {
    Field: (node) =>
      /^__(schema|type)$/.test(node.name.value) ? { ...node, name: typename, arguments: [], selectionSet: undefined } : undefined,
  });
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return print(visit(document, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) }));
}

const typename: NameNode = { kind: Kind.NAME, value: '__typename' };

/**
 * The answer with its fields in the order of the specification, as graphql-js has it. The stock gateway merges fragments of one condition into
 * the first of them (https://spec.graphql.org/October2021/#sec-Field-Collection).
 */
function inOrder(schema: GraphQLSchema, { plain, plainVariables }: GeneratedOperation, answer: GraphAnswer): GraphAnswer {
  if (answer.data === undefined || answer.data === null) return answer;
  const { data, errors } = executeSync({
    schema,
    document: parse(plain),
    rootValue: answer.data,
    variableValues: plainVariables,
    fieldResolver: (source: Record<string, unknown>, _arguments, _context, { path }) => source[path.key],
  });
  if (errors)
    throw new Error(`What the stock gateway answered is not what was asked for: ${errors[0]!.message}`, { cause: errors[0] });
  return { ...answer, data };
}

/** Errors in an order of their own: they are a set. Where in the operation a value stands, differs with the length of an alias. */
function errorsOf({ errors }: GraphAnswer): string[] {
  return (errors ?? []).map(({ message, path, extensions }) => JSON.stringify({ message, path, extensions })).sort();
}

/** What the answer would be if the aliases had been those of the operation. */
function withAliases(answer: GraphAnswer, aliases: ReadonlyMap<string, string>): GraphAnswer {
  if (aliases.size === 0) return answer;
  const wild = new Map([...aliases].map(([name, alias]) => [alias, name]));
  return {
    ...answer,
    ...(answer.data !== undefined && { data: renamed(answer.data, wild) }),
    ...(answer.errors && { errors: answer.errors.map((error) => withPath(error, wild)) }),
  };
}

function withPath(error: GraphQLFormattedError, wild: ReadonlyMap<string, string>): GraphQLFormattedError {
  if (!error.path) return error;
  return { ...error, path: error.path.map((step) => (typeof step === 'string' ? (wild.get(step) ?? step) : step)) };
}

function renamed(value: unknown, wild: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((entry) => renamed(entry, wild));
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines: a key __proto__ is a key like any other.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wild.get(key) ?? key, renamed(inner, wild)]));
}
