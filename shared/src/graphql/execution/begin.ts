import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { GraphQLLeafType } from 'graphql';
import { compiled, compiledLookup, compiledWhenOften, memberOf, propertyKey } from '../compiled.js';
import type { PlannedField, ResultObject } from './plan.js';

/**
 * Makes what an object of the answer begins as, every key in its place, with the fields that are properties of `source`. Those whose value is not plain go
 * into `late`, the number of the field and then what was read, and are completed in their turn.
 */
export type Begin = (source: unknown, late: unknown[]) => ResultObject;

/** Stands for a property whose reading failed. */
export class Unreadable {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

/** What stands under a key of the answer: the type's name, or a field by its number. */
export type Entry = { readonly key: string } & (
  { readonly typename: string } | { readonly number: number; readonly field: PlannedField }
);

/** Whether a field is a property of its object that is read without asking anybody. */
export function mayBeRead({ definition, resolveEach, outputs }: Omit<PlannedField, 'isRead'>): boolean {
  if (definition.resolve || resolveEach || definition.args.length > 0) return false;
  const [output] = outputs;
  return output?.kind === 'leaf' && plainOf(output.type) !== null;
}

/** What a source that is no object is read as. */
const nothing: unknown = Object.create(null);

const isObject = (value: unknown): boolean => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Makes the function of one selection. */
export function beginOf(entries: readonly Entry[]): Begin {
  return compiledWhenOften(
    (source, late) => beginPlainly(entries, source, late),
    () => compileBegin(entries),
  );
}

/** Reads every field, and leaves them all to be completed in their turn. */
function beginPlainly(entries: readonly Entry[], source: unknown, late: unknown[]): ResultObject {
  const from = (isObject(source) ? source : nothing) as Record<string, unknown>;
  const begun = entries.map((entry): [string, unknown] => {
    if ('typename' in entry) return [entry.key, entry.typename];
    if (entry.field.isRead) late.push(entry.number, read(from, entry.field.definition.name));
    return [entry.key, undefined];
  });
  // fromEntries defines: a key __proto__ is a key like any other, and from then on can be assigned to.
  return Object.fromEntries(begun);
}

function read(from: Record<string, unknown>, name: string): unknown {
  try {
    return from[name];
  } catch (thrown) {
    return new Unreadable(thrown);
  }
}

function compileBegin(entries: readonly Entry[]): Begin {
  const given: Record<string, unknown> = { nothing, isObject, Unreadable };
  const readings = entries.map((entry) => readingOf(entry, given));
  const properties = entries.map(({ key }, index) => `${propertyKey(key)}: ${readings[index]!.value}`);
  return compiled<Begin>(
    `(source, late) => {
      const from = isObject(source) ? source : nothing;
      ${readings.map(({ statement }) => statement).join('\n')}
      return { ${properties.join(', ')} };
    }`,
    given,
  );
}

/** What one entry is within the function: its value, and what has to be done for it before. */
interface Reading {
  readonly value: string;
  readonly statement: string;
}

function readingOf(entry: Entry, given: Record<string, unknown>): Reading {
  if ('typename' in entry) return { value: JSON.stringify(entry.typename), statement: '' };
  const { number, field } = entry;
  const output = field.outputs[0]!;
  const leaf = field.isRead && output.kind === 'leaf' ? plainOf(output.type) : null;
  if (leaf === null) return { value: 'undefined', statement: '' };
  const [value, property] = [`value${number}`, `read${number}`];
  if (leaf.nameOf) given[`nameOf${number}`] = leaf.nameOf;
  const written = leaf.written.replaceAll('$value', property).replaceAll('$nameOf', `nameOf${number}`);
  const isAbsent = output.isNonNull ? '' : `if (${property} === null || ${property} === undefined) ${value} = null; else `;
  return {
    value,
    statement: `let ${property};
      try { ${property} = ${memberOf('from', field.definition.name)}; } catch (thrown) { ${property} = new Unreadable(thrown); }
      let ${value} = ${written};
      if (${value} === undefined) { ${isAbsent}late.push(${number}, ${property}); }`,
  };
}

/** How a plain value is written. */
interface PlainLeaf {
  /** As an expression of `$value`, which is undefined where that is not plain. */
  readonly written: string;
  /** Of an enum, what a value is called: `$nameOf` in the expression. */
  readonly nameOf?: (value: unknown) => string | undefined;
}

const asItIs: ReadonlyMap<GraphQLLeafType, string> = new Map<GraphQLLeafType, string>([
  [GraphQLString, `typeof $value === 'string'`],
  [GraphQLID, `typeof $value === 'string'`],
  [GraphQLBoolean, `typeof $value === 'boolean'`],
  [GraphQLInt, `typeof $value === 'number' && ($value | 0) === $value`],
  [GraphQLFloat, `typeof $value === 'number' && Number.isFinite($value)`],
]);

/** As the types of graphql-js serialise what needs no coercion. Null for a scalar of our own, whose serialisation is a function. */
function plainOf(type: GraphQLLeafType): PlainLeaf | null {
  let leaf = plainLeaves.get(type);
  if (leaf === undefined) plainLeaves.set(type, (leaf = newPlainLeaf(type)));
  return leaf;
}

/** One for each type, however many plans have it. */
const plainLeaves = new WeakMap<GraphQLLeafType, PlainLeaf | null>();

function newPlainLeaf(type: GraphQLLeafType): PlainLeaf | null {
  const test = asItIs.get(type);
  if (test !== undefined) return { written: `(${test}) ? $value : undefined` };
  if (!(type instanceof GraphQLEnumType) || type.serialize !== GraphQLEnumType.prototype.serialize) return null;
  const names: [string, string][] = [];
  for (const { value, name } of type.getValues()) {
    if (typeof value !== 'string') return null;
    names.push([value, name]);
  }
  return { written: '$nameOf($value)', nameOf: compiledLookup(names) };
}
