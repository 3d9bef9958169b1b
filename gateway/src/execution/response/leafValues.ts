import { GraphQLEnumType, isSpecifiedScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

const isInteger = (value: unknown) => typeof value === 'number' && Number.isInteger(value);

const builtIn: Record<string, (value: unknown) => boolean> = {
  Boolean: (value) => typeof value === 'boolean',
  Int: isInteger,
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string' || isInteger(value),
};

/**
 * Returns the function that tells whether a value in a subgraph's response is valid for a leaf type. The API's schema lacks inaccessible enum
 * values, so those are invalid. Every value but null is valid for a custom scalar, because only the subgraph knows its format.
 */
export function leafCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  let check = checks.get(type);
  if (check === undefined) checks.set(type, (check = newCheck(type)));
  return check;
}

/** One check for each type, shared by all fields of that type. */
const checks = new WeakMap<GraphQLLeafType, (value: unknown) => boolean>();

function newCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  if (type instanceof GraphQLEnumType) {
    const names = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => names.has(value);
  }
  return isSpecifiedScalarType(type) ? builtIn[type.name]! : (value) => value !== null && value !== undefined;
}
