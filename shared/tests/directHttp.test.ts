import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { HeaderMap } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { Database } from '@bailiwick/kernel/postgres';
import { AppError } from '@bailiwick/kernel/errors';
import { createHttpServer, listen, serveSubgraph } from '@bailiwick/kernel/http';
import type { Listening } from '@bailiwick/kernel/http';
import { createSubgraph } from '@bailiwick/kernel/graphql';
import type { Subgraph } from '@bailiwick/kernel/graphql';
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { createTestDatabase } from '../../tests/support/database.js';
import type { TestDatabase } from '../../tests/support/database.js';

const schema = `
  type Query {
    hello(name: String!): String
    thing: Thing
    things: [Thing!]!
    fault: String
    fails: String!
    refused: String
    teapot: String
    halfHead: String
    rows: Int
  }
  type Thing { id: ID! name: String part: Thing lost: String! }
  type Mutation { count: Int! countAndFail: Int }
`;

let counted = 0;
const thrown = (extensions: Record<string, unknown>) => () => {
  throw new GraphQLError('as it was thrown', { extensions });
};
const resolvers = {
  Query: {
    hello: (_root: unknown, { name }: { name: string }) => `Hello ${name} \u2028 "é" </script>`,
    thing: () => ({ id: 1, name: null, part: { id: '2', name: 'two' } }),
    things: () => [{ id: 1 }, { id: 2, name: 'two' }],
    fault: () => {
      throw new Error('select secret from somewhere');
    },
    fails: () => {
      throw new AppError('NOT_FOUND', 'There is no such thing.', { hint: 'Look elsewhere.', field: 'id' });
    },
    refused: thrown({ code: 'BAD_USER_INPUT' }),
    teapot: thrown({
      http: {
        status: 418,
        headers: new HeaderMap([
          ['x-tea', 'green'],
          ['cache-control', 'no-store'],
        ]),
      },
    }),
    halfHead: thrown({ http: { status: '418', headers: new HeaderMap([['x-tea', 'green']]) } }),
    rows: async (
      _root: unknown,
      _args: unknown,
      context: { read: { rows(text: string, values: unknown[]): Promise<unknown[][]> } },
    ) => (await context.read.rows('/* test:rows */ select 7', []))[0]![0],
  },
  Mutation: {
    count: () => ++counted,
    countAndFail: () => {
      counted++;
      throw new AppError('CONFLICT', 'It was counted.');
    },
  },
};

let database: TestDatabase;
let folder: string;
let subgraph: Subgraph;
let ours: Listening;
let apollos: Listening;
let wasDirect: boolean;
let log = '';

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-http-'));
  const schemaFile = pathToFileURL(join(folder, 'schema.graphql'));
  await writeFile(schemaFile, schema);
  const lines = new PassThrough().on('data', (chunk: Buffer) => (log += chunk.toString()));
  subgraph = await createSubgraph(
    { name: 'toy', schemaFile, resolvers },
    {
      database: new Database({ url: database.urlOf('shared_tables_app'), applicationName: 'test http' }),
      verifyToken: async (authorization) =>
        authorization === undefined ? undefined : { personId: '00000000-0000-4000-8000-000000000001', authorization },
      log: pino({ level: 'error' }, lines),
      cursorKey: 'a key of the tests, never of a service',
      allowIntrospection: true,
    },
  );
  ours = await serveSubgraph(
    {
      ...subgraph,
      async answerDirectly(...operation) {
        const answer = await subgraph.answerDirectly(...operation);
        wasDirect = answer !== undefined;
        return answer;
      },
    },
    '127.0.0.1',
    0,
  );
  const app = createHttpServer();
  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: '/graphql',
    handler: fastifyApolloHandler(subgraph.server, {
      context: async ({ headers, id }) => subgraph.contextOf({ authorization: headers.authorization, requestId: id }),
    }),
  });
  app.addHook('onRequest', async (one, reply) => void reply.header('x-request-id', one.id));
  // What the framework itself refuses is told by an error handler of the service's own.
  apollos = await listen(app, '127.0.0.1', 0, async () => undefined);
});

afterAll(async () => {
  await apollos?.stop();
  await ours?.stop();
  await rm(folder, { recursive: true, force: true });
  await database?.drop();
});

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

