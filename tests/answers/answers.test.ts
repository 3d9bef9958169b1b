import { samplePeople } from '@bailiwick/database/sample/sample';
import { readOperations } from '@bailiwick/gateway/pages/operations';
import { buildSchema, parse, validate } from 'graphql';
import { createSampleDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { compareAnswers } from './compare.js';
import { generateOperation } from './generate.js';
import { createGraphs } from './graphs.js';
import type { GraphAnswer, Graphs } from './graphs.js';
import { readKnownValues } from './known.js';
import { compareGenerated } from './run.js';
import type { KnownValues } from './values.js';

let database: TestDatabase;
let graphs: Graphs;
let known: KnownValues;

beforeAll(async () => {
  database = await createSampleDatabase();
  graphs = await createGraphs(database);
  known = await readKnownValues(database, graphs, samplePeople[0]!.personId);
});
afterAll(async () => {
  await graphs?.stop();
  await database?.drop();
});

test.each(
  readOperations()
    .filter(({ kind }) => kind === 'query')
    .map(({ name, document, variables }) => [name, document, variables] as const),
)('%s has one answer for each person, whoever carries out its plan', async (name, query, written) => {
  const variables = JSON.parse(written || '{}') as Record<string, unknown>;
  const operation = { name, query, variables, plain: query, plainVariables: variables, aliases: new Map<string, string>() };
  for (const { personId } of samplePeople) {
    const { differences, hasErrors } = await compareAnswers(graphs, personId, operation);
    expect(differences).toEqual([]);
    expect(hasErrors).toBe(false);
  }
});

test('generated operations have one answer, whoever carries out their plans', async () => {
  const differing: string[] = [];
  const tally = await compareGenerated(graphs, known, {
    seed: '4',
    operations: 200,
    onDifference: ({ name, query }, role, differences) =>
      differing.push(`${name} as ${role}: ${query}\n${differences.join('\n')}`),
  });
  expect(differing).toEqual([]);
  // The operations are worth something: most have an answer, with nulls in it, and some have errors.
  expect(tally.refused).toBeLessThan(40);
  expect(tally.withErrors).toBeGreaterThan(10);
  expect(tally.withNulls).toBeGreaterThan(50);
}, 280_000);

test('the same seed makes the same operations, and all are valid', () => {
  for (let number = 1; number <= 50; number++) {
    const operation = generateOperation(graphs.schema, known, 'again', number);
    expect(generateOperation(graphs.schema, known, 'again', number)).toEqual(operation);
    expect(validate(graphs.schema, parse(operation.query))).toEqual([]);
  }
});

test.each<[string, (answer: GraphAnswer) => GraphAnswer]>([
  ['a value', ({ data }) => ({ data: JSON.parse(JSON.stringify(data).replace('Sunniva', 'Sunnyva')) as unknown })],
  [
    'the order of fields',
    ({ data }) => ({ data: { me: Object.fromEntries(Object.entries((data as { me: object }).me).reverse()) } }),
  ],
  ['an error', ({ data }) => ({ data, errors: [{ message: 'x', path: ['me'] }] })],
])('a difference in %s is found', async (_what, change) => {
  const changed: Graphs = {
    ...graphs,
    async ask(graph, ...request) {
      const answer = await graphs.ask(graph, ...request);
      return graph === 'separate' ? change(answer) : answer;
    },
  };
  const query = '{ me { id fullName } }';
  const operation = { name: 'me', query, variables: {}, plain: query, plainVariables: {}, aliases: new Map<string, string>() };
  const { personId } = samplePeople[0]!;
  expect((await compareAnswers(changed, personId, operation)).differences).toHaveLength(1);
  expect((await compareAnswers(graphs, personId, operation)).differences).toEqual([]);
});

describe('errors are the same', () => {
  const schema = buildSchema('type Query { a: A } type A { b: String! c: String! }');
  const query = '{ a { b c } }';
  const operation = {
    name: 'errors',
    query,
    variables: {},
    plain: query,
    plainVariables: {},
    aliases: new Map<string, string>(),
  };
  const told = (...errors: [message: string, ...path: string[]][]): GraphAnswer => ({
    data: { a: null },
    errors: errors.map(([message, ...path]) => ({ message, ...(path.length > 0 && { path }) })),
  });
  const compare = async (ours: GraphAnswer, stock: GraphAnswer) => {
    const answers = { schema, ask: async (graph: string) => (graph === 'stock' ? stock : ours), stop: async () => undefined };
    return (await compareAnswers(answers, 'somebody', operation)).differences;
  };

  test.each<[string, GraphAnswer, GraphAnswer]>([
    ['where they are', told(['no', 'a', 'b']), told(['no', 'a', 'b'])],
    ['where one null stands for several, and each tells of another', told(['no', 'a', 'b']), told(['never', 'a', 'c'])],
  ])('%s', async (_what, ours, stock) => expect(await compare(ours, stock)).toEqual([]));

  test.each<[string, GraphAnswer, GraphAnswer]>([
    ['one field failed with two things', told(['no', 'a', 'b']), told(['never', 'a', 'b'])],
    ['one is told twice', told(['no', 'a', 'b'], ['no', 'a', 'b']), told(['no', 'a', 'b'])],
    ['they have no place', told(['no']), told(['never'])],
    ['one stands at the null itself', told(['no', 'a']), told(['no', 'a', 'b'])],
    ['one tells of none', told(['no', 'a', 'b']), told()],
  ])('and not where %s', async (_what, ours, stock) => expect(await compare(ours, stock)).toHaveLength(1));
});
