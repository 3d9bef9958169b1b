import { GraphQLError, Kind } from 'graphql';
import type { SelectionNode, SelectionSetNode, ValidationRule } from 'graphql';

/** How many fields of Query or Mutation an operation may select. */
export const maxRootFields = 30;

/** An operation selects at most `maxRootFields` fields at its root. A field counts as often as it is written. */
export const MaxRootFieldsRule: ValidationRule = (context) => {
  const rootFields = ({ selections }: SelectionSetNode, seen: Set<string>): SelectionNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, seen);
      // A fragment is looked into once: spread twice in one another, thirty would be followed a billion times.
      const fragment = seen.has(selection.name.value) ? undefined : context.getFragment(selection.name.value);
      seen.add(selection.name.value);
      return fragment ? rootFields(fragment.selectionSet, seen) : [];
    });
  return {
    OperationDefinition({ selectionSet }) {
      const fields = rootFields(selectionSet, new Set());
      if (fields.length <= maxRootFields) return;
      context.reportError(
        new GraphQLError(
          `The operation selects ${fields.length} fields at its root; the limit is ${maxRootFields}. Send several operations.`,
          { nodes: fields[maxRootFields]! },
        ),
      );
    },
  };
};
