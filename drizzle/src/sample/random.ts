/**
 * A source of numbers that are the same on every machine and in every run. Only integer steps and the four basic operations
 * are used: Math.pow and its kin may differ in the last bit from one engine to the next.
 */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  bits(): number;
  /** A whole number from `min` to `max`, both included; `min` where `max` is smaller. */
  integer(min: number, max: number): number;
  /** True in `percent` of 100 calls. */
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the values, each as often as its weight says. */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T;
  /** `count` different elements, or all of them where the list is shorter. */
  some<T>(list: readonly T[], count: number): T[];
  /** A UUID of version 7 (RFC 9562, section 5.7) for that instant in milliseconds since 1970. */
  uuid(milliseconds: number): string;
}

/** @param seed names the stream: each subject has one of its own, so that a change in one leaves the others as they are. */
export function createRandom(seed: string): Random {
  let state = fnv1a(seed);

  // mulberry32
  function bits(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  function integer(min: number, max: number): number {
    return max <= min ? min : min + (bits() % (max - min + 1));
  }
  function pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('pick was given an empty list.');
    return list[integer(0, list.length - 1)] as T;
  }
  function weighted<T>(choices: readonly (readonly [T, number])[]): T {
    let rest = integer(1, sum(choices));
    for (const [value, weight] of choices) {
      rest -= weight;
      if (rest <= 0) return value;
    }
    throw new RangeError('weighted was given no choice with a positive whole weight.');
  }
  function some<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(integer(0, left.length - 1), 1)[0] as T);
  }
  function uuid(milliseconds: number): string {
    const time = hex(milliseconds, 12);
    const first = hex(0x7000 | (bits() & 0x0fff), 4);
    const second = hex(0x8000 | (bits() & 0x3fff), 4);
    return `${time.slice(0, 8)}-${time.slice(8)}-${first}-${second}-${hex(bits() & 0xffff, 4)}${hex(bits(), 8)}`;
  }
  return { bits, integer, chance: (percent) => integer(1, 100) <= percent, pick, weighted, some, uuid };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function sum(choices: readonly (readonly [unknown, number])[]): number {
  return choices.reduce((total, [, weight]) => total + weight, 0);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
