import { AppError } from '@bailiwick/kernel/errors';
import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInputObjectType,
  isListType,
  isUnionType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLArgument,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLInputField,
  GraphQLInputType,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { readCostDirectives } from './costDirectives.js';
import type { CostDirectives, ListSize } from './costDirectives.js';
import { invalidVariables } from './variables.js';

/** The limit when none is configured, in objects. A page of 100 cases with all that hangs on them stays well below it. */
export const defaultMaxOperationCost = 10_000;

/** How many entries a list without `@listSize` is taken to have. */
const defaultListSize = 5;
/** The whole schema is a large answer: some of these in one operation are enough. Within, its own rule bounds the depth. */
const introspectionCost = 500;
/** Fragments within fragments can make a small document immense, and planning takes up to a tenth of a millisecond for each field. */
const maxFields = 1_000;
/** How many costs of one document are kept. They differ by page sizes and conditions, which are one of few. */
const costsKept = 50;

/** An operation of a valid document. */
export interface CountedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced to the types of the operation's variables. */
  readonly variables: Record<string, unknown>;
}

/**
 * Returns how many objects an operation could touch: an object counts 1 and a scalar 0 unless `@cost` says otherwise, a list counts as many entries
 * as `@listSize` says. Throws BAD_USER_INPUT when an argument is missing, OPERATION_TOO_COSTLY when the operation is too large to be counted.
 */
export type CountCost = (operation: CountedOperation) => number;

/** Counts the operations of one supergraph, by its directives. Counts a document once for each choice of its page sizes and conditions. */
export function createCostCounter(supergraphSdl: string): CountCost {
  const directives = readCostDirectives(supergraphSdl);
  const costsOf = new WeakMap<DocumentNode, LRUCache<string, number>>();
  return (counted) => {
    let costs = costsOf.get(counted.document);
    if (costs === undefined) costsOf.set(counted.document, (costs = new LRUCache({ max: costsKept })));
    const key = keyOf(counted);
    let cost = costs.get(key);
    if (cost === undefined) costs.set(key, (cost = countAll(directives, counted)));
    return cost;
  };
}

function countAll(directives: CostDirectives, counted: CountedOperation): number {
  try {
    return new Count(directives, counted).total();
  } catch (error) {
    if (error instanceof GraphQLError) throw invalidVariables(error.message);
    throw error;
  }
}

/** Throws OPERATION_TOO_COSTLY when the cost of an operation is above the limit. */
export function limitCost(cost: number, limit: number): void {
  if (cost <= limit) return;
  throw new AppError(
    'OPERATION_TOO_COSTLY',
    `The operation could touch ${cost.toLocaleString('en')} objects; the limit is ${limit.toLocaleString('en')}.`,
    {
      hint: 'Ask for smaller pages with first or last (20 is taken when neither is given), nest fewer lists in one another, count and search less, or send several operations.',
    },
  );
}

/** No text changes the cost, only that it is given: searches for different texts have one key. */
function keyOf({ operation, variables }: CountedOperation): string {
  return JSON.stringify([operation.name?.value, variables], (_name, value: unknown) => (typeof value === 'string' ? '' : value));
}

/** The count of one operation. */
class Count {
  readonly #directives: CostDirectives;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Record<string, unknown>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  #fields = 0;

  constructor(directives: CostDirectives, { document, operation, variables }: CountedOperation) {
    this.#directives = directives;
    this.#operation = operation;
    this.#variables = variables;
    const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  total(): number {
    const root = this.#directives.schema.getRootType(this.#operation.operation);
    return root ? this.#selectionSet(this.#operation.selectionSet, root, new Map()) : 0;
  }

  /** `sizes` are those of the lists that a `@listSize` above has sized, by field name. */
  #selectionSet({ selections }: SelectionSetNode, type: GraphQLCompositeType, sizes: ReadonlyMap<string, number>): number {
    let cost = 0;
    for (const selection of selections) {
      if (this.#isLeftOut(selection)) continue;
      if (++this.#fields > maxFields) throw tooManyFields();
      cost += selection.kind === Kind.FIELD ? this.#field(selection, type, sizes) : this.#fragment(selection, type, sizes);
    }
    return cost;
  }

  #fragment(
    selection: Exclude<SelectionNode, FieldNode>,
    type: GraphQLCompositeType,
    sizes: ReadonlyMap<string, number>,
  ): number {
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value)!;
    const condition = fragment.typeCondition && this.#directives.schema.getType(fragment.typeCondition.name.value);
    return this.#selectionSet(fragment.selectionSet, isCompositeType(condition) ? condition : type, sizes);
  }

