import { createExecutor, Loader, loading } from '@bailiwick/kernel/graphql';
import type { RequestContext } from '@bailiwick/kernel/graphql';
import { buildSchema, parse } from 'graphql';
import type { GraphQLFieldResolver, GraphQLObjectType } from 'graphql';

/** People who know two others each, and how often the resolvers were called. */
function people() {
  const schema = buildSchema(`
    type Query { people(count: Int! = 2): [Person!]!, fails: Int! }
    type Mutation { rename(to: String!): Person, mustRename(to: String!): Person! }
    type Person { id: ID! name: String friend: Person friends: [Person!]! }
  `);
  const calls: string[] = [];
  const person = (id: number) => ({ id, name: `person ${id}` });
  const knows = (context: RequestContext) =>
    context.loader(
      'knows',
      () =>
        new Loader<object[]>(async (ids) => {
          calls.push(`knows ${ids.join()}`);
          return ids.map(Number).map((id) => [person(id + 1), person(id + 2)]);
        }),
    );
  const resolve = (type: string, field: string, resolver: unknown) =>
    ((schema.getType(type) as GraphQLObjectType).getFields()[field]!.resolve = resolver as GraphQLFieldResolver<
      unknown,
      unknown
    >);
  resolve('Query', 'people', (_root: unknown, { count }: { count: number }) =>
    Array.from({ length: count }, (_none, index) => person(index)),
  );
  resolve(
    'Person',
    'friends',
    loading(knows, ({ id }: { id: number }) => String(id)),
  );
  resolve('Person', 'friend', loading(knows, ({ id }: { id: number }) => String(id), ([friend]) => friend)); // prettier-ignore
  resolve('Mutation', 'rename', (_root: unknown, { to }: { to: string }) => ({ id: 9, name: to }));
  resolve('Mutation', 'mustRename', async (_root: unknown, { to }: { to: string }) => {
    calls.push(`begins ${to}`);
    await Promise.resolve();
    calls.push(`ends ${to}`);
    if (to === '') throw new Error('There is no name.');
    return { id: 9, name: to };
  });
  const execute = createExecutor(schema);
  const documents = new Map<string, ReturnType<typeof parse>>();
  return {
    calls,
    ask: async (query: string, variables: Record<string, unknown> = {}, operationName?: string) => {
      if (!documents.has(query)) documents.set(query, parse(query));
      const loaders = new Map<unknown, unknown>();
      const context = {
        loader(key: unknown, create: () => unknown) {
          if (!loaders.has(key)) loaders.set(key, create());
          return loaders.get(key);
        },
      };
      const result = await execute({
        document: documents.get(query)!,
        variables,
        operationName,
        context: context as unknown as RequestContext,
      });
      return JSON.parse(JSON.stringify(result)) as { data: Record<string, unknown>; errors?: { message: string }[] };
    },
  };
}

test('a level asks its loader once, whatever its fields, and nothing twice', async () => {
  const { ask, calls } = people();
  const { data } = await ask('{ people(count: 3) { friend { name friends { id } } friends { friends { id } } } }');
  expect((data['people'] as object[])[2]).toEqual({
    friend: { name: 'person 3', friends: [{ id: '4' }, { id: '5' }] },
    friends: [{ friends: [{ id: '4' }, { id: '5' }] }, { friends: [{ id: '5' }, { id: '6' }] }],
  });
  expect(calls).toEqual(['knows 0,1,2', 'knows 3,4']);
});

test('a plan holds nothing of a request', async () => {
  const { ask } = people();
  const query = 'query ($count: Int!, $names: Boolean!) { people(count: $count) { id name @include(if: $names) } }';
  expect(await ask(query, { count: 1, names: true })).toEqual({ data: { people: [{ id: '0', name: 'person 0' }] } });
  expect(await ask(query, { count: 2, names: false })).toEqual({ data: { people: [{ id: '0' }, { id: '1' }] } });
  expect(await ask(query, { count: 1, names: true })).toEqual({ data: { people: [{ id: '0', name: 'person 0' }] } });
});

