import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@bailiwick/kernel/errors';
import { formatError } from '@bailiwick/kernel/graphql';
import { pino } from 'pino';
import { stubSubgraphs } from './support/stubSubgraphs.js';
import { closedPort, startTestGateway, tokenFor } from './support/testGateway.js';
import type { LocalSubgraph } from '../src/gateway.js';

const crossing = '{ legalCaseByNumber(caseNumber: "x") { caseNumber orgUnit { code } } }';

/** A subgraph that answers with one error, in the form in which the kernel lets errors leave. */
function failing(error: Error, path: (string | number)[]): LocalSubgraph {
  return {
    execute: async () => ({
      data: null,
      errors: [formatError({ message: error.message, path, extensions: { code: 'INTERNAL_SERVER_ERROR' } }, error)],
    }),
  };
}

async function withGateway<Result>(
  options: Parameters<typeof startTestGateway>[0],
  work: (gateway: Awaited<ReturnType<typeof startTestGateway>>) => Promise<Result>,
): Promise<Result> {
  const gateway = await startTestGateway(options);
  try {
    return await work(gateway);
  } finally {
    await gateway.stop();
  }
}

/** A log whose lines are kept. */
function keptLog() {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  return { lines, log };
}

describe('errors of subgraphs', () => {
  test('an error raised on purpose keeps code, message, hint and field, and gets the path in the whole answer', async () => {
    const error = new AppError('BAD_CURSOR', 'The cursor "x" was not made here.', {
      field: 'after',
      hint: 'Send a cursor of this list.',
    });
    const { log, lines } = keptLog();
    await withGateway(
      { log, subgraphs: { ...stubSubgraphs(), shared: failing(error, ['_entities', 0, 'code']) } },
      async (gateway) => {
        const { status, headers, body } = await gateway.ask(crossing);
        expect(status).toBe(200);
        expect(body).toEqual({
          data: { legalCaseByNumber: { caseNumber: 'LC-2026-000001', orgUnit: null } },
          errors: [
            {
              message: 'The cursor "x" was not made here.',
              path: ['legalCaseByNumber', 'orgUnit', 'code'],
              extensions: {
                code: 'BAD_CURSOR',
                hint: 'Send a cursor of this list.',
                field: 'after',
                requestId: headers.get('x-request-id'),
              },
            },
          ],
        });
      },
    );
    expect(lines).toEqual([]);
  });

  test('a fault is masked, keeps its path, and stands in the log under the request id', async () => {
    const { log, lines } = keptLog();
    await withGateway(
      { log, subgraphs: { ...stubSubgraphs(), shared: failing(new Error('select secret from x'), ['me']) } },
      async (gateway) => {
        const { body } = await gateway.ask('{ me { id } }', { headers: { 'x-request-id': 'r1' } });
        expect(body.errors).toEqual([
          {
            message: 'Something went wrong on our side.',
            path: ['me'],
            extensions: { code: 'INTERNAL', hint: expect.any(String) as string, requestId: 'r1' },
          },
        ]);
      },
    );
    expect(lines.filter(({ requestId }) => requestId === 'r1')).toHaveLength(1);
  });

  test.each([
    [
      'a message with a code of its own',
      { message: 'relation "x" does not exist', extensions: { code: '42P01', sql: 'select 1' } },
    ],
    [
      'an operation that the subgraph finds invalid',
      { message: 'Cannot query field "secret" on type "Query".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ],
    ['an error without any extensions', { message: 'password authentication failed for user "x"' }],
  ])('%s is masked', async (_what, error) => {
    await withGateway(
      { subgraphs: { ...stubSubgraphs(), shared: { execute: async () => ({ data: null, errors: [error] }) } } },
      async (gateway) => {
        const { body } = await gateway.ask('{ me { id } }');
        expect(body.errors?.[0]).toMatchObject({
          message: 'Something went wrong on our side.',
          extensions: { code: 'INTERNAL' },
        });
        expect(JSON.stringify(body)).not.toContain(error.message);
      },
    );
  });

  test('a subgraph that throws is masked, and the others still answer', async () => {
    const broken: LocalSubgraph = { execute: () => Promise.reject(new TypeError('x is not a function')) };
    await withGateway({ subgraphs: { ...stubSubgraphs(), shared: broken } }, async (gateway) => {
      const { body } = await gateway.ask(crossing);
      expect(body.data).toEqual({ legalCaseByNumber: { caseNumber: 'LC-2026-000001', orgUnit: null } });
      expect(body.errors?.[0]).toMatchObject({ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } });
    });
  });
});

describe('subgraphs behind HTTP', () => {
  test('a subgraph that is down is named, with SERVICE_UNAVAILABLE, and the others still answer', async () => {
    await withGateway({ subgraphs: { ...stubSubgraphs(), shared: { url: await closedPort() } } }, async (gateway) => {
      const { body } = await gateway.ask(crossing);
      expect(body.data).toEqual({ legalCaseByNumber: { caseNumber: 'LC-2026-000001', orgUnit: null } });
      expect(body.errors?.[0]).toMatchObject({
        message: 'The subgraph shared can not be reached.',
        extensions: { code: 'SERVICE_UNAVAILABLE', requestId: expect.any(String) as string },
      });
    });
  });

  test('the token and the request id go along, and a refusal with status 401 arrives as what it is', async () => {
    const seen: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      seen.push({ authorization: request.headers.authorization, requestId: request.headers['x-request-id'] });
      request.resume().on('end', () => {
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            errors: [{ message: 'The token expired at noon.', extensions: { code: 'UNAUTHENTICATED', hint: 'Sign in again.' } }],
          }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
      await withGateway({ subgraphs: { ...stubSubgraphs(), shared: { url } } }, async (gateway) => {
        const token = await tokenFor();
        const { body } = await gateway.ask('{ me { id } }', { token, headers: { 'x-request-id': 'r2' } });
        expect(body.errors?.[0]).toMatchObject({
          message: 'The token expired at noon.',
          extensions: { code: 'UNAUTHENTICATED', hint: 'Sign in again.', requestId: 'r2' },
        });
        expect(seen).toEqual([{ authorization: `Bearer ${token}`, requestId: 'r2' }]);
      });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('an answer that is no GraphQL result counts as not reached', async () => {
    const server = createServer((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
      await withGateway({ subgraphs: { ...stubSubgraphs(), shared: { url } } }, async (gateway) => {
        const { body } = await gateway.ask('{ me { id } }');
        expect(body.errors?.[0]?.extensions['code']).toBe('SERVICE_UNAVAILABLE');
        expect(JSON.stringify(body)).not.toContain('Bad gateway');
      });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('variables', () => {
  test.each([
    [
      'is of the wrong type',
      'query($n: Int!) { legalCases(first: $n) { totalCount } }',
      { n: 'x' },
      'Variable "$n" got invalid value "x"',
    ],
    [
      'is missing',
      'query($n: Int!) { legalCases(first: $n) { totalCount } }',
      {},
      'Variable "$n" of required type "Int!" was not provided.',
    ],
    [
      'is null where it decides what is skipped',
      'query($x: Boolean = true) { me { id @skip(if: $x) } }',
      { x: null },
      'must not be null',
    ],
  ])('one that %s is BAD_USER_INPUT, with status 400', async (_what, query, variables, message) => {
    await withGateway({}, async (gateway) => {
      const { status, body } = await gateway.ask(query, { variables });
      expect(body.data).toBeUndefined();
      expect(body.errors?.[0]).toMatchObject({
        message: expect.stringContaining(message) as string,
        extensions: { code: 'BAD_USER_INPUT' },
      });
      expect(status).toBe(400);
    });
  });
});

describe('createGateway', () => {
  test('names the subgraphs that are missing and those that the supergraph does not know', async () => {
    const { audit: _audit, ...others } = stubSubgraphs();
    await expect(startTestGateway({ subgraphs: { ...others, billing: others.shared } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The supergraph (audit, case-management, shared) is given no subgraph for audit and does not know billing.',
    });
  });

  test('says so when the supergraph file is missing', async () => {
    await expect(startTestGateway({ supergraphFile: new URL('file:///nowhere/supergraph.graphql') })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('npm run compose') as string,
    });
  });
});
