import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import type { StubSubgraph } from './support/stubSubgraphs.js';
import { startTestGateway, tokenFor } from './support/testGateway.js';
import type { TestGateway } from './support/testGateway.js';
import { until } from '../../tests/support/until.js';

/** What a subgraph behind HTTP was asked, and does not answer before the test says so. */
interface Held {
  readonly response: ServerResponse;
  isClosed: boolean;
}

let held: Held[];
let slow: Server;
let shared: StubSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  slow = createServer((request: IncomingMessage, response) => {
    const one: Held = { response, isClosed: false };
    response.once('close', () => (one.isClosed = !response.writableFinished));
    request.resume().once('end', () => held.push(one));
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/graphql`;
  const stubs = stubSubgraphs();
  shared = stubs.shared;
  gateway = await startTestGateway({ subgraphs: { ...stubs, 'case-management': { url } } });
});
afterAll(async () => {
  await gateway?.stop();
  slow.closeAllConnections();
  await new Promise((resolve) => slow.close(resolve));
});
beforeEach(() => {
  held = [];
  shared.requests.length = 0;
});

/** Asks, and hangs up as soon as the subgraph was asked. */
async function askAndGo(query: string): Promise<void> {
  const caller = new AbortController();
  const answering = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenFor()}` },
    body: JSON.stringify({ query }),
    signal: caller.signal,
  });
  await until(() => held.length === 1);
  caller.abort();
  await expect(answering).rejects.toThrow();
}

function answer({ response }: Held, data: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
}

const land = { __typename: 'LegalCase', id: '018f0000-0000-7000-8000-000000000003', caseNumber: 'LC-2026-000001' };
const found = { ...land, orgUnit: { __typename: 'OrgUnit', id: '018f0000-0000-7000-8000-000000000001' } };
const query = '{ legalCaseByNumber(caseNumber: "x") { caseNumber orgUnit { code } } }';

test('who hangs up during a query ends the request to the subgraph, and no other is asked', async () => {
  await askAndGo(query);
  await until(() => held[0]!.isClosed);
  expect(shared.requests).toEqual([]);

  // And the next one is answered as ever.
  const answering = gateway.ask(query);
  await until(() => held.length === 2);
  answer(held[1]!, { legalCaseByNumber: found });
  const { status, body } = await answering;
  expect({ status, body }).toEqual({
    status: 200,
    body: { data: { legalCaseByNumber: { caseNumber: 'LC-2026-000001', orgUnit: { code: 'LND' } } } },
  });
});

test('who hangs up during a mutation does not end it', async () => {
  await askAndGo('mutation { openLegalCase(input: { title: "x" }) { legalCase { caseNumber orgUnit { code } } } }');
  // Whoever would end the request has had the time for it once another request has gone all the way.
  const other = await gateway.ask('{ me { id } }');
  expect(other.status).toBe(200);
  expect(held[0]!.isClosed).toBe(false);
  shared.requests.length = 0;
  answer(held[0]!, { openLegalCase: { legalCase: found } });
  await until(() => shared.requests.length === 1);
});
