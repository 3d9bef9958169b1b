const plainName = /^[_A-Za-z][_0-9A-Za-z]*$/;

/**
 * Makes a function of JavaScript text. One that reads or makes objects of one known shape is engine-fast only where it names the properties itself:
 * a loop over names that serves all shapes takes ten times as long for a row (docs/performance.md).
 * @param body an expression. Names of fields and columns go into it through `keyOf` and `memberOf` only, everything else through `given`.
 * @param given what the body calls by name.
 */
export function compiled<Made>(body: string, given: Readonly<Record<string, unknown>>): Made {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...Object.keys(given), `'use strict'; return (${body});`) as (...values: unknown[]) => Made;
  return make(...Object.values(given));
}

/** A property's name as the key of an object literal: computed, so that `__proto__` is a key like any other. */
export function keyOf(name: string): string {
  return `[${quoted(name)}]`;
}

/** A property of a value, as an expression. */
export function memberOf(value: string, name: string): string {
  return `${value}[${quoted(name)}]`;
}

function quoted(name: string): string {
  // Names of GraphQL and of columns are no more than that; anything else has not come from a schema.
  if (!plainName.test(name)) throw new Error(`"${name}" is no name that a function can be made with.`);
  return `"${name}"`;
}
