import { AppError, shorten } from '@bailiwick/kernel/errors';
import { splitSuggestion } from '@bailiwick/kernel/graphql';
import { getVariableValues } from 'graphql';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';

/** How many values the variables of one operation may hold: fields and list entries on all levels. */
const maxVariableValues = 5_000;
/** How many entries one list of the variables may have. */
const maxListEntries = 1_000;
/** How deep lists and objects of the variables may be nested. */
const maxVariableDepth = 20;
/** The longest name of a variable or of an input field, in characters. */
const maxKeyLength = 100;

/** Coercion stops at this error: graphql-js prints the whole value into each, so thousands of them fill the memory. */
const maxErrors = 1;
/** How much of each end of a long message is told, in characters: the beginning names the variable, the end gives the reason. */
const messageEnds = 100;

/**
 * Returns the operation's variables coerced to their types. Throws BAD_USER_INPUT when they are larger than the limits above, or when one
 * doesn't fit its type.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  limitVariables(variables);
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors });
  if (coerced) return coerced;
  throw invalidVariables(errors[0]!.message);
}

/** The refusal of a variable, or of an argument that one gives its value. `message` is the one of graphql-js. */
export function invalidVariables(message: string): AppError {
  return new AppError('BAD_USER_INPUT', middleLeftOut(message), { hint: 'Correct the variables of the operation.' });
}

/** Looks at every value once, level by level and without recursion: the caller decides how deep they are nested. */
function limitVariables(variables: Record<string, unknown>): void {
  let values = 0;
  let holders: object[] = [variables];
  for (let depth = 0; holders.length > 0; depth++) {
    if (depth > maxVariableDepth) throw tooLarge(`are nested more than ${maxVariableDepth} levels deep`);
    for (const holder of holders) values += sizeOf(holder);
    if (values > maxVariableValues) throw tooLarge(`hold more than ${maxVariableValues.toLocaleString('en')} values`);
    holders = holders.flatMap((holder) => Object.values(holder).filter(isHolder));
  }
}

/** Whether a value is a list or an object. */
function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** How many values a list or an object holds. */
function sizeOf(holder: object): number {
  const keys = Object.keys(holder);
  if (Array.isArray(holder)) {
    if (keys.length > maxListEntries) throw tooLarge(`hold a list of more than ${maxListEntries.toLocaleString('en')} entries`);
  } else {
    const long = keys.find((key) => key.length > maxKeyLength);
    if (long !== undefined) throw tooLarge(`hold a key of more than ${maxKeyLength} characters: ${shorten(long)}`);
  }
  return keys.length;
}

function tooLarge(what: string): AppError {
  return new AppError('BAD_USER_INPUT', `The variables ${what}.`, { hint: 'Send several operations with fewer values each.' });
}

function middleLeftOut(message: string): string {
  if (message.length <= 2 * messageEnds) return message;
  // The suggestion stays whole or goes whole, so that it can be left out for callers who may not read the schema.
  const [reason, suggestion] = splitSuggestion(message);
  const told = reason.length <= 2 * messageEnds ? reason : `${reason.slice(0, messageEnds)} … ${reason.slice(-messageEnds)}`;
  return suggestion.length <= messageEnds ? told + suggestion : told;
}
