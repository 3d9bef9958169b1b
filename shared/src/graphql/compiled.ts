const plainName = /^[_A-Za-z][_0-9A-Za-z]*$/;

/**
 * Makes a function of JavaScript text. One that reads or makes objects of one known shape is fast where it names the properties itself; a loop over names
 * that serves all shapes looks each of them up (docs/performance.md).
 * @param body an expression. Names of fields and columns go into it through `propertyKey` and `memberOf` only, other texts through `JSON.stringify`, and everything else through `given`.
 * @param given what the body calls by name.
 * @throws SyntaxError for a body that is no expression: a fault of ours.
 */
export function compiled<Made>(body: string, given: Readonly<Record<string, unknown>>): Made {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...Object.keys(given), `'use strict'; return (${body});`) as (...values: unknown[]) => Made;
  return make(...Object.values(given));
}

/** A property's name as the key of an object literal: computed, so that `__proto__` is a key like any other. Throws for what is no name of GraphQL. */
export function propertyKey(name: string): string {
  return `[${quoted(name)}]`;
}

/** A property of a value, as an expression. Throws for what is no name of GraphQL. */
export function memberOf(value: string, name: string): string {
  return `${value}[${quoted(name)}]`;
}

function quoted(name: string): string {
  // Names of GraphQL and of columns are no more than that; anything else has not come from a schema.
  if (!plainName.test(name)) throw new Error(`"${name}" is no name that a function can be made with.`);
  return `"${name}"`;
}

/**
 * Makes a function that finds what belongs to a text, among few known ones. It compares with each of them: for a text that was just read, that takes
 * less than the engine's Map does (`textMap.ts`).
 * @param entries a text and what belongs to it. Of the same text twice, the last one counts.
 * @returns a function that returns undefined for every other value, whatever its type.
 */
export function compiledLookup(entries: readonly (readonly [string, string])[]): (value: unknown) => string | undefined {
  const cases = entries.toReversed().map(([text, found]) => `case ${JSON.stringify(text)}: return ${JSON.stringify(found)};`);
  return compiled(`(value) => { switch (value) { ${cases.join(' ')} } }`, {});
}

/** How often a function is called before it is compiled: making one takes as long as it spares in so many calls. Tests compile at once. */
export const compiling = { after: 100 };

/** A function that is compiled once it is called often. Until then `plain` does the same: who sends every document once, has nothing compiled for it. */
export function compiledWhenOften<One, Two, Result>(
  plain: (one: One, two: Two) => Result,
  compile: () => (one: One, two: Two) => Result,
): (one: One, two: Two) => Result {
  let calls = 0;
  let made: ((one: One, two: Two) => Result) | undefined;
  return (one, two) => {
    if (made === undefined) {
      calls += 1;
      if (calls <= compiling.after) return plain(one, two);
      made = compile();
    }
    return made(one, two);
  };
}
