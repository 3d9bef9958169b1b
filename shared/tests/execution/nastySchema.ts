import { buildSubgraphSchema } from '@apollo/subgraph';
import { createRandom } from '@bailiwick/database/sample/random';
import type { Random } from '@bailiwick/database/sample/random';
import type { RequestContext } from '@bailiwick/kernel/graphql';
import { Loader, loading, referenceBy } from '@bailiwick/kernel/graphql';
import { GraphQLError, GraphQLScalarType, parse } from 'graphql';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';

/** Named types that fields have, and the wrappings each of them comes in. */
const bases = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Colour', 'Odd', 'A', 'B', 'C', 'Node', 'Any'];
const wrappings = ['T', 'T!', '[T]', '[T!]', '[T!]!', '[[T]!]', '[[T!]!]!'];
const objectTypes = ['A', 'B', 'C'];
const composite = new Set([...objectTypes, 'Node', 'Any']);

/** What every object, and the root, has: `b3f2` is a list of B. */
export interface NastyField {
  readonly name: string;
  readonly base: string;
  readonly type: string;
}
const fields: NastyField[] = bases.flatMap((base) =>
  wrappings.map((wrapping, index) => ({ name: `${base.toLowerCase()}${index}`, base, type: wrapping.replace('T', base) })),
);

/** How a field gets its value; the same for all objects of a type, so that lists have many of one kind. */
type Kind = 'property' | 'resolver' | 'together' | 'info';

/** What the answers of one operation depend on. */
export interface NastyContext {
  readonly seed: string;
  /** In percent, of all values. */
  readonly failures: number;
  loader<Value>(key: unknown, create: () => Loader<Value>): Loader<Value>;
}

export function nastyContext(seed: string, failures: number): NastyContext {
  const loaders = new Map<unknown, unknown>();
  return {
    seed,
    failures,
    loader<Value>(key: unknown, create: () => Loader<Value>) {
      if (!loaders.has(key)) loaders.set(key, create());
      return loaders.get(key) as Loader<Value>;
    },
  };
}

/** An object that fields are read from. What it answers depends on its id and the context alone, whoever asks and whenever. */
class Thing {
  readonly context: NastyContext;
  readonly id: string;
  readonly kindOfThing: string;

  constructor(context: NastyContext, id: string, kindOfThing: string) {
    this.context = context;
    this.id = id;
    this.kindOfThing = kindOfThing;
  }
}

// Of the prototype, so that an object costs nothing. What is a property of one type, is a resolver of another and not asked for.
for (const { name, type } of fields) {
  Object.defineProperty(Thing.prototype, name, {
    get(this: Thing) {
      return new Behaviour(this.context, `${this.id}.${name}`).property(type);
    },
  });
}

function kindOf(type: string, field: string): Kind {
  const random = createRandom(`${type}.${field}`);
  if (field === 'string0') return 'info';
  return random.weighted<Kind>([
    ['property', 50],
    ['resolver', 25],
    ['together', 25],
  ]);
}

/** The value of one place: often there at once, often later, sometimes never. */
class Behaviour {
  readonly #context: NastyContext;
  readonly #id: string;
  readonly #random: Random;

  constructor(context: NastyContext, id: string) {
    this.#context = context;
    this.#id = id;
    this.#random = createRandom(`${context.seed} ${id}`);
  }

