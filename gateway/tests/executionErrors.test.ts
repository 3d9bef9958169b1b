import { AppError } from '@bailiwick/kernel/errors';
import { extensionsOf } from '@bailiwick/kernel/graphql';
import { GraphQLError } from 'graphql';
import { createTestFederation } from './support/testFederation.js';
import type { TestAnswer, TestFederation } from './support/testFederation.js';

type Row = Record<string, unknown>;

/** An error that a subgraph raised on purpose, as it leaves the kernel. */
function told(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: extensionsOf(new AppError('FORBIDDEN', message)) });
}

function pathsOf({ errors }: TestAnswer): unknown[] {
  return (errors ?? []).map(({ path }) => path).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

const sdl = {
  first: `
    type Query { item: Item items: [Item] strict: [Item!]! halfStrict: [Item!] sure: Item! matrix: [[Item!]] }
    type Item @key(fields: "id") { id: ID! name: String need: String! part: Part loose: Int @shareable }
    type Part { need: String! deep: Part }`,
  second: `
    type Query { ping: String }
    type Item @key(fields: "id") { id: ID! price: Int must: Int! tags: [String!] lists: [[Int!]] kind: Kind flag: Boolean owner: Owner whole: Whole at: When! }
    scalar When
    type Owner { name: String! home: Owner }
    type Whole { name: String }
    enum Kind { A B }`,
};

describe('errors and nulls of resolvers', () => {
  let federation: TestFederation;
  const part = { need: 'n', deep: { need: null, deep: { need: 'n' } } };
  const items = [
    { id: '1', name: 'one', need: 'n', part },
    { id: '2', name: 'two', need: null, part: null },
    { id: '1', name: 'one', need: 'n', part },
    null,
    { id: '3', name: new Error('no name'), need: 'n', part },
  ];

  beforeAll(async () => {
    federation = await createTestFederation({
      first: {
        sdl: sdl.first,
        resolvers: {
          Query: {
            item: () => items[0],
            items: () => items,
            strict: () => items,
            halfStrict: () => items,
            sure: () => null,
            matrix: () => [[items[0], items[2]], null, [items[4]], [items[3]]],
          },
          Item: {
            name: ({ name }: Row) => {
              if (name instanceof Error) throw told(name.message);
              return name;
            },
            need: ({ need }: Row) => {
              if (need === null) throw told('nothing needed');
              return need;
            },
          },
        },
      },
      second: {
        sdl: sdl.second,
        resolvers: {
          Item: {
            __resolveReference: async ({ id }: Row) => {
              if (id === '2') throw told('not yours');
              return { id };
            },
            price: ({ id }: Row) => {
              if (id === '1') throw told('no price');
              return Number(id);
            },
            must: ({ id }: Row) => (id === '1' ? null : 1),
            tags: ({ id }: Row) => (id === '1' ? ['a', null] : ['a']),
            lists: ({ id }: Row) => (id === '1' ? [[1, null], [2]] : []),
            kind: () => 'A',
            at: ({ id }: Row) => (id === '1' ? null : 'now'),
            flag: () => false,
            owner: ({ id }: Row) => ({ name: 'o', home: { name: id === '3' ? null : 'h' } }),
          },
        },
      },
    });
  });
  afterAll(async () => federation.stop());

  test.each([
    ['in a nullable field', '{ items { id name } }'],
    ['in a field that can not be null', '{ items { id need } }'],
    ['up to the root', '{ strict { id need } item { id } }'],
    ['up to a list', '{ halfStrict { id } item { id } }'],
    ['of the root itself', '{ sure { id } item { id } }'],
    ['in lists of lists', '{ matrix { id name } }'],
    ['in nested objects', '{ item { part { need deep { need deep { need } } } } }'],
  ])('%s of one subgraph are answered as by the stock gateway', async (_what, query) => {
    const { errors } = await federation.askBoth(query);
    expect(errors?.length).toBeGreaterThan(0);
  });

  test('of an entity are told at every place where it is', async () => {
    const answer = await federation.ask('{ items { id price } matrix { price } }');
    expect(answer.data).toEqual({
      items: [{ id: '1', price: null }, { id: '2', price: null }, { id: '1', price: null }, null, { id: '3', price: 3 }],
      matrix: [[{ price: null }, { price: null }], null, [{ price: 3 }], null],
    });
    expect(pathsOf(answer)).toEqual([
      ['items', 0, 'price'],
      ['items', 1],
      ['items', 2, 'price'],
      ['matrix', 0, 0, 'price'],
      ['matrix', 0, 1, 'price'],
      ['matrix', 3, 0],
    ]);
  });

  test.each([
    ['a field that can not be null', '{ items { id must } }'],
    ['entries that can not be null', '{ items { id tags } }'],
    ['entries of lists of lists', '{ items { id lists } }'],
    ['a value of a scalar of its own', '{ items { id at } item { at } }'],
    ['an object within', '{ items { id owner { name home { name } } } }'],
    ['everything at once', '{ items { need must part { need } owner { home { name } } lists tags } strict { must } }'],
  ])('of an entity: %s', async (_what, query) => {
    // Only data: of an entity that is asked about once, the stock gateway's paths are the right ones too, but it asks about it twice.
    const [ours, stock] = [await federation.ask(query), await federation.askStock(query)];
    expect(JSON.stringify(ours.data)).toBe(JSON.stringify(stock.data));
    expect(ours.errors?.length).toBe(stock.errors?.length);
    expect(ours.extensions).toBeUndefined();
  });

  test('what came of an alias that only the planner knows has the path of the caller', async () => {
    const answer = await federation.ask('{ id: item { id: price need: name } name: items { must: need } }');
    expect(pathsOf(answer)).toEqual([
      ['id', 'id'],
      ['name', 1, 'must'],
    ]);
    expect(answer.data).toMatchObject({ id: { id: null, need: 'one' } });
  });
});

describe('what a subgraph answers', () => {
  let federation: TestFederation;
  let first: unknown;
  let second: unknown;
  const item = { __typename: 'Item', id: '1', name: 'one' };
  const entities = (...of: unknown[]) => ({ data: { _entities: of } });

  beforeAll(async () => {
    const answering = (what: () => unknown) => async () => {
      const answer = what();
      if (answer instanceof Error) throw answer;
      return answer;
    };
    federation = await createTestFederation({
      first: { sdl: sdl.first, answer: answering(() => first) },
      second: { sdl: sdl.second, answer: answering(() => second) },
    });
  });
  afterAll(async () => federation.stop());
  beforeEach(() => {
    first = { data: { item } };
    second = entities({ price: 1 });
  });

  test.each<[string, string, unknown]>([
    ['a fraction for an Int', '{ item { price name } }', entities({ price: 1.5 })],
    ['a word that is no value of the enum', '{ item { kind name } }', entities({ kind: 'C' })],
    ['a number for an enum', '{ item { kind name } }', entities({ kind: 1 })],
    ['a string for a Boolean', '{ item { flag } }', entities({ flag: 'false' })],
    ['nothing for a field', '{ item { price name } }', entities({})],
    ['nothing where something must be', '{ item { name must } }', entities({})],
    ['null where something must be', '{ item { name must } }', entities({ must: null })],
    ['null in a list that has none', '{ item { name tags } }', entities({ tags: ['a', null] })],
    ['a type that nobody knows', '{ item { name whole { name } } }', entities({ whole: { __typename: 'Secret', name: 'x' } })],
    ['null for the entity', '{ item { name price } }', entities(null)],
    ['more than was asked for', '{ item { price } }', { ...entities({ price: 1, secret: 2 }), extensions: { x: 1 } }],
  ])('%s is a null, which extensions explain as the stock gateway does', async (_what, query, answer) => {
    second = answer;
    const { errors } = await federation.askBoth(query);
    expect(errors).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['too few entities', entities()],
    ['too many entities', entities({}, {})],
    ['no list of entities', { data: { _entities: { price: 1 } } }],
    ['no entities', { data: {} }],
    ['a text as data', { data: 'price' }],
    ['null as data', { data: null }],
    ['nothing', {}],
    ['a list', [1, 2]],
    ['a text', 'price'],
    ['null', null],
    ['a text as errors', { data: null, errors: 'broken' }],
    ['null among the errors', { data: null, errors: [null] }],
    ['an error that says nothing', { data: null, errors: [{}] }],
    ['an error without a place', { data: null, errors: [{ message: 'x' }] }],
    ['an error at a place that is none', { data: null, errors: [{ message: 'x', path: 'item' }] }],
    ['an error at a place that was not asked for', { data: null, errors: [{ message: 'x', path: ['_entities', 7, 'price'] }] }],
    ['a list of errors that is empty', { data: null, errors: [] }],
    ['an exception', new Error('no connection')],
  ])('%s leaves the rest of the answer, and one error', async (_what, answer) => {
    second = answer;
    const { data, errors } = await federation.ask('{ item { name price } }');
    expect(data).toEqual({ item: { name: 'one', price: null } });
    expect(errors).toHaveLength(1);
    expect(errors![0]!.path ?? ['item']).toEqual(['item']);
  });

  test.each<[string, string, unknown, unknown]>([
    [
      'a list where an object belongs',
      '{ item { owner { name } name } }',
      { owner: [{ name: 'x' }] },
      { owner: null, name: 'one' },
    ],
    ['a text where an object belongs', '{ item { owner { name } name } }', { owner: 'x' }, { owner: null, name: 'one' }],
    ['an object where a list belongs', '{ item { tags name } }', { tags: { 0: 'a' } }, { tags: null, name: 'one' }],
    ['an object within a list of lists', '{ item { lists name } }', { lists: [[1], {}] }, { lists: [[1], null], name: 'one' }],
  ])('%s is an error at that place, and the rest is answered', async (_what, query, entity, expected) => {
    second = entities(entity);
    const { data, errors } = await federation.ask(query);
    expect(data).toEqual({ item: expected });
    expect(errors).toHaveLength(1);
    expect(errors![0]!.path?.slice(0, 1)).toEqual(['item']);
  });

  test('garbage instead of the list that entities are in ends nothing else', async () => {
    first = { data: { items: { id: '1' }, item } };
    const { data, errors } = await federation.ask('{ items { price } item { price } }');
    expect(data).toEqual({ items: null, item: { price: 1 } });
    expect(errors).toHaveLength(1);
  });

  test('keys that every object has pollute nothing', async () => {
    first = JSON.parse(
      '{"data":{"__proto__":{"polluted":1},"item":{"__typename":"Item","id":"1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}',
    );
    second = JSON.parse(
      '{"data":{"_entities":[{"price":2,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]}}',
    );
    const { data } = await federation.ask('{ item { price constructor: name } }');
    expect(JSON.stringify(data)).toBe(
      '{"item":{"price":2,"constructor":{"prototype":{"polluted":1}}}}'.replace('{"prototype":{"polluted":1}}', 'null'),
    );
    expect(({} as Row)['polluted']).toBeUndefined();
    expect((Object as unknown as Row)['polluted']).toBeUndefined();
  });

  test('an error of the whole fetch stands where the answer branches', async () => {
    first = { data: { items: [item, { ...item, id: '2' }] } };
    second = { errors: [{ message: 'down' }] };
    expect(pathsOf(await federation.ask('{ items { price } }'))).toEqual([['items']]);
    first = { errors: [{ message: 'down' }] };
    expect(pathsOf(await federation.ask('{ items { price } }'))).toEqual([undefined]);
  });
});

describe('a caller who has gone', () => {
  let federation: TestFederation;
  let seen: { signal: AbortSignal | undefined; release(): void }[];

  beforeAll(async () => {
    const answer = (data: unknown) => (_operation: unknown, signal: AbortSignal | undefined) =>
      new Promise((resolve, reject) => {
        seen.push({ signal, release: () => resolve({ data }) });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
    federation = await createTestFederation({
      first: {
        sdl: `${sdl.first} type Mutation { change: Item }`,
        answer: answer({ item: { __typename: 'Item', id: '1' }, change: { __typename: 'Item', id: '1' } }),
      },
      second: { sdl: sdl.second, answer: answer({ _entities: [{ price: 1 }] }) },
    });
  });
  afterAll(async () => federation.stop());
  beforeEach(() => {
    seen = [];
    federation.asked.length = 0;
  });
  const until = async (count: number) => {
    while (seen.length < count) await new Promise((resolve) => setImmediate(resolve));
  };

  test('ends the query: its subgraph is told, and no other is asked', async () => {
    const caller = new AbortController();
    const answering = federation.ask('{ item { price } }', { signal: caller.signal });
    await until(1);
    caller.abort();
    const { data, errors } = await answering;
    expect({ data, errors }).toEqual({ data: { item: null }, errors: undefined });
    expect(federation.asked.map(({ subgraph }) => subgraph)).toEqual(['first']);
  });

  test('does not end a mutation', async () => {
    const caller = new AbortController();
    const answering = federation.ask('mutation { change { price } }', { signal: caller.signal });
    await until(1);
    caller.abort();
    expect(seen[0]!.signal).toBeUndefined();
    seen[0]!.release();
    await until(2);
    seen[1]!.release();
    expect((await answering).data).toEqual({ change: { price: 1 } });
  });

  test('who had gone before his query began asks nobody', async () => {
    await federation.ask('{ item { price } }', { signal: AbortSignal.abort() });
    expect(federation.asked).toEqual([]);
  });
});
