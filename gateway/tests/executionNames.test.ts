import { createTestFederation } from './support/testFederation.js';
import type { TestFederation } from './support/testFederation.js';

type Row = Record<string, unknown>;

const book = { __typename: 'Book', id: '1', title: 'On Appeal', pages: 0, isbn: 'i1' };
const film = { __typename: 'Film', id: '2', title: 'The Hearing', pages: '' };
let federation: TestFederation;
let done: string[];

beforeAll(async () => {
  federation = await createTestFederation({
    library: {
      sdl: `
        schema { query: Reading mutation: Writing }
        type Reading { items: [Item] book: Book labels(of: [String!], like: Filter = { words: ["x"] }): [String] }
        type Writing { first: Payload second(n: Int): Payload }
        type Payload { query: Reading book: Book n: Int }
        interface Item { id: ID! title: String }
        type Book implements Item @key(fields: "id") { id: ID! title: String isbn: String pages: Int }
        type Film implements Item @key(fields: "id") { id: ID! title: String pages: String }
        input Filter { words: [String!] deep: Filter }`,
      resolvers: {
        Reading: {
          items: () => [book, film],
          book: () => book,
          labels: (_: unknown, args: Row) => [JSON.stringify(args)],
        },
        Writing: {
          first: () => (done.push('first'), { query: {}, book, n: 1 }),
          second: (_: unknown, { n }: Row) => (done.push('second'), { query: {}, book, n }),
        },
      },
    },
    prices: {
      sdl: `
        schema { query: Asking mutation: Paying }
        type Asking { other(n: Int): String }
        type Paying { third: Int }
        type Book @key(fields: "id") { id: ID! price: Int label(x: String): String sold: Boolean }
        type Film @key(fields: "id") { id: ID! price: Int seats: Float stars: [Int] }`,
      resolvers: {
        Asking: { other: (_: unknown, { n }: Row) => `other ${String(n)}` },
        Paying: { third: () => (done.push('third'), 3) },
        Book: {
          __resolveReference: ({ id }: Row) => (done.push('price'), { id }),
          price: ({ id }: Row) => Number(id) - 1,
          label: (_: unknown, args: Row) => JSON.stringify(args),
          sold: () => false,
        },
        Film: {
          __resolveReference: ({ id }: Row) => ({ id }),
          price: ({ id }: Row) => Number(id),
          seats: () => 0.5,
          stars: () => [],
        },
      },
    },
  });
});
afterAll(async () => federation.stop());
beforeEach(() => {
  done = [];
  federation.asked.length = 0;
});

describe('aliases', () => {
  test.each([
    ['of one field with different arguments', '{ a: labels(of: ["a"]) b: labels(like: { deep: { words: [] } }) labels }'],
    ['that differ for each type', '{ items { ... on Book { p: pages price } ... on Film { q: pages p2: price } } }'],
    ['with the same name for fields of two subgraphs', '{ items { ... on Book { p: price } ... on Film { p: price } id } }'],
    [
      'of __typename',
      '{ a: __typename book { b: __typename price } items { c: __typename __typename ... on Film { d: __typename } } }',
    ],
    ['that are on every object already', '{ constructor: book { toString: price hasOwnProperty: isbn valueOf: label(x: "a") } }'],
    ['that the planner makes itself', '{ book { title title__alias_0: isbn price } }'],
    ['that the subgraphs use', '{ book { _entities: price label } _entities: other(n: 3) _service: other }'],
    ['that repeat', '{ book { t: title price } book { t: title p: price price } items { ... on Item { title } title } }'],
  ])('%s are answered as by the stock gateway', async (_what, query) => {
    const { errors } = await federation.askBoth(query);
    expect(errors).toBeUndefined();
  });

  test('a falsy value under a name that two types use for different fields stays what it is', async () => {
    // The stock gateway takes 0, "" and false for missing when it undoes the aliases that the planner made.
    const query = '{ items { __typename ... on Book { x: pages sold } ... on Film { y: pages } } }';
    expect((await federation.ask(query)).data).toEqual({
      items: [
        { __typename: 'Book', x: 0, sold: false },
        { __typename: 'Film', y: '' },
      ],
    });
  });

  // The stock gateway answers these with the key instead of the field, or with null.
  test.each([
    ['the key of the entity', '{ book { id: title price } }', { book: { id: 'On Appeal', price: 0 } }],
    [
      'another field, which is asked for as well',
      '{ book { title: isbn isbn: title price } }',
      { book: { title: 'i1', isbn: 'On Appeal', price: 0 } },
    ],
    ['__typename', '{ book { __typename: title price } }', { book: { __typename: 'On Appeal', price: 0 } }],
    [
      '__typename of an interface',
      '{ items { __typename: title ... on Film { seats } } }',
      { items: [{ __typename: 'On Appeal' }, { __typename: 'The Hearing', seats: 0.5 }] },
    ],
    ['a key, on objects too', '{ id: book { id: isbn title: id sold } }', { id: { id: 'i1', title: '1', sold: false } }],
    [
      'a key of one type only',
      '{ items { ... on Book { price: title x: price } ... on Film { seats } } }',
      { items: [{ price: 'On Appeal', x: 0 }, { seats: 0.5 }] },
    ],
  ])('that are the name of %s are what the caller asked for', async (_what, query, data) => {
    expect(await federation.ask(query)).toEqual({ data });
  });

  test('__proto__ is a name like any other', async () => {
    const { data } = await federation.askBoth('{ __proto__: book { __proto__: price title } items { __proto__: title } }');
    expect(JSON.stringify(data)).toBe(
      '{"__proto__":{"__proto__":0,"title":"On Appeal"},"items":[{"__proto__":"On Appeal"},{"__proto__":"The Hearing"}]}',
    );
    expect(({} as Row)['title']).toBeUndefined();
  });
});

