import { AppError } from '@bailiwick/kernel/errors';
import { GraphQLError, GraphQLIncludeDirective, GraphQLSkipDirective, Kind, visit } from 'graphql';
import type { DocumentNode } from 'graphql';

/** The values of the variables that `@skip` and `@include` use, by variable name. */
export type ConditionValues = Readonly<Record<string, boolean>>;

/** Lists the variables that `@skip` and `@include` use in a document, each once. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
      const condition = given?.[0]?.value;
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
    },
  });
  return [...names];
}

/**
 * Reads the condition variables of one request from its coerced variables, with their defaults. Returns an error if one of them is null.
 * Validation allows null there: a nullable variable with a default may stand in a non-null position
 * (https://spec.graphql.org/October2021/#sel-IALfEPBANjBN2l).
 */
export function conditionValues(names: readonly string[], coerced: Record<string, unknown>): ConditionValues | GraphQLError {
  const values: Record<string, boolean> = {};
  for (const name of names) {
    const value = coerced[name];
    if (typeof value !== 'boolean') {
      const error = new AppError('BAD_USER_INPUT', `The variable "$${name}" decides what is skipped, and is null.`, {
        hint: 'Send true or false for it.',
      });
      return new GraphQLError(error.message, { originalError: error });
    }
    values[name] = value;
  }
  return values;
}
