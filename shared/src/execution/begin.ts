import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { GraphQLLeafType } from 'graphql';
import { compiled, keyOf, memberOf } from '../compiled.js';
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
  return output?.kind === 'leaf' && testOf(output.type) !== undefined;
}

/** What one field does within the function. */
interface Reading {
  readonly value: string;
  readonly statement: string;
}

/** Objects that are none have no property that could be read. */
const nothing: unknown = Object.create(null);

/** Makes the function of one selection. */
export function beginOf(entries: readonly Entry[]): Begin {
  const given: Record<string, unknown> = { nothing, Unreadable };
  const readings = entries.map((entry) => readingOf(entry, given));
  const properties = entries.map(({ key }, index) => `${keyOf(key)}: ${readings[index]!.value}`);
  return compiled<Begin>(
    `(source, late) => {
      const from = (typeof source === 'object' && source !== null) || typeof source === 'function' ? source : nothing;
      ${readings.map(({ statement }) => statement).join('\n')}
      return { ${properties.join(', ')} };
    }`,
    given,
  );
}

function readingOf(entry: Entry, given: Record<string, unknown>): Reading {
  if ('typename' in entry) return { value: JSON.stringify(entry.typename), statement: '' };
  const { number, field } = entry;
  if (!field.isRead) return { value: 'undefined', statement: '' };
  const [value, read] = [`value${number}`, `read${number}`];
  const output = field.outputs[0]!;
  const { test, written, names } = testOf(output.kind === 'leaf' ? output.type : GraphQLString)!;
  if (names) given[`names${number}`] = names;
  const isAbsent = output.isNonNull ? '' : `if (${read} === null || ${read} === undefined) ${value} = null; else `;
  const put = (text: string): string => text.replaceAll('$value', read).replaceAll('$names', `names${number}`);
  return {
    value,
    statement: `let ${read}, ${value};
      try { ${read} = ${memberOf('from', field.definition.name)}; } catch (thrown) { ${read} = new Unreadable(thrown); }
      if (${put(test)}) ${value} = ${put(written)}; else ${isAbsent}late.push(${number}, ${read});`,
  };
}

/** Whether a value is written as it is, and how, as text with `$value` for it. */
interface LeafTest {
  readonly test: string;
  readonly written: string;
  /** Of an enum, what its values are called: `$names` in the text. */
  readonly names?: ReadonlyMap<unknown, string>;
}

const asItIs: ReadonlyMap<GraphQLLeafType, string> = new Map<GraphQLLeafType, string>([
  [GraphQLString, `typeof $value === 'string'`],
  [GraphQLID, `typeof $value === 'string'`],
  [GraphQLBoolean, `typeof $value === 'boolean'`],
  [GraphQLInt, `typeof $value === 'number' && ($value | 0) === $value`],
  [GraphQLFloat, `typeof $value === 'number' && Number.isFinite($value)`],
]);

/** As the types of graphql-js serialise what needs no coercion. Undefined for a scalar of our own, whose serialisation is a function. */
function testOf(type: GraphQLLeafType): LeafTest | undefined {
  const test = asItIs.get(type);
  if (test !== undefined) return { test, written: '$value' };
  if (!(type instanceof GraphQLEnumType) || type.serialize !== GraphQLEnumType.prototype.serialize) return undefined;
  const names = new Map(type.getValues().map(({ name, value }) => [value as unknown, name]));
  if (![...names.keys()].every((value) => typeof value === 'string')) return undefined;
  return { test: `typeof $value === 'string' && $names.has($value)`, written: '$names.get($value)', names };
}
