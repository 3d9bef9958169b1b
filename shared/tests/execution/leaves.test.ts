import { compiling, createExecutor } from '@bailiwick/kernel/graphql';
import { execute, GraphQLEnumType, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, parse } from 'graphql';
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';

const status = new GraphQLEnumType({ name: 'Status', values: { OPEN: { value: 'open' }, CLOSED: { value: 'closed' } } });
const types = {
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  String: GraphQLString,
  ID: GraphQLID,
  Status: status,
};

/** What a property may hold, whatever its type says. */
const values: Record<string, unknown> = {
  null: null,
  undefined: undefined,
  'a text': 'text',
  'the empty text': '',
  'a number as text': '12',
  'a value of the enum': 'open',
  'a name of the enum': 'OPEN',
  'a name that every object has': 'constructor',
  zero: 0,
  'negative zero': -0,
  'the largest Int': 2 ** 31 - 1,
  'one more than the largest Int': 2 ** 31,
  'the smallest Int': -(2 ** 31),
  'one less than the smallest Int': -(2 ** 31) - 1,
  'a fraction': 1.5,
  'no number': NaN,
  'an infinite number': Infinity,
  true: true,
  false: false,
  'a large integer': 10n,
  'a list': ['text'],
  'an object': { a: 1 },
  'an error': new Error('no value'),
  'a method': () => 'open',
};

describe.each(Object.entries(types))('a value that is read for %s', (_name, type) => {
  const thing = new GraphQLObjectType({
    name: 'Thing',
    fields: { mayBeNull: { type }, mustBe: { type: new GraphQLNonNull(type) } },
  });
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: { thing: { type: thing, resolve: (_root, _args, context) => context as object } },
  });
  const schema = new GraphQLSchema({ query });

  test.each(Object.keys(values))('%s is answered as by graphql-js, compiled or not', async (name) => {
    const document = parse('{ thing { mayBeNull } other: thing { mustBe } }');
    const context = { mayBeNull: values[name], mustBe: values[name] };
    const wanted = await execute({ schema, document, contextValue: context });
    for (const after of [0, Infinity]) {
      compiling.after = after;
      const found = await createExecutor(schema)({ document, variables: {}, context: context as never });
      expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
    }
  });
});
