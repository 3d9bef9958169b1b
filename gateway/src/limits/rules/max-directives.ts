import { GraphQLError } from 'graphql';
import type { ValidationRule } from 'graphql';

/** How many directives a document may have. Each condition can double the cases that the planner examines. */
export const maxDirectives = 50;

/** A document has at most `maxDirectives` directives, such as `@include` and `@skip`, inside fragments and outside. */
export const MaxDirectivesRule: ValidationRule = (context) => {
  let directives = 0;
  return {
    Directive(node) {
      if (++directives !== maxDirectives + 1) return;
      context.reportError(
        new GraphQLError(`The document has more than ${maxDirectives} directives. Send several operations.`, { nodes: node }),
      );
    },
  };
};
