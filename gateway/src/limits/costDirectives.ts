import { buildSchema, getDirectiveValues } from 'graphql';
import type {
  GraphQLArgument,
  GraphQLDirective,
  GraphQLField,
  GraphQLInputField,
  GraphQLNamedType,
  GraphQLSchema,
} from 'graphql';

/** `@listSize` of a field, as https://ibm.github.io/graphql-specs/cost-spec.html explains it. */
export interface ListSize {
  /** How many entries the list has when no slicing argument is given. */
  readonly assumedSize?: number | null;
  /** The arguments that ask for a number of entries, such as `first`. */
  readonly slicingArguments?: readonly string[] | null;
  /** The fields of the returned object that have this size, such as `nodes`; the field itself when left out. */
  readonly sizedFields?: readonly string[] | null;
  /** Whether exactly one of the slicing arguments has to be given. */
  readonly requireOneSlicingArgument: boolean;
}

/** The composed graph, with what the teams' schemas say of costs (https://specs.apollo.dev/cost/v0.1). */
export interface CostDirectives {
  readonly schema: GraphQLSchema;
  /** `@cost(weight:)` of a type, field, argument or input field; undefined where it has none. */
  readonly weightOf: (element: Element) => number | undefined;
  /** `@listSize` of a field; undefined where it has none. */
  readonly listSizeOf: (field: GraphQLField<unknown, unknown>) => ListSize | undefined;
}

/** A type, field, argument or input field. */
type Element = GraphQLNamedType | GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField;

/** Reads the directives `@cost` and `@listSize` of a supergraph. The schema that callers see has none: composition leaves them out there. */
export function readCostDirectives(supergraphSdl: string): CostDirectives {
  const schema = buildSchema(supergraphSdl, { assumeValidSDL: true });
  const [cost, listSize] = [schema.getDirective('cost'), schema.getDirective('listSize')];
  return {
    schema,
    weightOf: (element) => valuesOf(cost, element)?.['weight'] as number | undefined,
    listSizeOf: (field) => valuesOf(listSize, field) as ListSize | undefined,
  };
}

function valuesOf(directive: GraphQLDirective | null | undefined, { astNode }: Element): Record<string, unknown> | undefined {
  return directive && astNode ? getDirectiveValues(directive, astNode) : undefined;
}
