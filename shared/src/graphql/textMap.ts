/** Characters at its end that a text is found by. Of an id (UUIDv7) these differ most. */
const significant = 8;
/** So few texts are looked through. */
const few = 8;
/** Texts that end alike, or so that they stand side by side, are looked through as well, but no more of them: then the engine's own Map takes over, which nobody slows down by what they send. */
const longestSearch = 32;

/**
 * A Map of texts that were just read, from a request or from rows. The engine's own looks each new text up in the table of all texts first, and adds
 * it there: on Node 26 that takes three times as long (docs/performance.md). Nothing is taken out of this one.
 */
export class TextMap<Value> {
  readonly #keys: string[] = [];
  readonly #values: Value[] = [];
  /** The place of a text in `#keys`, counted from 1; 0 is free. Undefined while there are few. */
  #slots: Int32Array | undefined;
  /** The place by the text, once too many had to be looked through. */
  #places: Map<string, number> | undefined;

  constructor(entries: readonly (readonly [string, Value])[] = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /** In the order in which they came. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  /** In the order of the keys. */
  get values(): readonly Value[] {
    return this.#values;
  }

  get(key: string): Value | undefined {
    const place = this.#placeOf(key);
    return place < 0 ? undefined : this.#values[place];
  }

  has(key: string): boolean {
    return this.#placeOf(key) >= 0;
  }

  set(key: string, value: Value): void {
    const known = this.#placeOf(key);
    if (known >= 0) {
      this.#values[known] = value;
      return;
    }
    const place = this.#keys.push(key) - 1;
    this.#values.push(value);
    if (this.#places) this.#places.set(key, place);
    else if (this.#slots && place * 2 < this.#slots.length) this.#slots[freeSlot(this.#slots, key)] = place + 1;
    else if (place >= few) this.#makeSlots();
  }

  /** -1 where it is not there. */
  #placeOf(key: string): number {
    if (this.#places) return this.#places.get(key) ?? -1;
    if (this.#slots === undefined) return this.#keys.indexOf(key);
    const mask = this.#slots.length - 1;
    let slot = hashOf(key);
    for (let searched = 0; searched < longestSearch; searched++, slot++) {
      const place = this.#slots[slot & mask]! - 1;
      if (place < 0 || this.#keys[place] === key) return place;
    }
    this.#places = new Map(this.#keys.map((one, place) => [one, place]));
    return this.#placeOf(key);
  }

  /** Eight to sixteen for each text: they are made anew once there are as many texts as half of them. */
  #makeSlots(): void {
    let size = 1;
    while (size < this.#keys.length * 8) size *= 2;
    const slots = new Int32Array(size);
    for (let place = 0; place < this.#keys.length; place++) slots[freeSlot(slots, this.#keys[place]!)] = place + 1;
    this.#slots = slots;
  }
}

function freeSlot(slots: Int32Array, key: string): number {
  const mask = slots.length - 1;
  let slot = hashOf(key) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  return slot;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = Math.max(0, text.length - significant); at < text.length; at++)
    hash = (hash * 1_000_003 + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 15);
}
