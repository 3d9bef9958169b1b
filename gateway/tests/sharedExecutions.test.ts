import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { OperationResult } from '../src/execution/executeOperation.js';
import { SharedExecutions } from '../src/execution/sharedExecutions.js';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { startTestGateway, tokenFor } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';
import { until } from '../../tests/support/until.js';

/** What the subgraph was asked and has not answered yet: each call ends one question. */
let held: (() => void)[];
/** What `me` is called at the moment that an execution begins. */
let fullName: string;
let fault: Error | undefined;
const stubs = stubSubgraphs({
  shared: {
    Query: {
      async me() {
        const name = fullName;
        await new Promise<void>((resolve) => held.push(resolve));
        if (fault) throw fault;
        return { id: '018f0000-0000-7000-8000-000000000002', fullName: name };
      },
    },
    Mutation: {
      async createOrgUnit() {
        await new Promise<void>((resolve) => held.push(resolve));
        return { orgUnit: null, userErrors: [] };
      },
    },
  },
});
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({ subgraphs: stubs });
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  held = [];
  fullName = 'before';
  fault = undefined;
  stubs.shared.requests.length = 0;
});

/** Answers whatever is asked until these are all answered. */
async function answered<Answer>(asking: Promise<Answer>[]): Promise<Answer[]> {
  let isOver = false;
  const all = Promise.all(asking).finally(() => (isOver = true));
  while (!isOver) {
    for (const answer of held.splice(0)) answer();
    await pause(2);
  }
  return all;
}

const query = '{ me { fullName } }';

/** Asks once and waits until the subgraph has been asked. */
async function askAndWait(): Promise<ReturnType<TestGateway['ask']>[]> {
  const asking = [gateway.ask(query)];
  await until(() => held.length === 1);
  return asking;
}

test('what comes at once is executed twice: for the first, and for all others', async () => {
  const shared = new SharedExecutions();
  const ends: ((result: OperationResult) => void)[] = [];
  const run = () => shared.run('key', undefined, () => new Promise((resolve) => ends.push(resolve)));
  const results = Array.from({ length: 20 }, run);
  expect(ends).toHaveLength(1);
  ends[0]!({ data: null });
  await until(() => ends.length === 2);
  const data = { me: null };
  ends[1]!({ data });
  expect(await Promise.all(results)).toEqual([{ data: null }, ...Array.from({ length: 19 }, () => ({ data }))]);
  // And nothing is kept of it.
  void run();
  expect(ends).toHaveLength(3);
});

test('nobody is answered by an execution that began before the request came', async () => {
  const asking = await askAndWait();
  fullName = 'after';
  asking.push(...Array.from({ length: 20 }, () => gateway.ask(query)));
  const names = (await answered(asking)).map(({ body }) => (body.data?.['me'] as { fullName: string }).fullName);
  expect(names).toEqual(['before', ...Array.from({ length: 20 }, () => 'after')]);
});

test('it is answered though the one before it never ends', async () => {
  const first = (await askAndWait())[0];
  const endFirst = held.pop()!;
  await answered([gateway.ask(query), gateway.ask(query)]);
  endFirst();
  expect((await first)!.status).toBe(200);
});

test.each([
  ['another person', async () => ({ token: await tokenFor('018f0000-0000-7000-8000-000000000009') })],
  ['another token of the same person', async () => ({ token: await tokenFor(undefined, 500) })],
])('%s waits for nobody', async (_who, options) => {
  const asking = await askAndWait();
  asking.push(gateway.ask(query, await options()));
  await until(() => held.length === 2);
  await answered(asking);
});

test('other variables and another operation of the document wait for nobody', async () => {
  const document =
    'query A($x: Boolean!) { me { fullName @include(if: $x) id } } query B($x: Boolean!) { me { fullName @skip(if: $x) id } }';
  const asking = [
    gateway.ask(document, { operationName: 'A', variables: { x: true } }),
    gateway.ask(document, { operationName: 'A', variables: { x: false } }),
    gateway.ask(document, { operationName: 'B', variables: { x: true } }),
  ];
  await until(() => held.length === 3);
  await answered(asking);
});

test('a mutation is carried out as often as it is sent', async () => {
  const mutation = 'mutation { createOrgUnit(input: { code: "x", name: "y" }) { userErrors { code } } }';
  const asking = [gateway.ask(mutation), gateway.ask(mutation), gateway.ask(mutation)];
  await until(() => held.length === 3);
  await answered(asking);
  expect(stubs.shared.requests).toHaveLength(3);
});

test('an error carries the id of the request that it answers', async () => {
  fault = new GraphQLError('no', { extensions: { code: 'SERVICE_UNAVAILABLE' } });
  const asking = await askAndWait();
  asking.push(gateway.ask(query), gateway.ask(query), gateway.ask(query));
  for (const { headers, body } of await answered(asking)) {
    expect(body.errors?.[0]?.extensions['requestId']).toBe(headers.get('x-request-id'));
  }
});

test('who hangs up takes nothing from those who wait for the same', async () => {
  const asking = await askAndWait();
  const caller = new AbortController();
  const leaving = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenFor()}` },
    body: JSON.stringify({ query }),
    signal: caller.signal,
  }).catch(() => undefined);
  asking.push(gateway.ask(query), gateway.ask(query));
  caller.abort();
  await leaving;
  for (const { body } of await answered(asking)) expect(body).toEqual({ data: { me: { fullName: 'before' } } });
});
