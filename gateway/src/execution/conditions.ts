import { AppError } from '@bailiwick/kernel/errors';
import { GraphQLError } from 'graphql';

/**
 * The values in one request of the variables that decide what is skipped; `coerced` holds the variables with their defaults. A variable that is null is an error: the specification
 * lets a nullable variable with a default stand there (https://spec.graphql.org/October2021/#sel-IALfEPBANjBN2l), and null be sent for it.
 */
export function conditionsOf(
  names: readonly string[],
  coerced: Record<string, unknown>,
): ReadonlyMap<string, boolean> | GraphQLError {
  const values = new Map<string, boolean>();
  for (const name of names) {
    const value = coerced[name];
    if (typeof value !== 'boolean') {
      const error = new AppError('BAD_USER_INPUT', `The variable "$${name}" decides what is skipped, and is null.`, {
        hint: 'Send true or false for it.',
      });
      return new GraphQLError(error.message, { originalError: error });
    }
    values.set(name, value);
  }
  return values;
}
