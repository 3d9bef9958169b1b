/**
 * The internal values of a GraphQL enum: `UNDER_REVIEW` in the graph is `under_review` in the database, for every enumeration.
 * Give it the values as the database has them.
 */
export function enumValues<Value extends string>(values: readonly Value[]): Record<Uppercase<Value>, Value> {
  return Object.fromEntries(values.map((value) => [value.toUpperCase(), value])) as Record<Uppercase<Value>, Value>;
}
