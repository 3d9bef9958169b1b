/**
 * The internal values of a GraphQL enum, as the database has them: `UNDER_REVIEW` in the graph is `under_review` there, for every enumeration.
 * Takes the values as the schema has them.
 */
export function enumValues<Value extends string>(values: readonly Value[]): Record<Value, Lowercase<Value>> {
  return Object.fromEntries(values.map((value) => [value, value.toLowerCase()])) as Record<Value, Lowercase<Value>>;
}
