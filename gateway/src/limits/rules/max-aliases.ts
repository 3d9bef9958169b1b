import { GraphQLError } from 'graphql';
import type { ValidationRule } from 'graphql';

/** How many aliases a document may have. Planning takes a millisecond and more for each, also where the field is the same. */
export const maxAliases = 50;

/** A document has at most `maxAliases` aliases, fragments included. */
export const MaxAliasesRule: ValidationRule = (context) => {
  let aliases = 0;
  return {
    Field(node) {
      if (node.alias === undefined || ++aliases !== maxAliases + 1) return;
      context.reportError(
        new GraphQLError(`The document has more than ${maxAliases} aliases. Send several operations.`, { nodes: node }),
      );
    },
  };
};
