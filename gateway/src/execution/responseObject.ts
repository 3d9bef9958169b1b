/** An object of a GraphQL answer. Its keys are chosen by the caller, so nothing may be read from it that it does not own. */
export type ResponseObject = Record<string, unknown>;

export function isResponseObject(value: unknown): value is ResponseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under a key that may be any name: `constructor` of an object that has no such field is undefined. */
export function ownValue(object: ResponseObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a key that may be any name: an alias `__proto__` becomes a field like any other. */
export function setOwn(object: ResponseObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/** The same value, sharing nothing with it that could be changed. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  const copy: ResponseObject = {};
  for (const [key, inner] of Object.entries(value)) setOwn(copy, key, copyOf(inner as unknown));
  return copy as Value;
}

/**
 * Adds what a subgraph answered to what is already known of an object. Objects that both know are merged, lists of the same length entry
 * by entry; anything else is taken from `source`, which may not be used afterwards.
 */
export function mergeInto(target: ResponseObject, source: ResponseObject): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value !== undefined) setOwn(target, key, merged(ownValue(target, key), value));
  }
}

/** Each target gets objects of its own: what is fetched for one of them later is not for the others. `source` may not be used afterwards. */
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