  #field(node: FieldNode, parent: GraphQLCompositeType, sizes: ReadonlyMap<string, number>): number {
    const field = fieldOf(parent, node.name.value);
    if (field === undefined) return 0;
    const given = getArgumentValues(field, node, this.#variables);
    const type = getNamedType(field.type);
    const listSize = this.#directives.listSizeOf(field);
    const size = listSize && sizeOf(listSize, given, field.name);
    const sizesBelow = new Map(listSize?.sizedFields?.map((name) => [name, size ?? defaultListSize]));
    const below = node.selectionSet && isCompositeType(type) ? this.#selectionSet(node.selectionSet, type, sizesBelow) : 0;
    // What is selected of the schema counts for maxFields only.
    if (field === SchemaMetaFieldDef || field === TypeMetaFieldDef) return introspectionCost;
    const weight = this.#weightOf(field) ?? (isCompositeType(type) ? 1 : 0);
    const entries = isListType(getNullableType(field.type)) ? (sizes.get(field.name) ?? size ?? defaultListSize) : 1;
    return entries * (weight + below) + this.#inputs(field.args, given);
  }

  /** The cost of the given arguments or input fields: 0 unless a `@cost` on them or on their type says otherwise. */
  #inputs(inputs: readonly (GraphQLArgument | GraphQLInputField)[], given: Record<string, unknown>): number {
    let cost = 0;
    for (const input of inputs) {
      const value = given[input.name];
      if (value === undefined || value === null) continue;
      cost += (this.#weightOf(input) ?? 0) + this.#inputValue(input.type, value);
    }
    return cost;
  }

  #inputValue(type: GraphQLInputType, value: unknown): number {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return 0;
    const objects = (Array.isArray(value) ? value.flat(Infinity) : [value]) as (Record<string, unknown> | null)[];
    const fields = Object.values(named.getFields());
    return objects.reduce((cost, object) => cost + (object ? this.#inputs(fields, object) : 0), 0);
  }

  /** The weight of a field, argument or input field, else of its type. */
  #weightOf(element: GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField): number | undefined {
    return this.#directives.weightOf(element) ?? this.#directives.weightOf(getNamedType(element.type));
  }

  #isLeftOut(selection: SelectionNode): boolean {
    return (
      getDirectiveValues(GraphQLSkipDirective, selection, this.#variables)?.['if'] === true ||
      getDirectiveValues(GraphQLIncludeDirective, selection, this.#variables)?.['if'] === false
    );
  }
}

function fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isUnionType(parent) ? undefined : parent.getFields()[name];
}

/** The number of entries that the arguments ask for, at least 1: a page of 0 reads one row as well, and the subgraph refuses a negative size. */
function sizeOf(listSize: ListSize, given: Record<string, unknown>, field: string): number | undefined {
  const names = listSize.slicingArguments ?? [];
  const asked = names.map((name) => given[name]).filter((value) => typeof value === 'number');
  if (listSize.requireOneSlicingArgument && names.length > 0 && asked.length !== 1) {
    throw new AppError('BAD_USER_INPUT', `${field} needs exactly one of: ${names.join(', ')}.`, {
      hint: 'Say with one of these arguments how many entries to return.',
    });
  }
  return asked.length > 0 ? Math.max(1, ...asked) : (listSize.assumedSize ?? undefined);
}

function tooManyFields(): AppError {
  return new AppError(
    'OPERATION_TOO_COSTLY',
    `The operation selects more than ${maxFields.toLocaleString('en')} fields, fragments included.`,
    {
      hint: 'Ask for fewer fields, or send several operations.',
    },
  );
}
