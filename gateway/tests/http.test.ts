import { createLog } from '@bailiwick/kernel/process';
import { createGateway } from '../src/gateway.js';
import { send } from '../../tests/support/http.js';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { closedPort, startTestGateway, tokenFor, verifyToken } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';

const page = 'https://app.example.org';

describe('the gateway over HTTP', () => {
  let gateway: TestGateway;
  let authorization: string;

  beforeAll(async () => {
    gateway = await startTestGateway({ corsOrigins: [page] });
    authorization = `Bearer ${await tokenFor()}`;
  });
  afterAll(() => gateway.stop());

  test('a sane request id is taken over, another is replaced', async () => {
    const idFor = async (given: string) =>
      (await gateway.ask('{ me { id } }', { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    expect(await idFor('abc-123')).toBe('abc-123');
    expect(await idFor('a b; c')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a request that a foreign page could send without asking first is refused, with the request id', async () => {
    const response = await fetch(`${gateway.url}/graphql?query={__typename}`);
    expect(response.status).toBe(400);
    const body = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] };
    expect(body.errors[0]?.message).toContain('CSRF');
    expect(body.errors[0]?.extensions).toEqual({ code: 'BAD_REQUEST', requestId: response.headers.get('x-request-id') });
  });

  test('a GET with the header that says it is meant answers a query and refuses a mutation', async () => {
    const headers = { authorization, 'apollo-require-preflight': 'yes' };
    const query = await fetch(`${gateway.url}/graphql?query={me{fullName}}`, { headers });
    expect(await query.json()).toEqual({ data: { me: { fullName: 'Ada Example' } } });
    const mutation = await fetch(
      `${gateway.url}/graphql?query=${encodeURIComponent('mutation { createOrgUnit(input: { code: "A", name: "A" }) { orgUnit { id } } }')}`,
      { headers },
    );
    expect(mutation.status).toBe(405);
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
    const answer = await send(`${gateway.url}/graphql`, { headers: { 'content-type': contentType, authorization }, body });
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
    const answer = await send(`${gateway.url}/graphql`, { method, headers: { authorization } });
    expect([answer.status, answer.headers.allow, JSON.parse(answer.text)]).toMatchObject([
      405,
      expect.stringContaining('GET, HEAD, POST'),
      { errors: [{ message: `/graphql does not answer ${method}.`, extensions: { code: 'METHOD_NOT_ALLOWED' } }] },
    ]);
    expect((await send(`${gateway.url}/health`, { method })).headers.allow).toBe('GET, HEAD');
    expect((await send(`${gateway.url}/nowhere`, { method })).status).toBe(404);
  });

  test.each([
    ['authorization', ['Host', 'a', 'Authorization', 'Bearer one', 'authorization', 'Bearer other']],
    ['host', ['Host', 'a', 'Authorization', 'Bearer one', 'host', 'b']],
  ])('the header %s twice is refused', async (name, headers) => {
    const answer = await send(`${gateway.url}/graphql`, { method: 'GET', headers });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      400,
      { errors: [{ message: `The request has the header ${name} more than once.` }] },
    ]);
  });

  test('with one operation, an empty operationName is none', async () => {
    const { status, body } = await gateway.ask('query Mine { me { fullName } }', { operationName: '' });
    expect([status, body]).toEqual([200, { data: { me: { fullName: 'Ada Example' } } }]);
    expect((await gateway.ask('query A { me { id } } query B { me { id } }', { operationName: '' })).status).toBe(400);
  });

  test.each([
    ['a batch', [{ query: '{ __typename }' }]],
    ['a body without an operation', {}],
  ])('%s is refused in the form of a GraphQL error, with the request id', async (_what, body) => {
    const answer = await send(`${gateway.url}/graphql`, {
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST', requestId: answer.headers['x-request-id'] } }] },
    ]);
  });

  test('pages of the configured origins may call, and no others', async () => {
    const preflight = (origin: string) =>
      fetch(`${gateway.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await preflight(page);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(page);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await gateway.ask('{ me { id } }', { headers: { origin: page } })).headers.get('access-control-allow-origin')).toBe(
      page,
    );
    expect(
      (await gateway.ask('{ me { id } }', { headers: { origin: 'null' } })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  test('with loopback origins, pages that this machine serves may call, and no others', async () => {
    const development = await startTestGateway({ corsOrigins: 'loopback' });
    try {
      const isAllowed = async (origin: string) =>
        (await fetch(`${development.url}/graphql`, { method: 'OPTIONS', headers: { origin } })).headers.get(
          'access-control-allow-origin',
        ) === origin;
      for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080', 'https://localhost'])
        expect({ origin, isAllowed: await isAllowed(origin) }).toEqual({ origin, isAllowed: true });
      for (const origin of ['null', 'http://localhost.evil.example', 'http://evil.example', 'file://localhost', 'localhost:5173'])
        expect({ origin, isAllowed: await isAllowed(origin) }).toEqual({ origin, isAllowed: false });
    } finally {
      await development.stop();
    }
  });

  test('a refusal too can be read by a page of a configured origin', async () => {
    const { status, headers } = await gateway.ask('{ me { id } }', { token: 'nonsense', headers: { origin: page } });
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBe(page);
  });

  test('every answer carries the headers that keep browsers from guessing', async () => {
    for (const path of ['/graphql', '/health', '/nowhere', '/']) {
      const { headers } = await fetch(`${gateway.url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-request-id')).toBeTruthy();
    }
  });

  test('the endpoint opened in a browser leads to the page', async () => {
    const response = await fetch(`${gateway.url}/graphql`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*' },
      redirect: 'manual',
    });
    expect({ status: response.status, location: response.headers.get('location') }).toEqual({ status: 303, location: '/' });
  });

  test('a path that does not exist answers NOT_FOUND', async () => {
    const response = await fetch(`${gateway.url}/nowhere?x=1`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'There is nothing at GET /nowhere.', extensions: { code: 'NOT_FOUND' } }],
    });
  });
});

describe('GET /health', () => {
  test('is ok when all subgraphs answer', async () => {
    const gateway = await startTestGateway();
    try {
      const response = await fetch(`${gateway.url}/health`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: 'ok', subgraphs: { audit: 'ok', 'case-management': 'ok', shared: 'ok' } });
    } finally {
      await gateway.stop();
    }
  });

  test('names the subgraph that does not answer, over HTTP or in this process', async () => {
    const { shared, ...others } = stubSubgraphs();
    const withoutDatabase = {
      ...shared,
      execute: shared.execute.bind(shared),
      database: { ping: () => Promise.reject(new Error('down')) },
    };
    const gateway = await startTestGateway({
      subgraphs: { ...others, shared: withoutDatabase, audit: { url: await closedPort() } },
    });
    try {
      const response = await fetch(`${gateway.url}/health`);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({
        status: 'not ready',
        subgraphs: { audit: 'does not answer', 'case-management': 'ok', shared: 'does not answer' },
      });
    } finally {
      await gateway.stop();
    }
  });
});

describe('serve', () => {
  test('a taken port is PORT_TAKEN', async () => {
    const gateway = await startTestGateway();
    const other = await createGateway({
      subgraphs: stubSubgraphs(),
      verifyToken,
      log: createLog('test', 'silent'),
      allowIntrospection: true,
    });
    try {
      await expect(other.serve('127.0.0.1', gateway.port)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    } finally {
      await other.stop();
      await gateway.stop();
    }
  });
});
