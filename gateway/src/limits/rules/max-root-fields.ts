import { GraphQLError, Kind } from 'graphql';
import type { SelectionNode, SelectionSetNode, ValidationRule } from 'graphql';

/** How many fields of Query or Mutation an operation may select. */
export const maxRootFields = 30;

/** An operation selects at most `maxRootFields` fields at its root. A repeated field counts each time; the fields of a fragment count once. */
export const MaxRootFieldsRule: ValidationRule = (context) => {
  const rootFields = ({ selections }: SelectionSetNode, seen: Set<string>): SelectionNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, seen);
      // Each fragment is visited once. If each of 30 fragments spreads the next one twice, following every spread takes 2^30 visits.
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
