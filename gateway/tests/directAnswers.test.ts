import { answerOverHttp } from '@bailiwick/kernel/http';
import { createLog } from '@bailiwick/kernel/process';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { GraphQLSchema, parse } from 'graphql';
import { directAnswers } from '../src/execution/directAnswers.js';
import { createGateway } from '../src/gateway.js';
import type { Gateway, GatewayOptions } from '../src/gateway.js';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import type { StubSubgraph } from './support/stubSubgraphs.js';
import { tokenFor, verifyToken } from './support/testGateway.js';

/** One gateway twice over HTTP: as it answers, and with Apollo Server for everything. */
interface TwoWays {
  readonly gateway: Gateway;
  readonly subgraphs: Record<string, StubSubgraph>;
  readonly apps: readonly [ours: FastifyInstance, framed: FastifyInstance];
  wasDirect: boolean;
}

const faulty = {
  Query: {
    me: () => ({ id: '018f0000-0000-7000-8000-000000000002', fullName: 'Ada Example', email: null, roles: ['Lawyer'] }),
    orgUnitByCode: (_root: unknown, { code }: { code: string }) => {
      if (code === 'fails') throw new Error('select secret from somewhere');
      return null;
    },
  },
};

async function twoWays(subgraphs: Record<string, StubSubgraph>, options: Partial<GatewayOptions> = {}): Promise<TwoWays> {
  const log = createLog('test', 'silent');
  const gateway = await createGateway({ subgraphs, verifyToken, log, allowIntrospection: true, ...options });
  const appOf = (service: Pick<Gateway, 'server' | 'answerDirectly'>): FastifyInstance => {
    const app = fastify();
    const contexts = new WeakMap<object, Awaited<ReturnType<typeof verifyToken>>>();
    app.addHook('onRequest', async (request) => void contexts.set(request, await verifyToken(request.headers.authorization)));
    const handler = answerOverHttp(service, (request) => ({
      caller: contexts.get(request),
      requestId: 'one',
      isPlanAsked: Boolean(request.headers['apollo-query-plan-experimental']),
    }));
    app.route({ method: ['GET', 'POST'], url: '/graphql', handler });
    return app;
  };
  const ways: TwoWays = {
    gateway,
    subgraphs,
    wasDirect: false,
    apps: [
      appOf({
        server: gateway.server,
        async answerDirectly(...operation) {
          const answer = await gateway.answerDirectly(...operation);
          ways.wasDirect = answer !== undefined;
          return answer;
        },
      }),
      appOf({ server: gateway.server, answerDirectly: async () => undefined }),
    ],
  };
  return ways;
}

let authorization: string;
let open: TwoWays;
let closed: TwoWays;

beforeAll(async () => {
  authorization = `Bearer ${await tokenFor()}`;
  open = await twoWays(stubSubgraphs({ shared: faulty }));
  closed = await twoWays(stubSubgraphs(), { allowIntrospection: false });
});
afterAll(async () => {
  await Promise.all([open, closed].flatMap(({ gateway, apps }) => [gateway.stop(), ...apps.map((app) => app.close())]));
});

const asked = ({ subgraphs }: TwoWays): number =>
  Object.values(subgraphs).reduce((sum, { requests }) => sum + requests.length, 0);

async function both(ways: TwoWays, payload: object | string, headers: Record<string, string> = {}) {
  ways.wasDirect = false;
  const ask = async (app: FastifyInstance) => {
    const {
      statusCode,
      headers: answered,
      body,
    } = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      payload,
    });
    const { date: _date, ...others } = answered;
    return { statusCode, headers: others, body };
  };
  const answer = await ask(ways.apps[0]);
  const isDirect = ways.wasDirect;
  expect(answer).toEqual(await ask(ways.apps[1]));
  return { ...answer, isDirect };
}