describe('variables', () => {
  test.each<[string, string, Row]>([
    [
      'sent, left out and null',
      'query($a: String, $b: String = "d", $c: String = "d") { book { x: label(x: $a) y: label(x: $b) z: label(x: $c) } }',
      { c: null },
    ],
    [
      'within lists and objects',
      'query($w: String!, $l: [String!]) { labels(of: $l, like: { words: [$w], deep: { words: $l } }) }',
      { w: 'w', l: 'one' },
    ],
    ['that are objects', 'query($f: Filter) { labels(like: $f) }', { f: { deep: { deep: { words: ['a'] } } } }],
    [
      'named like what every object has',
      'query($constructor: String = "d", $toString: String) { book { a: label(x: $constructor) b: label(x: $toString) } }',
      {},
    ],
    ['named __proto__', 'query($__proto__: String) { book { label(x: $__proto__) } }', JSON.parse('{"__proto__":"p"}') as Row],
    ['that nobody declared', '{ book { label } }', { x: 1 }],
  ])('%s arrive as with the stock gateway', async (_what, query, variables) => {
    await federation.askBoth(query, { variables });
  });

  test('one that is wrong is refused before a subgraph is asked', async () => {
    const { data, errors } = await federation.askBoth('query($n: Int!) { other(n: $n) }', { variables: { n: 'x' } });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toContain('Variable "$n"');
    expect(federation.asked).toEqual([]);
  });

  test('one may be named representations', async () => {
    const query =
      'query($representations: String, $is: Boolean = true) { book { label(x: $representations) @include(if: $is) price } }';
    const { data } = await federation.ask(query, { variables: { representations: 'mine' } });
    expect(data).toEqual({ book: { label: '{"x":"mine"}', price: 0 } });
    const asCondition = 'query($representations: Boolean!) { book { title price @include(if: $representations) } }';
    expect(await federation.ask(asCondition, { variables: { representations: false } })).toEqual({
      data: { book: { title: 'On Appeal' } },
    });
    const refused = await federation.ask('query($representations: Int!) { other(n: $representations) }', { variables: {} });
    expect(refused.errors?.[0]?.message).toContain('Variable "$representations"');
  });
});

