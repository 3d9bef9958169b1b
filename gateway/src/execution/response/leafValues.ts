import { compiledLookup } from '@bailiwick/kernel/graphql';
import { GraphQLEnumType, isSpecifiedScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

const integer = (value: unknown) => typeof value === 'number' && Number.isInteger(value);

const builtIn: Record<string, (value: unknown) => boolean> = {
  Boolean: (value) => typeof value === 'boolean',
  Int: integer,
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string' || integer(value),
};

/**
 * Whether a subgraph may answer this value for the type. An enum value that the API does not know (it may be inaccessible) is none. Of a
 * scalar of our own, the subgraph alone knows the form.
 */
export function leafCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  let check = checks.get(type);
  if (check === undefined) checks.set(type, (check = newCheck(type)));
  return check;
}

/** One for each type, however many fields have it. */
const checks = new WeakMap<GraphQLLeafType, (value: unknown) => boolean>();

function newCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  if (type instanceof GraphQLEnumType) {
    const nameOf = compiledLookup(type.getValues().map(({ name }) => [name, name]));
    return (value) => nameOf(value) !== undefined;
  }
  return isSpecifiedScalarType(type) ? builtIn[type.name]! : () => true;
}
