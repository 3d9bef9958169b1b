import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { HeaderMap } from '@apollo/server';
import { AppError } from '@bailiwick/kernel/errors';
import { createDocumentStore, createSubgraph } from '@bailiwick/kernel/graphql';
import type { Subgraph } from '@bailiwick/kernel/graphql';
import { serveSubgraph } from '@bailiwick/kernel/http';
import type { Listening } from '@bailiwick/kernel/http';
import { Database } from '@bailiwick/kernel/postgres';
import { GraphQLError, parse } from 'graphql';
import { pino } from 'pino';
import { acceptHeaders, send } from '../../tests/support/http.js';
import type { HttpAnswer } from '../../tests/support/http.js';

const schema = `
  type Query {
    hello(name: String!): String
    thing: Thing
    things: [Thing!]!
    fault: String
    fails: String!
    refused: String
    teapot: String
    long: String
    circular: Any
    bigint: Any
    throwingThenable: String
  }
  scalar Any
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
    teapot: thrown({ http: { status: 418, headers: new HeaderMap([['x-tea', 'green']]) } }),
    long: () => 'word '.repeat(10_000),
    circular: () => {
      const value: Record<string, unknown> = {};
      return (value['itself'] = value);
    },
    bigint: () => 1n,
    throwingThenable: () => ({
      then() {
        throw new Error('thrown by then');
      },
    }),
  },
  Mutation: {
    count: () => ++counted,
    countAndFail: () => {
      counted++;
      throw new AppError('CONFLICT', 'It was counted.');
    },
  },
};

let folder: string;
let subgraph: Subgraph;
let listening: Listening;
let log = '';
/** The requests that the plugin has seen. */
let seen = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-http-'));
  const schemaFile = pathToFileURL(join(folder, 'schema.graphql'));
  await writeFile(schemaFile, schema);
  const lines = new PassThrough().on('data', (chunk: Buffer) => (log += chunk.toString()));
  subgraph = await createSubgraph(
    { name: 'toy', schemaFile, resolvers, tables: {} },
    {
      // It connects at the first statement, and these resolvers run none.
      database: new Database({ url: 'postgres://nobody@127.0.0.1:1/nothing', applicationName: 'test http' }),
      verifyToken: async (authorization) =>
        authorization === undefined ? undefined : { personId: '00000000-0000-4000-8000-000000000001', authorization },
      log: pino({ level: 'error' }, lines),
      cursorKey: 'a key of the tests, never of a service',
      allowIntrospection: true,
      plugins: [{ requestDidStart: async () => void seen++ }],
    },
  );
  listening = await serveSubgraph(subgraph, '127.0.0.1', 0);
});
afterAll(async () => {
  await listening?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  counted = 0;
  seen = 0;
  log = '';
});

const post = (body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  send(`${listening.url}/graphql`, {
    headers: { 'content-type': 'application/json', authorization: 'Bearer me', 'x-request-id': 'one', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const accepting = (accept: string | undefined): Record<string, string> => (accept === undefined ? {} : { accept });

describe('every request goes the same way', () => {
  test.each(acceptHeaders)('a plugin sees that of %s', async (_client, accept) => {
    const { status, headers, text } = await post({ query: '{ thing { id part { name } } }' }, accepting(accept));
    expect({ status, text, seen }).toEqual({
      status: 200,
      text: '{"data":{"thing":{"id":"1","part":{"name":"two"}}}}\n',
      seen: 1,
    });
    expect(headers['content-type']).toBe(
      accept?.startsWith('application/graphql-response+json')
        ? 'application/graphql-response+json; charset=utf-8'
        : 'application/json; charset=utf-8',
    );
  });

  test('a plugin sees a GET, an operation that is not valid, and one that is executed in process', async () => {
    const url = `${listening.url}/graphql?query=${encodeURIComponent('{ thing { id } }')}`;
    await send(url, { method: 'GET', headers: { authorization: 'Bearer me', 'apollo-require-preflight': '1' } });
    expect(seen).toBe(1);
    await post({ query: '{ nonsense }' });
    expect(seen).toBe(2);
    const answer = await subgraph.execute({ query: '{ thing { id } }' }, { authorization: 'Bearer me' });
    expect([JSON.stringify(answer), seen]).toEqual(['{"data":{"thing":{"id":"1"}}}', 3]);
  });

  test.each(acceptHeaders)('a mutation of %s is executed once, also one that fails', async (_client, accept) => {
    await post({ query: 'mutation { count }' }, accepting(accept));
    expect(counted).toBe(1);
    await post({ query: 'mutation { countAndFail }' }, accepting(accept));
    expect(counted).toBe(2);
  });

  test.each(acceptHeaders)('errors for %s are masked and carry the request id', async (_client, accept) => {
    const { status, text } = await post(
      { query: 'query Faulty { fault hello(name: "still") refused things { id } }' },
      accepting(accept),
    );
    const { data, errors } = JSON.parse(text) as { data: unknown; errors: unknown[] };
    expect([status, data]).toEqual([
      200,
      { fault: null, hello: 'Hello still \u2028 "é" </script>', refused: null, things: [{ id: '1' }, { id: '2' }] },
    ]);
    expect(errors).toMatchObject([
      { path: ['fault'], message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId: 'one' } },
      { path: ['refused'], message: 'as it was thrown', extensions: { code: 'BAD_USER_INPUT', requestId: 'one' } },
    ]);
    expect(text).not.toContain('secret');
    expect(JSON.parse(log)).toMatchObject({ requestId: 'one', operationName: 'Faulty', path: ['fault'] });
  });

  test('an error of the catalogue keeps its code, hint and field, and a null that must not be one is passed upwards', async () => {
    expect(JSON.parse((await post({ query: '{ thing { id } fails }' })).text)).toMatchObject({
      data: null,
      errors: [
        {
          message: 'There is no such thing.',
          extensions: { code: 'NOT_FOUND', hint: 'Look elsewhere.', field: 'id', requestId: 'one' },
        },
      ],
    });
  });

  test('an error may set the status and headers of the response', async () => {
    const { status, headers } = await post({ query: '{ teapot }' });
    expect([status, headers['x-tea']]).toEqual([418, 'green']);
  });
});

describe('a malformed request is refused', () => {
  const query = '{ thing { id } }';
  test.each<[string, unknown, string]>([
    ['an operation that is not valid', { query: '{ nonsense }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a document that does not parse', { query: '{ thing {' }, 'GRAPHQL_PARSE_FAILED'],
    ['an empty query', { query: '' }, 'BAD_REQUEST'],
    ['a query that is no text', { query: 1 }, 'BAD_REQUEST'],
    ['a batch', [{ query }], 'BAD_REQUEST'],
    ['an operation that is not there', { query: 'query A { thing { id } }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['variables as text', { query, variables: '{}' }, 'BAD_REQUEST'],
    ['a missing variable', { query: 'query ($name: String!) { hello(name: $name) }' }, 'BAD_USER_INPUT'],
    ['malformed JSON', '{"query":', 'BAD_USER_INPUT'],
  ])('%s', async (_what, body, code) => {
    const { status, text } = await post(body);
    expect([status, JSON.parse(text)]).toMatchObject([400, { errors: [{ extensions: { code } }] }]);
  });

  test('also a GET that a page of another site could send', async () => {
    const url = `${listening.url}/graphql?query=${encodeURIComponent(query)}`;
    expect((await send(url, { method: 'GET', headers: { authorization: 'Bearer me' } })).status).toBe(400);
  });

  test('one without a token is refused before its body is read', async () => {
    const { status, text } = await send(`${listening.url}/graphql`, {
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([status, JSON.parse(text)]).toMatchObject([401, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
  });

  test.each([
    ['malformed JSON', '{"query":', 'application/json', 400, 'BAD_USER_INPUT', 'is not valid JSON: '],
    [
      'a key __proto__',
      '{"query":"{ __typename }","variables":{"__proto__":{}}}',
      'application/json',
      400,
      'BAD_USER_INPUT',
      '"__proto__"',
    ],
    [
      'a key constructor with a prototype',
      '{"query":"{ __typename }","constructor":{"prototype":{}}}',
      'application/json',
      400,
      'BAD_USER_INPUT',
      '"constructor.prototype"',
    ],
    ['a body of XML', '<query/>', 'application/xml', 415, 'MEDIA_TYPE_UNSUPPORTED', 'application/json'],
    [
      'a body of text, which a page of another site could send',
      '{"query":"{ __typename }"}',
      'text/plain',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      'application/json',
    ],
    [
      'a body beyond 1 MiB',
      JSON.stringify({ query: '{ __typename }', x: 'x'.repeat(1024 * 1024) }),
      'application/json',
      413,
      'BODY_TOO_LARGE',
      '1,048,576 bytes',
    ],
  ])('%s is refused, and the error says why', async (_what, body, contentType, status, code, reason) => {
    const answer = await send(`${listening.url}/graphql`, {
      headers: { 'content-type': contentType, authorization: 'Bearer me' },
      body,
    });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      status,
      {
        errors: [
          { message: expect.stringContaining(reason) as string, extensions: { code, requestId: expect.any(String) as string } },
        ],
      },
    ]);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'PROPFIND'])('%s is 405, with the methods that are answered', async (method) => {
    const answer = await send(`${listening.url}/graphql`, { method, headers: { authorization: 'Bearer me' } });
    expect([answer.status, answer.headers.allow, JSON.parse(answer.text)]).toMatchObject([
      405,
      expect.stringContaining('GET, HEAD, POST'),
      { errors: [{ message: `/graphql does not answer ${method}.`, extensions: { code: 'METHOD_NOT_ALLOWED' } }] },
    ]);
    expect((await send(`${listening.url}/health`, { method })).headers.allow).toBe('GET, HEAD');
    expect((await send(`${listening.url}/nowhere`, { method })).status).toBe(404);
  });

  test.each([
    ['authorization', ['Host', 'a', 'Authorization', 'Bearer one', 'authorization', 'Bearer other']],
    ['host', ['Host', 'a', 'Authorization', 'Bearer one', 'host', 'b']],
  ])('the header %s twice is refused', async (name, headers) => {
    const answer = await send(`${listening.url}/graphql`, { method: 'GET', headers });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      400,
      { errors: [{ message: `The request has the header ${name} more than once.` }] },
    ]);
  });

  test('an empty operationName is none, over HTTP and in process', async () => {
    const asked = { query: 'query A { thing { id } }', operationName: '' };
    expect((await post(asked)).text).toBe('{"data":{"thing":{"id":"1"}}}\n');
    expect(JSON.stringify(await subgraph.execute(asked, { authorization: 'Bearer me' }))).toBe('{"data":{"thing":{"id":"1"}}}');
  });

  test('an operation of a kind that the schema lacks is refused with the sentence of graphql-js, and is no fault', async () => {
    const { status, text } = await post({ query: 'subscription { thing { id } }' });
    expect([status, JSON.parse(text)]).toMatchObject([
      400,
      {
        errors: [
          { message: 'Schema is not configured to execute subscription operation.', extensions: { code: 'BAD_USER_INPUT' } },
        ],
      },
    ]);
    expect(log).toBe('');
  });

  test.each(['circular', 'bigint', 'throwingThenable'])(
    'a resolver that returns %s fails its own request only',
    async (field) => {
      const { text } = await post({ query: `{ ${field} }` });
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
      expect((await post({ query: '{ thing { id } }' })).status).toBe(200);
    },
  );
});

describe('compression', () => {
  const plain = `{"data":{"long":"${'word '.repeat(10_000)}"}}\n`;
  test.each(['gzip', 'br', 'gzip, deflate, br'])(
    'a large response is compressed for a client that accepts %s',
    async (encoding) => {
      const { headers, bytes, text } = await post({ query: '{ long }' }, { 'accept-encoding': encoding });
      expect(encoding).toContain(headers['content-encoding']);
      expect(headers['vary']).toContain('accept-encoding');
      expect(bytes.length).toBeLessThan(1_000);
      expect(text).toBe(plain);
    },
  );

  test('it is not for a client that does not ask for it, and a small response is for nobody', async () => {
    const large = await post({ query: '{ long }' });
    expect([large.headers['content-encoding'], large.bytes.toString()]).toEqual([undefined, plain]);
    const small = await post({ query: '{ thing { id } }' }, { 'accept-encoding': 'gzip, br' });
    expect([small.headers['content-encoding'], small.bytes.toString()]).toEqual([undefined, '{"data":{"thing":{"id":"1"}}}\n']);
  });
});

test('documents beyond the size of the store push out the least recently used ones', async () => {
  const store = createDocumentStore();
  const document = parse(`{ ${'thing { id } '.repeat(300)} }`);
  for (let number = 0; number < 200; number++) await store.set(String(number), document);
  expect(await store.get('199')).toBe(document);
  expect(await store.get('0')).toBeUndefined();
});
