/** What is kept, and whether it was asked for since it was last passed over. */
interface Kept<Value> {
  readonly value: Value;
  weight: number;
  isUsed: boolean;
}

/**
 * Keeps what was made last, up to a weight: what was not asked for goes first, the oldest before the others (the clock algorithm). What alone weighs more than
 * that is not kept. Finding something changes nothing in the map: one that is changed at every request outgrows its table again and again, and a table that
 * was left keeps the one after it, and what that held, alive until the next full collection.
 */
export class RecentlyUsed<Value extends NonNullable<unknown>> {
  readonly #limit: number;
  readonly #weigh: (value: Value, key: string) => number;
  readonly #kept = new Map<string, Kept<Value>>();
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
    known.isUsed = true;
    return known.value;
  }

  /** Keeps a value for a key. One that has a value keeps that. */
  keep(key: string, value: Value): void {
    if (this.#kept.has(key)) return;
    const weight = this.#weigh(value, key);
    if (weight > this.#limit) return;
    // Before it is there: it must not have to go for others that were asked for.
    this.#add(weight);
    this.#kept.set(key, { value, weight, isUsed: false });
  }

  /** Weighs a value anew that has grown since it was made. */
  weighAgain(key: string): void {
    const known = this.#kept.get(key);
    if (known === undefined) return;
    const before = known.weight;
    known.weight = this.#weigh(known.value, key);
    known.isUsed = true;
    if (known.weight > this.#limit) {
      this.#kept.delete(key);
      this.#weight -= before;
    } else {
      this.#add(known.weight - before);
    }
  }

  #add(weight: number): void {
    this.#weight += weight;
    for (const [oldest, kept] of this.#kept) {
      if (this.#weight <= this.#limit) break;
      this.#kept.delete(oldest);
      if (kept.isUsed) {
        // Another round; it comes again behind all others.
        kept.isUsed = false;
        this.#kept.set(oldest, kept);
      } else {
        this.#weight -= kept.weight;
      }
    }
  }
}
