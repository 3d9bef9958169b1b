import { GraphQLIncludeDirective, GraphQLSkipDirective, isAbstractType, isCompositeType, Kind, visit } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

/** The operation that fields are collected from, under one choice of its `@skip` and `@include`. */
export interface CollectedFrom {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The values of the variables that the two directives ask for. */
  readonly conditions: ReadonlyMap<string, boolean>;
}

/** The variables that some `@skip` or `@include` of the document asks for, each once. */
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

/** The fragments of a document by name. */
export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/**
 * The fields of one type by response name, each with all the places where it is selected, in the order in which they are answered
 * (https://spec.graphql.org/October2021/#CollectFields()).
 */
export function collectFields(
  selected: CollectedFrom,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const selectionSet of selectionSets) collect(selected, type, selectionSet, fields, spread);
  return fields;
}

function collect(
  selected: CollectedFrom,
  type: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  fields: Map<string, FieldNode[]>,
  spread: Set<string>,
): void {
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection.directives, selected.conditions)) continue;
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = selection.alias?.value ?? selection.name.value;
        const known = fields.get(name);
        if (known) known.push(selection);
        else fields.set(name, [selection]);
        break;
      }
      case Kind.INLINE_FRAGMENT:
        if (applies(selected.schema, selection.typeCondition?.name.value, type))
          collect(selected, type, selection.selectionSet, fields, spread);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = selected.fragments.get(name);
        if (spread.has(name) || fragment === undefined) break;
        spread.add(name);
        if (applies(selected.schema, fragment.typeCondition.name.value, type))
          collect(selected, type, fragment.selectionSet, fields, spread);
        break;
      }
    }
  }
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLCompositeType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const required = schema.getType(condition);
  return isCompositeType(required) && isAbstractType(required) && schema.isSubType(required, type as never);
}

function isIncluded(directives: readonly DirectiveNode[] | undefined, conditions: ReadonlyMap<string, boolean>): boolean {
  for (const { name, arguments: given } of directives ?? []) {
    const isSkip = name.value === GraphQLSkipDirective.name;
    if (!isSkip && name.value !== GraphQLIncludeDirective.name) continue;
    const condition = given?.[0]?.value;
    const value =
      condition?.kind === Kind.VARIABLE
        ? conditions.get(condition.name.value)
        : condition?.kind === Kind.BOOLEAN && condition.value;
    if (value === isSkip) return false;
  }
  return true;
}