function send(url: string, method: string, path: string, headers: Record<string, string>, body: string): Promise<Answer> {
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      { method, headers: { authorization: 'Bearer me', 'x-request-id': 'one', ...length, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const { date: _date, ...rest } = response.headers;
          resolve({ status: response.statusCode, headers: rest, body: text });
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

/** Sends the same to both. Returns what both answered, and whether ours did without Apollo Server. */
async function both(
  body: unknown,
  headers: Record<string, string> = {},
  method = 'POST',
  path = '/graphql',
): Promise<Answer & { direct: boolean }> {
  wasDirect = false;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers };
  const answer = await send(ours.url, method, path, all, text);
  const direct = wasDirect;
  counted = 0;
  expect(answer).toEqual(await send(apollos.url, method, path, all, text));
  counted = 0;
  return { ...answer, direct };
}

describe('a POST with a valid operation is answered without Apollo Server, as it would answer', () => {
  test.each<[string, object]>([
    ['a field', { query: '{ hello(name: "you") }' }],
    ['variables', { query: 'query Greet($name: String!) { hello(name: $name) }', variables: { name: 'é "\\ ' } }],
    ['null where nothing is said', { query: '{ thing { id } }', variables: null, operationName: null, extensions: null }],
    ['one of two operations', { query: 'query A { thing { id } } query B { things { id name } }', operationName: 'B' }],
    ['objects in objects', { query: '{ thing { __typename id name part { id name part { id } } } }' }],
    ['other keys and extensions', { query: '{ thing { id } }', foo: 1, extensions: { clientLibrary: { name: 'x' } } }],
    ['a mutation', { query: 'mutation { count }' }],
    ['an introspection', { query: '{ __schema { types { name } } _service { sdl } }' }],
    ['a statement', { query: '{ rows }' }],
    ['an error of a field that may be null', { query: '{ thing { id } fails2: refused }' }],
    ['an error that makes everything null', { query: '{ thing { id } fails }' }],
    ['an error within a list', { query: '{ things { id lost } }' }],
    ['a fault', { query: 'query Faulty { fault hello(name: "still") }' }],
    ['several errors', { query: '{ fault refused again: fault thing { lost } }' }],
    ['an error of a mutation', { query: 'mutation { countAndFail }' }],
    ['an error with a status and headers', { query: '{ teapot thing { id } }' }],
    ['an error with a status that is none', { query: '{ halfHead teapot2: halfHead }' }],
  ])('%s', async (_what, body) => {
    const answer = await both(body);
    expect(answer.direct).toBe(true);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.body).toMatch(/\n$/);
  });

  test('the status of an error is the status of the answer', async () => {
    const { status, headers, direct } = await both({ query: '{ teapot }' });
    expect([status, headers['x-tea'], headers['cache-control'], direct]).toEqual([418, 'green', 'no-store', true]);
  });

  test.each([
    ['content-type', 'application/json; charset=utf-8'],
    ['accept', '*/*'],
    ['accept', 'application/json'],
  ])('%s: %s', async (name, value) => {
    expect((await both({ query: '{ thing { id } }' }, { [name]: value })).direct).toBe(true);
  });

  test('a mutation is carried out once, also one that fails', async () => {
    for (const query of ['mutation { count }', 'mutation { countAndFail }']) {
      counted = 0;
      await send(ours.url, 'POST', '/graphql', { 'content-type': 'application/json' }, JSON.stringify({ query }));
      expect(counted).toBe(1);
    }
  });

  test('the log names the operation of a fault, whichever way it went', async () => {
    log = '';
    await both({ query: 'query Faulty { fault }' });
    const [first, second] = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({ requestId: 'one', operationName: 'Faulty', path: ['fault'] });
    expect({ ...first, time: 0, err: null }).toEqual({ ...second, time: 0, err: null });
  });
});

describe('everything else is left to Apollo Server', () => {
  const query = '{ thing { id } }';
  test.each<[string, unknown]>([
    ['an operation that is not valid', { query: '{ nonsense }' }],
    ['a document that does not parse', { query: '{ thing {' }],
    ['a query that is empty', { query: '' }],
    ['no query', { variables: {} }],
    ['a query that is no text', { query: 1 }],
    ['a query that is a document', { query: { kind: 'Document' } }],
    ['an empty object', {}],
    ['nothing', 'null'],
    ['a text', '"{ thing { id } }"'],
    ['a batch', [{ query }]],
    ['an operation that is not there', { query: 'query A { thing { id } }', operationName: 'B' }],
    ['an operation without a name of its own', { query: 'query A { thing { id } } query B { thing { id } }' }],
    ['an empty name of an operation', { query: 'query A { thing { id } }', operationName: '' }],
    ['a name of an operation that is no text', { query, operationName: 7 }],
    ['variables that are a list', { query, variables: [] }],
    ['variables as text', { query, variables: '{}' }],
    ['a variable that is missing', { query: 'query ($name: String!) { hello(name: $name) }' }],
    ['a variable of another type', { query: 'query ($name: String!) { hello(name: $name) }', variables: { name: 7 } }],
    ['extensions that are a list', { query, extensions: [] }],
    ['extensions as text', { query, extensions: '{}' }],
    ['a persisted query that is not known', { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }],
    ['a persisted query whose hash is another', { query, extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }],
  ])('%s', async (_what, body) => {
    expect((await both(body)).direct).toBe(false);
  });

  test.each([
    ['content-type', 'text/plain'],
    ['content-type', 'application/json;charset=UTF-8'],
    ['accept', 'application/graphql-response+json'],
    ['accept', 'application/graphql-response+json, application/json;q=0.9'],
    ['accept', 'multipart/mixed; deferSpec=20220824, application/json'],
    ['accept', 'text/html'],
    ['accept', ''],
  ])('%s: %s', async (name, value) => {
    expect((await both({ query }, { [name]: value })).direct).toBe(false);
  });

  test.each([
    ['GET', `/graphql?query=${encodeURIComponent(query)}`, { 'apollo-require-preflight': '1' }],
    ['GET', `/graphql?query=${encodeURIComponent('mutation { count }')}`, { 'apollo-require-preflight': '1' }],
    ['HEAD', `/graphql?query=${encodeURIComponent(query)}`, { 'apollo-require-preflight': '1' }],
    ['OPTIONS', '/graphql', {}],
  ])('%s %s', async (method, path, headers) => {
    const { direct } = await both(method === 'OPTIONS' ? '{}' : '', headers, method, path);
    expect(direct).toBe(false);
  });

  test('a GET that a page of another site could send is refused', async () => {
    wasDirect = false;
    const path = `/graphql?query=${encodeURIComponent(query)}`;
    const [one, other] = await Promise.all([ours, apollos].map(({ url }) => send(url, 'GET', path, {}, '')));
    expect(one).toEqual(other);
    expect([one!.status, wasDirect]).toEqual([400, false]);
  });
});
