import { getIntrospectionQuery } from 'graphql';
import { acceptHeaders, send } from '../../tests/support/http.js';
import type { HttpAnswer } from '../../tests/support/http.js';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { startTestGateway, tokenFor } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';

/** The requests that the plugin has seen. */
let seen = 0;
const subgraphs = stubSubgraphs({
  shared: {
    Query: {
      me: () => ({ id: '018f0000-0000-7000-8000-000000000002', fullName: 'Ada Example' }),
      orgUnitByCode: () => {
        throw new Error('select secret from somewhere');
      },
    },
  },
});
const forwarded = (): number => Object.values(subgraphs).reduce((sum, { requests }) => sum + requests.length, 0);
let gateway: TestGateway;
let authorization: string;

beforeAll(async () => {
  gateway = await startTestGateway({ subgraphs, plugins: [{ requestDidStart: async () => void seen++ }] });
  authorization = `Bearer ${await tokenFor()}`;
});
afterAll(() => gateway.stop());
beforeEach(() => {
  seen = 0;
  for (const { requests } of Object.values(subgraphs)) requests.splice(0);
});

const post = (body: object, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  send(`${gateway.url}/graphql`, {
    headers: { 'content-type': 'application/json', authorization, 'x-request-id': 'one', ...headers },
    body: JSON.stringify(body),
  });
const accepting = (accept: string | undefined): Record<string, string> => (accept === undefined ? {} : { accept });

describe.each(acceptHeaders)('a request of %s', (_client, accept) => {
  test('is seen by a plugin, and answered with the same bytes', async () => {
    const { status, headers, text } = await post({ query: '{ me { fullName } }' }, accepting(accept));
    expect({ status, text, seen }).toEqual({ status: 200, text: '{"data":{"me":{"fullName":"Ada Example"}}}\n', seen: 1 });
    expect(headers['content-type']).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/);
    expect(forwarded()).toBe(1);
  });

  test('is refused by the gate before anything is forwarded', async () => {
    const nested = '{ legalCases(first: 100) { nodes { orgUnit { legalCases(first: 100) { nodes { lead { id } } } } } } }';
    const { status, text } = await post({ query: nested }, accepting(accept));
    expect([status, JSON.parse(text)]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY', requestId: 'one' } }] },
    ]);
    expect([seen, forwarded()]).toEqual([1, 0]);
  });

  test('has its faults masked, with the request id', async () => {
    const { status, text } = await post({ query: '{ orgUnitByCode(code: "A") { id } me { fullName } }' }, accepting(accept));
    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      {
        data: { orgUnitByCode: null, me: { fullName: 'Ada Example' } },
        errors: [{ path: ['orgUnitByCode'], extensions: { code: 'INTERNAL', requestId: 'one' } }],
      },
    ]);
    expect(text).not.toContain('secret');
  });

  test('executes a mutation once', async () => {
    await post(
      { query: 'mutation { createOrgUnit(input: { code: "A", name: "A" }) { userErrors { code } } }' },
      accepting(accept),
    );
    expect(forwarded()).toBe(1);
  });
});

test('the query plan comes with the response if it is requested, and if the schema is public', async () => {
  const wanted = { 'apollo-query-plan-experimental': '1' };
  expect((await post({ query: '{ me { id } }' }, wanted)).text).toContain('__queryPlanExperimental');
  expect((await post({ query: '{ me { id } }' })).text).not.toContain('__queryPlanExperimental');
  const closed = await startTestGateway({ allowIntrospection: false });
  try {
    expect(await closed.ask('{ me { id } }', { headers: wanted })).not.toMatchObject({ body: { extensions: expect.anything() } });
  } finally {
    await closed.stop();
  }
});

test('the answer to an introspection is compressed, and that to a small operation is not', async () => {
  const plain = await post({ query: getIntrospectionQuery() });
  expect(plain.bytes.length).toBeGreaterThan(100_000);
  for (const encoding of ['gzip', 'br']) {
    const compressed = await post({ query: getIntrospectionQuery() }, { 'accept-encoding': encoding });
    expect([compressed.headers['content-encoding'], compressed.text]).toEqual([encoding, plain.text]);
    expect(compressed.bytes.length).toBeLessThan(plain.bytes.length / 5);
  }
  const small = await post({ query: '{ me { id } }' }, { 'accept-encoding': 'gzip, br' });
  expect(small.headers['content-encoding']).toBeUndefined();
});
