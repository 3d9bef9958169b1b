/** Keeps what was made last, up to a weight: what was not asked for the longest goes first. What alone weighs more than that is not kept. */
export class RecentlyUsed<Value extends NonNullable<unknown>> {
  readonly #limit: number;
  readonly #weigh: (value: Value, key: string) => number;
  readonly #kept = new Map<string, { value: Value; weight: number }>();
  #weight = 0;

  /** `limit` is in the unit of `weigh`, which counts values where it is left out. */
  constructor(limit: number, weigh: (value: Value, key: string) => number = () => 1) {
    this.#limit = limit;
    this.#weigh = weigh;
  }

  /** What is kept for the key, or what `make` returns now. */
  get(key: string, make: () => Value): Value {
    const known = this.find(key);
    if (known !== undefined) return known;
    const value = make();
    this.keep(key, value);
    return value;
  }

  /** What is kept for the key. */
  find(key: string): Value | undefined {
    const known = this.#kept.get(key);
    if (known === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, known);
    return known.value;
  }

  /** Keeps a value for a key that has none. */
  keep(key: string, value: Value): void {
    const weight = this.#weigh(value, key);
    if (weight > this.#limit) return;
    this.#kept.set(key, { value, weight });
    this.#add(weight);
  }

  /** Weighs a value anew that has grown since it was made. */
  weighAgain(key: string): void {
    const known = this.#kept.get(key);
    if (known === undefined) return;
    const before = known.weight;
    known.weight = this.#weigh(known.value, key);
    if (known.weight > this.#limit) {
      this.#kept.delete(key);
      this.#weight -= before;
    } else {
      this.#add(known.weight - before);
    }
  }

  #add(weight: number): void {
    this.#weight += weight;
    for (const [oldest, { weight: freed }] of this.#kept) {
      if (this.#weight <= this.#limit) break;
      this.#kept.delete(oldest);
      this.#weight -= freed;
    }
  }
}
