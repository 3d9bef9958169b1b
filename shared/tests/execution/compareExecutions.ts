import { execute } from 'graphql';
import type { ExecutionResult, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Execute } from '@bailiwick/kernel/graphql';
import { nastyContext } from './nastySchema.js';
import type { NastyOperation } from './nastyOperations.js';

type Path = readonly (string | number)[];

/** The schema with graphql-js and with the executor under test, and the same schema where everything may be null. */
export interface Executions {
  readonly strict: { schema: GraphQLSchema; execute: Execute };
  readonly lenient: { schema: GraphQLSchema; execute: Execute };
}

export interface Compared {
  readonly differences: string[];
  readonly errors: number;
  /** Whether even those errors are the same of which the specification leaves the choice. */
  readonly hasSameErrors: boolean;
}

/** Executes the operation both ways. `failures` is the part of the values that fail, in percent. */
export async function compareExecutions(
  { strict, lenient }: Executions,
  operation: NastyOperation,
  seed: string,
  failures: number,
): Promise<Compared> {
  const both = async ({ schema, execute: ours }: Executions['strict']) => {
    const { document, variables } = operation;
    const [found, wanted] = await Promise.all([
      ours({ document, variables, context: nastyContext(seed, failures) as never }),
      execute({ schema, document, variableValues: variables, contextValue: nastyContext(seed, failures) }),
    ]);
    return { found, wanted };
  };
  const [{ found, wanted }, free] = [await both(strict), await both(lenient)];
  const hasSameErrors = errorsOf(found).join() === errorsOf(wanted).join();
  return {
    differences: [
      ...dataDifference(found, wanted),
      ...(hasSameErrors ? [] : explained(found, wanted, free.wanted)),
      ...dataDifference(free.found, free.wanted),
      // Where no null spreads, nobody has a choice.
      ...(errorsOf(free.found).join() === errorsOf(free.wanted).join() ? [] : ['errors where everything may be null']),
    ],
    errors: wanted.errors?.length ?? 0,
    hasSameErrors,
  };
}

function dataDifference(found: ExecutionResult, wanted: ExecutionResult): string[] {
  const [ours, theirs] = [JSON.stringify(found.data), JSON.stringify(wanted.data)];
  return ours === theirs ? [] : [`data\n    ${ours}\n  instead of\n    ${theirs}`];
}

function errorsOf({ errors = [] }: ExecutionResult): string[] {
  return errors.map((error) => JSON.stringify(ordered(error.toJSON()))).sort();
}

function ordered({ message, path, locations, extensions }: GraphQLFormattedError): object {
  return { message, path, locations, extensions };
}

/**
 * Of several errors under one null, the specification wants one or more, and each executor has those that came first. So: the same nulls have
 * an error, errors that are at their null are the same, and every error is one that the field alone has too.
 */
function explained(found: ExecutionResult, wanted: ExecutionResult, free: ExecutionResult): string[] {
  const differences: string[] = [];
  const [ours, theirs] = [found, wanted].map(({ errors = [], data }) =>
    errors.map((error) => ({ text: JSON.stringify(ordered(error.toJSON())), at: nullAbove(data, error.path ?? []), error })),
  );
  const places = (list: typeof ours) => [...new Set(list!.map(({ at }) => JSON.stringify(at)))].sort().join();
  if (places(ours) !== places(theirs)) differences.push(`errors at ${places(ours)} instead of ${places(theirs)}`);
  const own = (list: typeof ours) =>
    list!.filter(({ at, error }) => at.length === error.path?.length).map(({ text }) => text).sort().join('\n    '); // prettier-ignore
  if (own(ours) !== own(theirs)) differences.push(`errors\n    ${own(ours)}\n  instead of\n    ${own(theirs)}`);
  const possible = new Set([...errorsOf(free), ...errorsOf(wanted)]);
  for (const { text, error } of ours!) {
    if (possible.has(text)) continue;
    if (error.message.startsWith('Cannot return null') && valueAt(free.data, error.path!) === null) continue;
    differences.push(`an error that is none: ${text}`);
  }
  if (new Set(ours!.map(({ error }) => JSON.stringify(error.path))).size < ours!.length)
    differences.push('two errors at one place');
  return differences;
}

/** The outermost null on the way to a place. */
function nullAbove(data: unknown, path: Path): Path {
  for (let length = 0; length < path.length; length++)
    if (valueAt(data, path.slice(0, length)) === null) return path.slice(0, length);
  return path;
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return value ?? null;
    value = Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  }
  return value;
}
