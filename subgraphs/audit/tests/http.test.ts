import { PassThrough } from 'node:stream';
import { serveSubgraph } from '@bailiwick/kernel/http';
import type { Listening } from '@bailiwick/kernel/http';
import { pino } from 'pino';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const body = (query: string) => JSON.stringify({ query });
const json = { 'content-type': 'application/json' };

describe('the audit subgraph over HTTP', () => {
  let database: TestDatabase;
  let rows: Seed;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = await seed(database)
      .person('auditor', { roles: ['Auditor'] })
      .engagement('payroll')
      .write();
  });

  afterAll(() => database.drop());

  const ask = async (url: string, headers: Record<string, string>, query = '{ engagements { nodes { title } } }') => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body: body(query) });
    return {
      status: response.status,
      headers: response.headers,
      answer: (await response.json()) as { data?: unknown; errors?: unknown },
    };
  };

  describe('listening', () => {
    let listening: Listening;
    let authorization: string;

    beforeAll(async () => {
      const { subgraph, issuer } = await startTestSubgraph(createAuditSubgraph, database, 'audit_system_app');
      authorization = `Bearer ${await issuer.tokenFor(rows.id('auditor'))}`;
      listening = await serveSubgraph(subgraph, '127.0.0.1', 0);
    });

    afterAll(() => listening.stop());

    test('answers a request with a token', async () => {
      const { status, answer } = await ask(listening.url, { authorization });
      expect([status, answer]).toEqual([200, { data: { engagements: { nodes: [{ title: 'payroll' }] } } }]);
    });

    test.each([
      ['no token', {}],
      ['a bad token', { authorization: 'Bearer bad' }],
    ])('refuses a request with %s, without a word about the schema', async (_what, headers) => {
      const { status, answer } = await ask(listening.url, { 'x-request-id': 'abc-1', ...headers }, '{ nonsense }');
      expect(status).toBe(401);
      expect(answer).toEqual({
        errors: [
          {
            message: expect.any(String),
            extensions: { code: 'UNAUTHENTICATED', hint: expect.any(String), requestId: 'abc-1' },
          },
        ],
      });
    });

    test('tells at /health whether it reaches the database', async () => {
      const response = await fetch(`${listening.url}/health`);
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok', subgraph: 'audit' }]);
    });
  });

  test('a fault of the database is masked; the request id leads to it in the log', async () => {
    const lines = new PassThrough();
    const log = pino({ level: 'error' }, lines);
    const own = await createTestDatabase();
    const people = await seed(own)
      .person('auditor', { roles: ['Auditor'] })
      .write();
    await people.sql('alter table audit_system.findings rename column impact_area to impact');
    const { subgraph, issuer } = await startTestSubgraph(createAuditSubgraph, own, 'audit_system_app', { log });
    const listening = await serveSubgraph(subgraph, '127.0.0.1', 0);
    const authorization = `Bearer ${await issuer.tokenFor(people.id('auditor'))}`;
    const { answer } = await ask(
      listening.url,
      { authorization },
      '{ findings(filter: { text: "secret" }) { nodes { impactArea } } }',
    );
    await listening.stop();
    await own.drop();

    const [error] = answer.errors as { message: string; extensions: { code: string; requestId: string } }[];
    expect(error).toMatchObject({
      message: 'Something went wrong on our side.',
      path: ['findings'],
      extensions: { code: 'INTERNAL', requestId: expect.stringMatching(/^[\w-]{36}$/) },
    });
    expect(JSON.stringify(answer)).not.toMatch(/impact_area|select|secret/);
    const logged = JSON.parse(String(lines.read())) as { requestId: string; err: { message: string } };
    expect(logged.requestId).toBe(error!.extensions.requestId);
    expect(JSON.stringify(logged.err)).toContain('impact_area');
  });
});