  property(type: string): unknown {
    const value = () => this.value(type);
    if (!this.#random.chance(10)) return value();
    return (_args: unknown, context: unknown, info: GraphQLResolveInfo) => {
      if (context !== this.#context || typeof info.fieldName !== 'string') throw new Error('It was called with something else.');
      return value();
    };
  }

  /** May throw at once. */
  value(type: string): unknown {
    const random = this.#random;
    if (random.chance(this.#context.failures)) return this.#fail();
    if (random.chance(25)) {
      const later = this.#settled(type);
      return random.chance(20) ? { then: later.then.bind(later) } : later;
    }
    return this.now(type);
  }

  async #settled(type: string): Promise<unknown> {
    for (let ticks = this.#random.integer(0, 4); ticks > 0; ticks--) await Promise.resolve();
    if (this.#random.chance(20)) await new Promise((resolve) => setImmediate(resolve));
    return this.now(type);
  }

  #fail(): unknown {
    const message = `no ${this.#id}`;
    return this.#random.weighted<() => unknown>([
      [() => { throw new Error(message); }, 3], // prettier-ignore
      [() => { throw new GraphQLError(message, { extensions: { code: 'NO', id: this.#id } }); }, 3], // prettier-ignore
      [() => { throw message as unknown; }, 1], // prettier-ignore
      [() => Promise.reject(Object.assign(new Error(message), { extensions: { at: this.#id } })), 3],
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      [() => Promise.reject({ message }), 1],
      [() => new Error(message), 3],
    ])();
  }

  now(type: string): unknown {
    const random = this.#random;
    const nullable = type.endsWith('!') ? type.slice(0, -1) : type;
    if (random.chance(nullable === type ? 12 : Math.ceil(this.#context.failures / 2))) return random.pick([null, undefined]);
    if (nullable.startsWith('[')) return this.#list(nullable.slice(1, -1));
    if (random.chance(this.#context.failures)) return this.#misfit(nullable);
    switch (nullable) {
      case 'Int': return random.integer(-5, 5); // prettier-ignore
      case 'Float': return random.integer(0, 100) / 8; // prettier-ignore
      case 'Boolean': return random.chance(50); // prettier-ignore
      case 'Colour': return random.pick(['red', 2]); // prettier-ignore
      case 'ID': return random.pick([`id ${this.#id}`, 7]); // prettier-ignore
      case 'Node': return new Thing(this.#context, this.#id, random.pick(['A', 'B'])); // prettier-ignore
      case 'Any': return new Thing(this.#context, this.#id, random.pick(objectTypes)); // prettier-ignore
    }
    if (objectTypes.includes(nullable)) return new Thing(this.#context, this.#id, nullable);
    return random.pick([`text of ${this.#id}`, '', 'é "']);
  }

  /** A value that is none of its type. */
  #misfit(type: string): unknown {
    const random = this.#random;
    if (type === 'Node' || type === 'Any') {
      return new Thing(this.#context, this.#id, random.pick(['C', 'Colour', 'Nobody', 'Query', 'later C', 'thrown', 'number']));
    }
    if (objectTypes.includes(type)) return random.pick<unknown>([new Thing(this.#context, this.#id, 'Nobody'), 5, 'text']);
    return random.pick<unknown>([{ no: 'leaf' }, [1], Number.NaN, 2 ** 40, 'green', 'null', () => 1, Symbol('s'), 3.5, true]);
  }

  #list(type: string): unknown {
    const random = this.#random;
    const { failures } = this.#context;
    if (random.chance(failures)) return random.pick<unknown>(['text', 5, {}, { length: 2 }]);
    const entries = Array.from({ length: random.integer(0, 4) }, (_none, index) => () => {
      const entry = new Behaviour(this.#context, `${this.#id}.${index}`);
      // An entry may not throw while its list is made, but may be an error or reject.
      try {
        return entry.value(type);
      } catch (error) {
        // Not always an Error: text can be thrown as well.
        return (async () => {
          throw error;
        })();
      }
    });
    if (random.chance(failures)) {
      const id = this.#id;
      return (function* () {
        yield 'one';
        throw new Error(`no more of ${id}`);
      })();
    }
    let made = entries.map((entry) => entry());
    // Where one that fails at once takes the list with it, graphql-js forgets those that fail later, and Node ends the process.
    const isAtOnce = random.chance(50) && !composite.has(type.replace('!', '')) && !made.some(isLater);
    if (type.endsWith('!') && !isAtOnce) made = made.map((entry) => Promise.resolve(entry));
    return random.chance(15) ? new Set(made) : made;
  }
}

function isLater(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('then' in value || Array.isArray(value) || value instanceof Set);
}

const together = new Map<string, ReturnType<typeof loading>>();

function resolverOf(typename: string, { name, type }: NastyField): object | undefined {
  const idOf = (source: unknown) => `${source instanceof Thing ? source.id : ''}.${name}`;
  switch (kindOf(typename, name)) {
    case 'property':
      return undefined;
    case 'info':
      return { resolve: (_source: unknown, args: unknown, _context: unknown, info: GraphQLResolveInfo) => told(args, info) };
    case 'resolver':
      return {
        resolve: (source: unknown, args: unknown, context: NastyContext) =>
          new Behaviour(context, `${idOf(source)}${JSON.stringify(args)}`).value(type),
      };
    case 'together': {
      const key = `${typename}.${name}`;
      // What is loaded is made of the id alone: entries and nulls are there at once, or later.
      const loader = (context: NastyContext) =>
        context.loader(
          key,
          () => new Loader<unknown>(async (ids) => ids.map((id) => settled(() => new Behaviour(context, id).now(type)))),
        );
      if (!together.has(key)) {
        const resolve = loading(
          loader as unknown as (context: RequestContext) => Loader<unknown>,
          (source: unknown) => {
            const id = idOf(source);
            if (id.endsWith('1.2')) throw new GraphQLError(`no key of ${id}`, { extensions: { code: 'NO_KEY' } });
            return id.endsWith('2.1') ? null : id;
          },
          (loaded, source) => {
            if (idOf(source).includes('2.2')) throw new Error(`no value of ${idOf(source)}`);
            return loaded;
          },
        );
        together.set(key, resolve);
      }
      return together.get(key);
    }
  }
}

function settled(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

/** What a resolver is told, as text. */
function told(args: unknown, info: GraphQLResolveInfo): string {
  const path: unknown[] = [];
  for (let step: GraphQLResolveInfo['path'] | undefined = info.path; step; step = step.prev) path.push([step.key, step.typename]);
  return JSON.stringify({
    args,
    path,
    field: `${info.parentType.name}.${info.fieldName}: ${String(info.returnType)}`,
    nodes: info.fieldNodes.map(({ loc }) => loc?.start),
    operation: info.operation.loc?.start,
    fragments: Object.keys(info.fragments).sort(),
    variables: info.variableValues,
    rootValue: info.rootValue,
  });
}

const odd = new GraphQLScalarType({
  name: 'Odd',
  serialize(value) {
    if (typeof value !== 'string') throw new TypeError(`Odd can not write a ${typeof value}.`);
    return value === '' ? null : [value];
  },
  parseValue(value) {
    if (value === 'refused') throw new GraphQLError('Odd refuses.');
    return { odd: value };
  },
});

const resolveType = ({ kindOfThing }: Thing): unknown => {
  switch (kindOfThing) {
    case 'A': return Promise.resolve('A'); // prettier-ignore
    case 'later C': return Promise.resolve('C'); // prettier-ignore
    case 'thrown': throw new Error('no type'); // prettier-ignore
    case 'number': return 5; // prettier-ignore
    case 'Nobody': return undefined; // prettier-ignore
    default: return kindOfThing === 'Query' ? 'Queri' : kindOfThing; // prettier-ignore
  }
};

/** The schema as it is, or with no type that can not be null. */
export function nastySchema(mayAllBeNull: boolean): GraphQLSchema {
  const out = (type: string) => (mayAllBeNull ? type.replaceAll('!', '') : type);
  const list = fields
    .map(
      ({ name, base, type }) =>
        `${name}${base === 'String' ? '(n: Int! = 5, s: Odd, c: Colour, in: In, list: [Odd!])' : ''}: ${out(type)}`,
    )
    .join('\n');
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    scalar Odd
    enum Colour { RED GREEN }
    input In { n: Int = 3, odd: [Odd!], c: Colour! = GREEN, in: In }
    interface Node { ${list} }
    union Any = A | B | C
    type Query { ${list} }
    type A implements Node @key(fields: "id") { id: ID! ${list} }
    type B implements Node @key(fields: "id") { id: ID! ${list} }
    type C @key(fields: "id") { id: ID! ${list} }
  `;
  const typed = (typename: string) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const resolver = resolverOf(typename, field);
        return resolver ? [[field.name, resolver]] : [];
      }),
    );
  const found = (context: NastyContext) =>
    context.loader(
      'references',
      () => new Loader<unknown>(async (ids) => ids.map((id) => settled(() => new Behaviour(context, id).now('A')))),
    );
  return buildSubgraphSchema([
    {
      typeDefs: parse(sdl),
      resolvers: {
        Odd: odd,
        Colour: { RED: 'red', GREEN: 2 },
        Node: { __resolveType: resolveType },
        Any: { __resolveType: resolveType },
        Query: typed('Query'),
        A: {
          ...typed('A'),
          __resolveReference: referenceBy(found as unknown as (context: RequestContext) => Loader<unknown>),
        },
        B: { ...typed('B'), __isTypeOf: ({ kindOfThing }: Thing) => kindOfThing !== 'Nobody' },
        C: { ...typed('C'), __isTypeOf: async ({ kindOfThing }: Thing) => kindOfThing !== 'Nobody' },
      } as never,
    },
  ]);
}

export { composite, fields, objectTypes };
