import {
  getNullableType,
  GraphQLBoolean,
  GraphQLID,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  TypeNameMetaFieldDef,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLAbstractType,
  GraphQLField,
  GraphQLLeafType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { beginOf, mayBeRead } from './begin.js';
import type { Begin, Entry } from './begin.js';
import { collectFields, fragmentsOf } from './collectFields.js';
import type { CollectedFrom } from './collectFields.js';
import { resolveEntities } from './entities.js';
import type { Representation } from './entities.js';
import { eachOf } from './resolveEach.js';
import type { ResolveEach } from './resolveEach.js';

/** An object of the answer. Every key of its selection is there from the beginning, in the order in which it is answered. */
export type ResultObject = Record<string, unknown>;

/** What is selected of one object type: the fields that are filled in, and what an object of the answer begins as. */
export interface Selection {
  readonly fields: readonly PlannedField[];
  readonly begin: Begin;
}

/** A field of one object type, with all the places where it is selected under one name. */
export interface PlannedField {
  /** Its name in the answer. */
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly hasArguments: boolean;
  /** Whether an object begins with it: it is resolved for those only whose value is no plain one. */
  readonly isRead: boolean;
  /** For all parents at once, where the resolver can. */
  readonly resolveEach: ResolveEach | undefined;
  /** Of its value, then of the entries of the list that it is, and so on inwards. */
  readonly outputs: readonly Output[];
  /** What is selected of a type that its values turn out to have. */
  selectionOf(type: GraphQLObjectType): Selection;
  /** The names of the fields that are selected of its values; undefined where these have no fields, or may be of several types. */
  readonly selectedFields: () => ReadonlySet<string> | undefined;
}

export type Output = { readonly isNonNull: boolean } & (
  | { readonly kind: 'list' }
  /** A value of the JavaScript type `plain` is its own serialisation. */
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType; readonly plain: 'string' | 'boolean' | undefined }
  | { readonly kind: 'abstract'; readonly type: GraphQLAbstractType }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType }
);

/**
 * One operation under one choice of its `@skip` and `@include`, compiled as far as it was needed: what is selected of a type is
 * put together when the first value of that type turns up, or a resolver asks for it. Holds nothing of any request.
 */
export class Plan implements CollectedFrom {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** As resolvers are told of them. */
  readonly fragmentsByName: Record<string, FragmentDefinitionNode>;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly root: Selection;
  #size = 0;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    conditions: ReadonlyMap<string, boolean>,
  ) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragmentsOf(document);
    this.fragmentsByName = Object.fromEntries(this.fragments);
    this.conditions = conditions;
    this.root = this.#select(schema.getRootType(operation.operation)!, [operation.selectionSet]);
  }

  /** In fields. Fragments that spread others twice make a document's fields more than its characters. */
  get size(): number {
    return this.#size;
  }

  #select(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Selection {
    const fields: PlannedField[] = [];
    const entries: Entry[] = [];
    for (const [key, nodes] of collectFields(this, type, selectionSets)) {
      const name = nodes[0]!.name.value;
      if (name === TypeNameMetaFieldDef.name) {
        entries.push({ key, typename: type.name });
        continue;
      }
      const field = this.#field(key, nodes, type, type.getFields()[name]!);
      entries.push({ key, number: fields.push(field) - 1, field });
    }
    this.#size += entries.length;
    return { fields, begin: beginOf(entries) };
  }

  #field(
    key: string,
    nodes: readonly FieldNode[],
    parentType: GraphQLObjectType,
    definition: GraphQLField<unknown, unknown>,
  ): PlannedField {
    const selections = new Map<GraphQLObjectType, Selection>();
    const selectionOf = (type: GraphQLObjectType): Selection => {
      let selection = selections.get(type);
      if (selection === undefined) {
        selection = this.#select(
          type,
          nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : [])),
        );
        selections.set(type, selection);
      }
      return selection;
    };
    const outputs = outputsOf(definition.type);
    let selected: ReadonlySet<string> | undefined;
    const field = {
      key,
      nodes,
      definition,
      parentType,
      hasArguments: definition.args.length > 0,
      resolveEach: this.#isEntities(definition, parentType) ? this.#entities : eachOf(definition.resolve),
      outputs,
      selectionOf,
      selectedFields: () => (selected ??= fieldNames(outputs.at(-1)!, selectionOf)),
    };
    return { ...field, isRead: mayBeRead(field) };
  }

  #isEntities({ name }: GraphQLField<unknown, unknown>, parentType: GraphQLObjectType): boolean {
    return name === '_entities' && parentType === this.schema.getQueryType();
  }

  /** There is one root, so one list. */
  readonly #entities: ResolveEach = (_roots, { representations }, context) =>
    resolveEntities(this.schema, representations as Representation[], context)?.then((entities) => [entities]);
}

function fieldNames(value: Output, selectionOf: PlannedField['selectionOf']): ReadonlySet<string> | undefined {
  return value.kind === 'object' ? new Set(selectionOf(value.type).fields.map(({ definition }) => definition.name)) : undefined;
}

function outputsOf(type: GraphQLOutputType): Output[] {
  const isNonNull = isNonNullType(type);
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [{ isNonNull, kind: 'list' }, ...outputsOf(nullable.ofType)];
  if (isLeafType(nullable)) return [{ isNonNull, kind: 'leaf', type: nullable, plain: plainTypeOf(nullable) }];
  return [
    isAbstractType(nullable) ? { isNonNull, kind: 'abstract', type: nullable } : { isNonNull, kind: 'object', type: nullable },
  ];
}

function plainTypeOf(type: GraphQLLeafType): 'string' | 'boolean' | undefined {
  if (type === GraphQLString || type === GraphQLID) return 'string';
  return type === GraphQLBoolean ? 'boolean' : undefined;
}
