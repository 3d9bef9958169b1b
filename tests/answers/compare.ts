import { executeSync, parse, print } from 'graphql';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { GeneratedOperation } from './generate.js';
import type { GraphAnswer, GraphName, Graphs } from './graphs.js';
import { withDecidedConditions, withoutIntrospection } from './stockDocument.js';

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
  const differences = differencesFrom(ours, 'separate', await graphs.ask('separate', personId, query, variables));
  // What is refused for its size, the stock gateway need not see: without an introspection, the size is another.
  if (!isTooCostly(ours)) {
    const askStock = async (document: DocumentNode): Promise<string[]> => {
      const answer = await graphs.ask('stock', personId, print(document), plainVariables);
      return differencesFrom(ours, 'stock', withAliases(inOrder(graphs.schema, operation, answer), aliases));
    };
    const asked = withoutIntrospection(parse(plain));
    let found = await askStock(asked);
    // It loses fields of an object that two fragments select under conditions of their own. With the conditions decided, the operation asks for the same.
    if (found.length > 0) found = await askStock(withDecidedConditions(asked, plainVariables));
    differences.push(...found);
  }
  const data = JSON.stringify(ours.data);
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

function differencesFrom(ours: GraphAnswer, graph: GraphName, other: GraphAnswer): string[] {
  const differences: string[] = [];
  const [wanted, found] = [ours, other].map(({ data }) => JSON.stringify(data));
  if (found !== wanted) differences.push(`data of ${graph}: ${found}\n  instead of ${wanted}`);
  if (!haveSameErrors(ours, other))
    differences.push(`errors of ${graph}: ${errorsOf(other).join('\n    ')}\n  instead of ${errorsOf(ours).join('\n    ')}`);
  return differences;
}

function isTooCostly({ errors }: GraphAnswer): boolean {
  return errors?.some(({ extensions }) => extensions?.['code'] === 'OPERATION_TOO_COSTLY') ?? false;
}

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

/**
 * Whether two answers tell the same errors. Where a null stands for a value in which several fields failed that can not be null, the one may tell of some of them
 * and the other of others (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
 */
function haveSameErrors(one: GraphAnswer, other: GraphAnswer): boolean {
  if (errorsOf(one).join() === errorsOf(other).join()) return true;
  const isTold = (answer: GraphAnswer, by: GraphAnswer): boolean => {
    const told = new Set(errorsOf(by));
    const toldOf = new Set(by.errors?.map(({ path }) => JSON.stringify(path)));
    const nulls = new Set(by.errors?.map((error) => placeOfNull(by.data, error)));
    return (answer.errors ?? []).every((error) => {
      if (told.has(errorsOf({ errors: [error] })[0]!)) return true;
      const place = placeOfNull(answer.data, error);
      const isBelowNull = error.path !== undefined && place !== undefined && place !== JSON.stringify(error.path);
      return isBelowNull && !toldOf.has(JSON.stringify(error.path)) && nulls.has(place);
    });
  };
  const isEachOnce = ({ errors = [] }: GraphAnswer): boolean =>
    new Set(errors.map(({ path }) => JSON.stringify(path))).size === errors.length;
  return isEachOnce(one) && isEachOnce(other) && isTold(one, other) && isTold(other, one);
}

/** The path of the null that stands for the value in which an error was met. */
function placeOfNull(data: unknown, { path = [] }: GraphQLFormattedError): string | undefined {
  let value = data;
  for (let depth = 0; depth <= path.length; depth++) {
    if (value === null) return JSON.stringify(path.slice(0, depth));
    value = (value as Record<string, unknown> | undefined)?.[path[depth] ?? ''];
  }
  return undefined;
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
  const fields = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    const name = wild.get(key) ?? key;
    fields.set(name, merged(fields.get(name), renamed(inner, wild)));
  }
  // fromEntries defines: a key __proto__ is a key like any other.
  return Object.fromEntries(fields);
}

/** A field that is selected twice under one name, as it is answered: with what either selection asks for. */
function merged(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return one.map((entry, index) => merged(entry, other[index]));
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return other;
  const fields = new Map(Object.entries(one));
  for (const [key, inner] of Object.entries(other)) fields.set(key, merged(fields.get(key), inner));
  return Object.fromEntries(fields);
}
