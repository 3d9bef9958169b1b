import type { Random } from '@bailiwick/database/sample/random';
import { isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { GraphQLInputType } from 'graphql';

/** What the database holds that an argument may name. */
export interface KnownValues {
  readonly ids: readonly string[];
  /** Of the objects that a root field looks up by id, by the name of the field. */
  readonly idsOf: Readonly<Record<string, readonly string[]>>;
  /** Case numbers and codes. */
  readonly texts: readonly string[];
  readonly cursors: readonly string[];
}

const unknownId = '018f0000-0000-7000-8000-00000000dead';
const dates = ['2024-02-29', '2025-01-01', '2026-06-30'];

/** A value for an argument or a field of an input; `place` is its name, `of` the field that it belongs to. Undefined leaves it out. */
export function makeValue(
  random: Random,
  known: KnownValues,
  type: GraphQLInputType,
  { place, of, depth = 0 }: { place: string; of: string; depth?: number },
): unknown {
  if (isNonNullType(type)) return makeValue(random, known, type.ofType, { place, of, depth }) ?? fallback(known, type.ofType);
  if (random.chance(4)) return null;
  if (isListType(type)) {
    return Array.from({ length: random.integer(0, 2) }, () =>
      makeValue(random, known, type.ofType, { place, of, depth: depth + 1 }),
    );
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    const object: Record<string, unknown> = {};
    for (const field of Object.values(type.getFields())) {
      if (!isNonNullType(field.type) && !random.chance(depth === 0 ? 25 : 10)) continue;
      object[field.name] = makeValue(random, known, field.type, { place: field.name, of, depth: depth + 1 });
    }
    return object;
  }
  switch (type.name) {
    case 'Int':
      if (place === 'maxDepth') return random.integer(0, 3);
      return random.chance(97) ? random.integer(1, 3) : random.pick([0, -1, 101]);
    case 'Boolean':
      return random.chance(50);
    case 'ID':
      if (random.chance(12)) return random.pick([unknownId, 'not an id', '']);
      return random.pick(random.chance(80) ? (known.idsOf[of] ?? known.ids) : known.ids);
    case 'Date':
      return random.pick(dates);
    case 'DateTime':
      return `${random.pick(dates)}T12:00:00Z`;
    case 'Decimal':
      return random.pick(['0', '12.50', '1000000']);
    case 'BigInt':
      return random.pick(['0', '42']);
    default:
      if (place === 'after' || place === 'before') return random.pick(random.chance(60) ? [...known.cursors] : ['no cursor', '']);
      return random.pick(random.chance(60) ? [...known.texts] : ['a', 'case', 'Ünïcode "quoted" \\ %_', '']);
  }
}

function fallback(known: KnownValues, type: GraphQLInputType): unknown {
  if (isListType(type) || isInputObjectType(type)) return isListType(type) ? [] : {};
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if ('name' in type && type.name === 'Int') return 1;
  if ('name' in type && type.name === 'Boolean') return true;
  return known.ids[0];
}
