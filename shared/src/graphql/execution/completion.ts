import { defaultTypeResolver, GraphQLError } from 'graphql';
import type { GraphQLAbstractType, GraphQLLeafType, GraphQLObjectType } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { Entity } from './entities.js';
import { Level } from './level.js';
import { store } from './node.js';
import type { Place } from './node.js';
import type { Output, PlannedField } from './plan.js';
import { possibleType } from './possibleType.js';
import type { Run } from './run.js';

/** A value that has to be waited for. `complete` makes of it what stands in the answer. */
interface Awaited {
  readonly place: Place;
  readonly promise: PromiseLike<unknown>;
  readonly complete: (value: unknown) => unknown;
}

/**
 * Makes of the values of a field what stands in the answer, as graphql-js does (https://spec.graphql.org/October2021/#CompleteValue()). The
 * objects among them are collected: their fields are filled in together, once `end` was called.
 */
export class Completion {
  readonly #run: Run;
  readonly #field: PlannedField;
  readonly #levels = new Map<GraphQLObjectType, Level>();
  #awaited: Awaited[] = [];

  constructor(run: Run, field: PlannedField) {
    this.#run = run;
    this.#field = field;
  }

  /** Puts the field of one object in its place. Throws what the field failed with. */
  fill(place: Place, value: unknown): void {
    place.node.result[this.#field.key] = this.#complete(this.#field.outputs[0]!, place, value);
  }

  /** Called once all values are there. */
  end(): void {
    for (const level of this.#levels.values()) this.#run.fillIn(level);
    this.#levels.clear();
    if (this.#awaited.length === 0) return;
    const awaited = this.#awaited;
    this.#awaited = [];
    this.#run.wait(
      awaited.map(({ promise }) => promise),
      (settled) => {
        settled.forEach((result, index) => this.#fillLate(awaited[index]!, result));
        this.end();
      },
    );
  }

  #fillLate({ place, complete }: Awaited, result: PromiseSettledResult<unknown>): void {
    if (!this.#run.isOpen(place)) {
      if (result.status === 'fulfilled') forget(result.value);
      return;
    }
    try {
      if (result.status === 'rejected') throw result.reason;
      store(place, complete(result.value));
    } catch (thrown) {
      this.#run.fail(place, thrown);
    }
  }

  /** What is to be waited for, is null until it is there. */
  #later(place: Place, promise: PromiseLike<unknown>, complete: (value: unknown) => unknown): null {
    this.#awaited.push({ place, promise, complete });
    return null;
  }

  #complete(output: Output, place: Place, value: unknown): unknown {
    if (isPromise(value)) return this.#later(place, value, (resolved) => this.#completeNow(output, place, resolved));
    return this.#completeNow(output, place, value);
  }

  #completeNow(output: Output, place: Place, value: unknown): unknown {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) {
      if (!output.isNonNull) return null;
      const { parentType, definition } = this.#field;
      throw new Error(`Cannot return null for non-nullable field ${parentType.name}.${definition.name}.`);
    }
    switch (output.kind) {
      case 'leaf':
        return typeof value === output.plain ? value : serialised(output.type, value);
      case 'list':
        return this.#list(place, value);
      case 'object':
        return this.#objectOf(output.type, place, value);
      case 'abstract':
        return this.#abstract(output.type, place, value);
    }
  }

  #list(place: Place, value: unknown): unknown[] {
    const { node, field, indices } = place;
    if (!isIterable(value)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
      );
    }
    const output = field.outputs[indices.length + 1]!;
    const complete = (entry: unknown, index: number): unknown => {
      const within = { node, field, indices: indices.length === 0 ? [index] : [...indices, index] };
      try {
        return this.#complete(output, within, entry);
      } catch (thrown) {
        const error = this.#run.located(within, thrown);
        if (output.isNonNull) {
          forget(value);
          throw error;
        }
        this.#run.report(error, within);
        return null;
      }
    };
    if (!Array.isArray(value)) return Array.from(value, complete);
    // Array.from goes through the iterator, which takes several times as long.
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index++) list.push(complete(value[index], index));
    return list;
  }

  #abstract(type: GraphQLAbstractType, place: Place, value: object): unknown {
    const run = this.#run;
    if (value instanceof Entity) {
      return this.#objectOf(possibleType(run.plan.schema, type, value.typename, place, value.source), place, value.source);
    }
    const resolved = (type.resolveType ?? defaultTypeResolver)(value, run.context, run.infoOf(place), type);
    const complete = (name: unknown) => this.#objectOf(possibleType(run.plan.schema, type, name, place, value), place, value);
    return isPromise(resolved) ? this.#later(place, resolved, complete) : complete(resolved);
  }

  #objectOf(type: GraphQLObjectType, place: Place, source: unknown): unknown {
    if (type.isTypeOf) {
      const is = type.isTypeOf(source, this.#run.context, this.#run.infoOf(place));
      if (isPromise(is)) return this.#later(place, is, (resolved) => this.#objectIf(resolved, type, place, source));
      return this.#objectIf(is, type, place, source);
    }
    return this.#object(type, place, source);
  }

  #objectIf(is: unknown, type: GraphQLObjectType, place: Place, source: unknown): unknown {
    if (is) return this.#object(type, place, source);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(source)}.`, { nodes: this.#field.nodes });
  }

  #object(type: GraphQLObjectType, place: Place, source: unknown): unknown {
    let level = this.#levels.get(type);
    if (level === undefined) this.#levels.set(type, (level = new Level(this.#field.selectionOf(type))));
    return level.add(source, place);
  }
}

function serialised(type: GraphQLLeafType, value: unknown): unknown {
  const written: unknown = type.serialize(value);
  if (written === null || written === undefined) {
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(written)}`,
    );
  }
  return written;
}

/** Whether a value has to be waited for. Text may have a property of any name. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as PromiseLike<unknown>).then === 'function'
  );
}

/** Lets go of a value whose place was lost: what fails within it later, must not end the process as an error that nobody handled. */
export function forget(value: unknown): void {
  if (isPromise(value)) value.then(forget, () => undefined);
  else if (Array.isArray(value) || value instanceof Set) value.forEach(forget);
}

/** As graphql-js has it: text can be iterated, but is no list. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function';
}
