import { Kind, parse, print, visit } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentSpreadNode,
  InlineFragmentNode,
  NameNode,
  OperationDefinitionNode,
  ValueNode,
} from 'graphql';

/** The stock gateway can not plan `__schema` and `__type` within fragments of some kinds. graphql-js answers them, in `inOrder`. */
export function withoutIntrospection(asked: DocumentNode): DocumentNode {
  const document = visit(asked, {
    Field: (node) =>
      /^__(schema|type)$/.test(node.name.value) ? { ...node, name: typename, arguments: [], selectionSet: undefined } : undefined,
  });
  return withoutWhatIsUnused(document);
}

/** The same operation without `@skip` and `@include`: what they leave out is gone, and what they leave in stands there as it is. */
export function withDecidedConditions(asked: DocumentNode, variables: Readonly<Record<string, unknown>>): DocumentNode {
  const valueOf = (value: ValueNode | undefined): unknown => {
    if (value?.kind === Kind.BOOLEAN) return value.value;
    if (value?.kind !== Kind.VARIABLE) throw new Error(`A condition is ${value ? print(value) : 'nothing'}.`);
    const name = value.name.value;
    return Object.hasOwn(variables, name) ? variables[name] : defaults.get(name);
  };
  const defaults = new Map<string, unknown>();
  visit(asked, {
    VariableDefinition: ({ variable, defaultValue }) =>
      void (defaultValue?.kind === Kind.BOOLEAN && defaults.set(variable.name.value, defaultValue.value)),
  });
  const decide = (node: FieldNode | FragmentSpreadNode | InlineFragmentNode) => {
    const isLeftOut = node.directives?.some(
      ({ name, arguments: given }) => valueOf(given?.[0]?.value) === (name.value === 'skip'),
    );
    return isLeftOut ? null : { ...node, directives: [] };
  };
  const decided = visit(asked, {
    Field: { enter: decide },
    FragmentSpread: { enter: decide },
    InlineFragment: { enter: decide },
    SelectionSet: { leave: (node) => (node.selections.length > 0 ? undefined : nothing) },
  });
  return withoutWhatIsUnused(decided);
}

/** A selection that a document may hold where nothing is selected. */
const nothing = (parse('{ __typename @skip(if: true) }').definitions[0] as OperationDefinitionNode).selectionSet;

/** Variables and fragments that are not used make a document invalid. */
function withoutWhatIsUnused(document: DocumentNode): DocumentNode {
  const variables = new Set<string>();
  const fragments = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void variables.add(name.value),
    FragmentSpread: ({ name }) => void fragments.add(name.value),
  });
  let isWhole = true;
  const less = visit(document, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
    FragmentDefinition: {
      enter({ name }) {
        if (fragments.has(name.value)) return undefined;
        isWhole = false;
        return null;
      },
    },
  });
  // One fragment may have been the only one to use another.
  return isWhole ? less : withoutWhatIsUnused(less);
}

const typename: NameNode = { kind: Kind.NAME, value: '__typename' };
