/** An object of a GraphQL response. The caller chooses its keys, so inherited properties must never be read from it. */
export type ResponseObject = Record<string, unknown>;

export function isResponseObject(value: unknown): value is ResponseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an own property: `constructor` of an object without such a field is undefined. */
export function ownValue(object: ResponseObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own property of any name: an alias `__proto__` becomes a field, and does not change the prototype. */
export function setOwn(object: ResponseObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/** Copies a JSON value deeply. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  const copy: ResponseObject = {};
  for (const [key, inner] of Object.entries(value)) setOwn(copy, key, copyOf(inner as unknown));
  return copy as Value;
}

/**
 * Merges a subgraph's object into a response object, in place. Two objects under one key are merged, two lists of the same length entry by entry.
 * Any other value of `source` replaces the old one. Parts of `source` become parts of `target`, so `source` must not be used afterwards.
 */
export function mergeInto(target: ResponseObject, source: ResponseObject): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value !== undefined) setOwn(target, key, merged(ownValue(target, key), value));
  }
}

/**
 * Merges `source` into every target. Each target gets its own copy, because later fetches change targets separately.
 * `source` must not be used afterwards.
 */
export function mergeIntoEach(targets: readonly ResponseObject[], source: ResponseObject): void {
  for (let index = 1; index < targets.length; index++) mergeInto(targets[index]!, copyOf(source));
  if (targets[0]) mergeInto(targets[0], source);
}

function merged(known: unknown, value: unknown): unknown {
  if (known === value || typeof known !== 'object' || known === null) return value;
  if (Array.isArray(known)) {
    if (!Array.isArray(value) || known.length !== value.length) return value;
    for (const [index, entry] of value.entries()) known[index] = merged(known[index], entry);
    return known;
  }
  if (!isResponseObject(value)) return value;
  mergeInto(known as ResponseObject, value);
  return known;
}