describe('a POST with a valid operation is answered without Apollo Server, as it would answer', () => {
  test.each<[string, object]>([
    ['a query', { query: '{ me { id fullName email roles } }' }],
    ['over two subgraphs', { query: '{ legalCases(first: 5) { totalCount nodes { caseNumber lead { fullName } } } }' }],
    ['variables', { query: 'query ($code: String!) { orgUnitByCode(code: $code) { id } }', variables: { code: 'LND' } }],
    ['null where nothing is said', { query: '{ me { id } }', variables: null, operationName: null, extensions: null }],
    ['one of two operations', { query: 'query A { me { id } } query B { me { fullName } }', operationName: 'B' }],
    ['a fragment and an alias', { query: 'fragment P on Person { name: fullName } query { one: me { ...P } two: me { id } }' }],
    ['a skipped field', { query: 'query ($no: Boolean!) { me { id fullName @include(if: $no) } }', variables: { no: false } }],
    ['an introspection', { query: '{ __schema { queryType { name } } __type(name: "Person") { kind } __typename }' }],
    ['a fault in a subgraph', { query: 'query Faulty { orgUnitByCode(code: "fails") { id } me { fullName } }' }],
    ['a subgraph that breaks its contract', { query: '{ engagements(first: 1) { nodes { id } pageInfo { hasNextPage } } }' }],
    ['a mutation', { query: 'mutation { createOrgUnit(input: { code: "A", name: "A" }) { orgUnit { id } } }' }],
  ])('%s', async (_what, body) => {
    const { isDirect, headers } = await both(open, body);
    expect(isDirect).toBe(true);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('the query plan comes along where it is asked for, and where callers may see it', async () => {
    const wanted = { 'apollo-query-plan-experimental': '1' };
    const query = { query: '{ me { id } }' };
    expect((await both(open, query, wanted)).body).toContain('__queryPlanExperimental');
    expect((await both(closed, query, wanted)).body).not.toContain('__queryPlanExperimental');
  });

  test('a mutation is carried out once', async () => {
    const before = asked(open);
    const payload = { query: 'mutation { createOrgUnit(input: { code: "A", name: "A" }) { userErrors { code } } }' };
    await open.apps[0].inject({ method: 'POST', url: '/graphql', headers: { authorization }, payload });
    expect(asked(open)).toBe(before + 1);
  });

  test('one without a token may look at the schema', async () => {
    expect((await both(open, { query: '{ __typename }' }, { authorization: '' })).isDirect).toBe(true);
  });
});

describe('what has to be refused is refused by Apollo Server, and no subgraph is asked', () => {
  const deep = `{ orgTree { ${'children { '.repeat(30)}id ${'}'.repeat(30)} } }`;
  test.each<[string, object | string, Record<string, string>?]>([
    ['a document that can not be read', { query: '{ me {' }],
    ['a document of too many tokens', { query: `{ ${'__typename '.repeat(4_001)} }` }],
    ['a field that is not there', { query: '{ me { salary } }' }],
    ['a variable that is missing', { query: 'query ($code: String!) { orgUnitByCode(code: $code) { id } }' }],
    ['a variable of another type', { query: 'query ($n: Int!) { legalCases(first: $n) { totalCount } }', variables: { n: 'x' } }],
    [
      'null for what must not be null',
      { query: 'query ($n: String = "x") { __type(name: $n) { name } me { id } }', variables: { n: null } },
    ],
    ['a name that no operation has', { query: 'query A { me { id } }', operationName: 'B' }],
    ['several operations and no name', { query: 'query A { me { id } } query B { me { id } }' }],
    ['a deep operation', { query: deep.replace('orgTree', 'orgUnitByCode(code: "A")') }],
    [
      'a costly operation',
      {
        query:
          '{ legalCases(first: 100) { nodes { parties { id } lead { assignedCases(first: 100) { nodes { parties { id } } } } } } }',
      },
    ],
    ['no token', { query: '{ me { id } }' }, { authorization: '' }],
    ['a batch', [{ query: '{ me { id } }' }]],
    ['a body without an operation', {}],
    ['an operation that is no text', { query: 7 }],
  ])('%s', async (_what, body, headers = {}) => {
    const before = asked(open);
    const { isDirect, body: text } = await both(open, body, headers);
    expect([isDirect, asked(open)]).toEqual([false, before]);
    expect(JSON.parse(text)).toHaveProperty('errors');
  });

  test("an introspection where the schema is nobody's business", async () => {
    const { isDirect, body } = await both(closed, { query: '{ __schema { queryType { name } } }' });
    expect(isDirect).toBe(false);
    expect(body).toContain('introspection');
  });
});

test('an execution that breaks off is told as a fault of ours, and is not tried again', async () => {
  let executions = 0;
  const service = {
    server: open.gateway.server,
    answerDirectly: directAnswers({
      execution: {
        gateway: {} as never,
        schema: () => new GraphQLSchema({}),
        async execute() {
          executions++;
          throw new Error('select secret from somewhere');
        },
      },
      gate: () => undefined,
      documentOf: parse,
      log: createLog('test', 'silent'),
    }),
  };
  const app = fastify();
  app.post(
    '/graphql',
    answerOverHttp(service, () => ({ caller: undefined, requestId: 'one', isPlanAsked: false })),
  );
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query: 'mutation { a }' } });
  expect([answer.statusCode, executions]).toEqual([500, 1]);
  expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL', requestId: 'one' } }] });
  expect(answer.body).not.toContain('secret');
  await app.close();
});
