import { GraphQLError, isObjectType } from 'graphql';
import type { GraphQLAbstractType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import type { Place } from './node.js';

/** The type that a value of an abstract type was said to have. Throws, in the words of graphql-js, where it can not be that. */
export function possibleType(
  schema: GraphQLSchema,
  abstract: GraphQLAbstractType,
  name: unknown,
  { field }: Place,
  value: unknown,
): GraphQLObjectType {
  const { nodes, parentType, definition } = field;
  const at = `field "${parentType.name}.${definition.name}"`;
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${abstract.name}" must resolve to an Object type at runtime for ${at}. Either the "${abstract.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${abstract.name}" must resolve to an Object type at runtime for ${at} with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const type = schema.getType(name);
  if (type === undefined) {
    throw new GraphQLError(
      `Abstract type "${abstract.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  if (!isObjectType(type)) {
    throw new GraphQLError(`Abstract type "${abstract.name}" was resolved to a non-object type "${name}".`, { nodes });
  }
  if (!schema.isSubType(abstract, type)) {
    throw new GraphQLError(`Runtime Object type "${type.name}" is not a possible type for "${abstract.name}".`, { nodes });
  }
  return type;
}