describe('@skip and @include', () => {
  test.each([
    ['a whole entity', 'query($x: Boolean!) { book @include(if: $x) { price } other }'],
    ['everything', 'query($x: Boolean!) { book @include(if: $x) { price } }'],
    ['the field that is the key', 'query($x: Boolean!) { book { id @include(if: $x) price } }'],
    [
      '__typename',
      'query($x: Boolean!) { items { __typename @skip(if: $x) ... on Book { price } } __typename @include(if: $x) }',
    ],
    [
      'both on one field',
      'query($x: Boolean!, $y: Boolean = true) { book { title @skip(if: $x) @include(if: $y) price @skip(if: $y) @include(if: $x) } }',
    ],
    [
      'the same field twice',
      'query($x: Boolean!, $y: Boolean = false) { book { price @include(if: $x) price @include(if: $y) title } }',
    ],
    [
      'nested fragments',
      'query($x: Boolean!) { items { ... @include(if: $x) { title ... on Film @skip(if: $x) { seats } } ...f @skip(if: $x) } } fragment f on Film { seats }',
    ],
    ['literals', '{ book { title @skip(if: true) price @include(if: false) id @skip(if: false) } other @include(if: true) }'],
  ])('of %s are obeyed as by the stock gateway', async (_what, query) => {
    for (const x of [true, false]) {
      await federation.askBoth(query, { variables: { x } });
      await federation.askBoth(query, { variables: { x, y: x } });
    }
  });

  test('a variable that is null is refused, and no subgraph asked', async () => {
    // The stock gateway leaves it to each subgraph that meets the directive.
    const { data, errors } = await federation.ask('query($x: Boolean = true) { book { title @skip(if: $x) price } }', {
      variables: { x: null },
    });
    expect(data).toBeUndefined();
    expect(errors?.map(({ message }) => message)).toEqual(['The variable "$x" decides what is skipped, and is null.']);
    expect(federation.asked).toEqual([]);
  });
});

describe('operations', () => {
  test('one of several is carried out, whatever the others need', async () => {
    const query = `
      query One($x: Boolean!, $n: Int!) { book { ...b } other(n: $n) }
      query Two { book { price ...c } }
      fragment b on Book { title @include(if: $x) }
      fragment c on Book { isbn }
      mutation Three { third }`;
    await federation.askBoth(query, { operationName: 'Two' });
    await federation.askBoth(query, { operationName: 'One', variables: { x: false, n: 1 } });
    await federation.askBoth(query, { operationName: 'Three' });
  });

  test('mutations are carried out in their order, with what their payloads need in between', async () => {
    const query =
      'mutation { second(n: 1) { n book { price } } third first { book { price label } n } again: second(n: 2) { n query { other(n: 4) book { title sold } } } }';
    const { data } = await federation.ask(query);
    expect(done.filter((what) => what !== 'price')).toEqual(['second', 'third', 'first', 'second']);
    expect(done.indexOf('price')).toBeLessThan(done.indexOf('third'));
    expect(data).toEqual({
      second: { n: 1, book: { price: 0 } },
      third: 3,
      first: { book: { price: 0, label: '{}' }, n: 1 },
      again: { n: 2, query: { other: 'other 4', book: { title: 'On Appeal', sold: false } } },
    });
    // The stock gateway asks the second subgraph about its type Query, which is called otherwise, and answers the last one with null.
  });
});

describe('introspection', () => {
  test.each<[string, string, Row]>([
    ['beside data', '{ __schema { queryType { name } mutationType { name } } book { title price } __typename }', {}],
    [
      'with variables',
      'query($t: String!, $d: Boolean = true) { t: __type(name: $t) { ...f } book { title } } fragment f on __Type { name fields(includeDeprecated: $d) { name } }',
      { t: 'Book' },
    ],
    ['alone and skipped', 'query($x: Boolean!) { __schema @skip(if: $x) { queryType { name } } __typename }', { x: true }],
    ['of a type that is not there', '{ __type(name: "Nothing") { name } other(n: 1) }', {}],
    ['twice', '{ __schema { queryType { name } } __schema { queryType { kind } } }', {}],
  ])('%s is answered as by the stock gateway', async (_what, query, variables) => {
    const { errors } = await federation.askBoth(query, { variables });
    expect(errors).toBeUndefined();
  });

  test('goes below a payload that leads back to Query', async () => {
    // The stock gateway can not plan it.
    const { data } = await federation.ask(
      'mutation { first { query { __typename q: __typename __schema { queryType { name } } book { price } } } }',
    );
    expect(data).toEqual({
      first: { query: { __typename: 'Query', q: 'Query', __schema: { queryType: { name: 'Query' } }, book: { price: 0 } } },
    });
  });
});