test('each operation of a document has a plan of its own', async () => {
  const { ask } = people();
  const query = 'query A { people { id } } query B { people(count: 1) { name } } mutation C { rename(to: "x") { name } }';
  expect(await ask(query, {}, 'B')).toEqual({ data: { people: [{ name: 'person 0' }] } });
  expect(await ask(query, {}, 'A')).toEqual({ data: { people: [{ id: '0' }, { id: '1' }] } });
  expect(await ask(query, {}, 'C')).toEqual({ data: { rename: { name: 'x' } } });
  expect((await ask(query, {}, 'D')).errors![0]!.message).toBe('Unknown operation named "D".');
  expect((await ask(query)).errors![0]!.message).toContain('Must provide operation name');
});

test('a mutation of one field is a plan like any other', async () => {
  const { ask, calls } = people();
  const query = 'mutation ($to: String!) { made: mustRename(to: $to) { name friends { id } } }';
  expect(await ask(query, { to: 'x' })).toEqual({ data: { made: { name: 'x', friends: [{ id: '10' }, { id: '11' }] } } });
  expect(calls).toEqual(['begins x', 'ends x', 'knows 9']);
  expect(await ask(query, { to: '' })).toEqual({
    data: null,
    errors: [{ message: 'There is no name.', path: ['made'], locations: [{ line: 1, column: 27 }] }],
  });
  expect(calls.slice(3)).toEqual(['begins ', 'ends ']);
});

test('the fields of a mutation are carried out one after the other, each with what is selected of it', async () => {
  const { ask, calls } = people();
  const made = (name: string) => `${name}: mustRename(to: "${name}") { friends { id } }`;
  await ask(`mutation { ${made('a')} ${made('b')} }`);
  await ask(`mutation { ...Both } fragment Both on Mutation { ${made('c')} ${made('d')} }`);
  const inTurn = (name: string) => [`begins ${name}`, `ends ${name}`, 'knows 9'];
  // The loaders of one operation of this test remember.
  expect(calls).toEqual([...inTurn('a'), ...inTurn('b').slice(0, 2), ...inTurn('c'), ...inTurn('d').slice(0, 2)]);
});

test('what graphql-js is left with, it answers', async () => {
  const { ask } = people();
  expect(await ask('{ __type(name: "Person") { name } people { __typename } }')).toEqual({
    data: { __type: { name: 'Person' }, people: [{ __typename: 'Person' }, { __typename: 'Person' }] },
  });
  const query = 'query ($if: Boolean = true, $count: Int! = 1) { people(count: $count) { id @include(if: $if) } }';
  expect((await ask(query, { if: null })).errors![0]!.message).toContain('must not be null');
  expect((await ask(query, { count: 'many' })).errors![0]!.message).toContain('Int cannot represent');
});

test('a short document that spreads into very many fields is answered, again and again', async () => {
  const { ask } = people();
  const depth = 9;
  const fragments = Array.from(
    { length: depth },
    (_none, index) => `fragment F${index} on Person { a: friend { id ...F${index + 1} } b: friend { id ...F${index + 1} } }`,
  );
  const query = `{ people(count: 1) { ...F0 } } ${fragments.join(' ')} fragment F${depth} on Person { id }`;
  const first = await ask(query);
  let value: unknown = first.data['people'];
  value = (value as unknown[])[0];
  for (let level = 0; level < depth; level++) value = (value as { b: unknown }).b;
  expect(value).toEqual({ id: String(depth) });
  expect(await ask(query)).toEqual(first);
});

test('a field that fails where nothing may be null leaves no data', async () => {
  const { ask } = people();
  expect(await ask('{ people { id } fails }')).toEqual({
    data: null,
    errors: [
      {
        message: 'Cannot return null for non-nullable field Query.fails.',
        path: ['fails'],
        locations: [{ line: 1, column: 17 }],
      },
    ],
  });
});

test('a fault of the executor is an answer, too', async () => {
  const { ask } = people();
  // Not valid: nobody hands it over.
  const { data, errors } = await ask('{ people { nothing } }');
  expect(data).toBeNull();
  expect(errors).toHaveLength(1);
});
