import type { RequestContext } from './context.js';
import { TextMap } from './textMap.js';

/** The keys that are loaded together, and what they came to. */
interface Batch<Value> {
  readonly keys: readonly string[];
  values: readonly (Value | Error)[];
  readonly loaded: Promise<void>;
}

/** One that takes further keys. */
interface OpenBatch<Value> extends Batch<Value> {
  readonly keys: string[];
}

/** How a room offers its loader: one for each request. */
export interface LoaderOf<Value> {
  (context: RequestContext): Loader<Value>;
  /** The property of a row that refers to such a value, and may hold it already. Of several in one row it holds the last; the others are loaded. */
  readonly heldAs?: symbol;
}

/** Returns the names of the fields that one place of an operation selects; undefined where these are of several types, or the executor does not know. */
export type SelectedHere = () => ReadonlySet<string> | undefined;

/** The same for a field with arguments: one for each request and what is asked. */
export interface LoaderWith<Value, Args> {
  (context: RequestContext, args: Args, selected?: SelectedHere): Loader<Value>;
  readonly heldAs?: symbol;
}

interface Place<Value> {
  readonly batch: Batch<Value>;
  readonly index: number;
}

/** Keys that are loaded at once, at the most. */
const largestBatch = 5_000;

/**
 * Loads each key once, and together what is asked for within one tick. What DataLoader does, with one promise for all the keys that a caller
 * asks for instead of one for each. `batch` returns one value a key, in their order; an Error in its place is what loading that key failed with.
 */
export class Loader<Value> {
  readonly #load: (keys: readonly string[]) => Promise<readonly (Value | Error)[]>;
  readonly #places = new TextMap<Place<Value>>();
  /** What was remembered and not looked at yet. */
  readonly #known: (() => TextMap<Value>)[] = [];
  /** The batch that has not been sent yet. */
  #next: OpenBatch<Value> | undefined;

  constructor(load: (keys: readonly string[]) => Promise<readonly (Value | Error)[]>) {
    this.#load = load;
  }

  /** The value of one key. Rejects with what loading it failed with. */
  async load(key: string): Promise<Value> {
    const [value] = await this.loadEach([key]);
    if (value instanceof Error) throw value;
    return value as Value;
  }

  /** The values of these keys, in their order. */
  async loadEach(keys: readonly string[]): Promise<(Value | Error)[]> {
    const places = keys.map((key) => this.#placeOf(key));
    const batches = new Set(places.map(({ batch }) => batch));
    // What is known already waits for what is asked for in this tick: so what is loaded for both of them next, is loaded together.
    batches.add((this.#next ??= this.#newBatch()));
    for (const { loaded } of batches) await loaded;
    return places.map(({ batch, index }) => batch.values[index] as Value | Error);
  }

  /** Remembers what was read on the way to something else, and looks at it once a key is asked for. What was asked for before stays as it is. */
  remember(known: () => TextMap<Value>): void {
    this.#known.push(known);
  }

  #placeOf(key: string): Place<Value> {
    let place = this.#places.get(key);
    if (place === undefined && this.#known.length > 0) {
      for (const known of this.#known.splice(0)) this.#take(known());
      place = this.#places.get(key);
    }
    if (place === undefined) {
      if (this.#next === undefined || this.#next.keys.length >= largestBatch) this.#next = this.#newBatch();
      place = { batch: this.#next, index: this.#next.keys.push(key) - 1 };
      this.#places.set(key, place);
    }
    return place;
  }

  #take(known: TextMap<Value>): void {
    const batch: Batch<Value> = { keys: known.keys, values: known.values, loaded: Promise.resolve() };
    batch.keys.forEach((key, index) => {
      if (!this.#places.has(key)) this.#places.set(key, { batch, index });
    });
  }

  #newBatch(): OpenBatch<Value> {
    const batch: OpenBatch<Value> = { keys: [], values: [], loaded: afterPromises().then(() => this.#send(batch)) };
    return batch;
  }

  async #send(batch: Batch<Value>): Promise<void> {
    if (this.#next === batch) this.#next = undefined;
    if (batch.keys.length === 0) return;
    try {
      batch.values = await this.#load(batch.keys);
      if (batch.values.length !== batch.keys.length)
        throw new Error(`A loader was asked for ${batch.keys.length} keys and returned ${batch.values.length} values.`);
    } catch (error) {
      batch.values = batch.keys.map(() => error as Error);
    }
  }
}

/** Resolves once all promises that could be settled are, and what follows from them has asked for its keys. */
function afterPromises(): Promise<void> {
  return new Promise((resolve) => {
    void Promise.resolve().then(() => process.nextTick(resolve));
  });
}
