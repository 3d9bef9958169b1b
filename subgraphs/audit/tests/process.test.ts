import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { serveSubgraph } from '@bailiwick/kernel/server';
import type { Listening } from '@bailiwick/kernel/server';
import { pino } from 'pino';
import { createTestDatabase } from '../../../tests/support/database.js';
import type { TestDatabase } from '../../../tests/support/database.js';
import { seed } from '../../../tests/support/seed.js';
import type { Seed } from '../../../tests/support/seed.js';
import { startTestSubgraph } from '../../../tests/support/subgraph.js';
import { createTestIssuer } from '../../../tests/support/tokens.js';
import { createAuditSubgraph } from '../src/subgraph.js';

const body = (query: string) => JSON.stringify({ query });
const json = { 'content-type': 'application/json' };

describe('the audit subgraph as a service', () => {
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

  describe('over HTTP', () => {
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
    const { answer } = await ask(listening.url, { authorization }, '{ findings(filter: { text: "secret" }) { nodes { id } } }');
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

  describe('alone', () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

    function start(environment: Record<string, string>): { child: ChildProcess; output: { out: string; err: string } } {
      const child = spawn(process.execPath, ['--conditions=bailiwick-source', '--import', 'tsx', main], {
        cwd: root,
        env: { PATH: process.env['PATH'], BAILIWICK_PORT: '0', BAILIWICK_LOG_LEVEL: 'error', ...environment },
      });
      const output = { out: '', err: '' };
      child.stdout.on('data', (data: Buffer) => (output.out += data.toString()));
      child.stderr.on('data', (data: Buffer) => (output.err += data.toString()));
      return { child, output };
    }

    test('the process answers those who have a token, and ends at SIGTERM', async () => {
      const issuer = await createTestIssuer();
      const { child, output } = start({
        BAILIWICK_DATABASE_URL: database.urlOf('audit_system_app'),
        BAILIWICK_JWT_PUBLIC_KEY: issuer.publicKeyPem,
        BAILIWICK_CURSOR_KEY: 'a key of the tests, never of a service',
      });
      const ended = once(child, 'exit');
      try {
        await Promise.race([once(child.stdout!, 'data'), ended]);
        const url = /The audit subgraph answers at (\S+)\/graphql\n/.exec(output.out)?.[1];
        expect([url, output.err]).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), '']);
        expect((await ask(url!, {})).status).toBe(401);
        const authorization = `Bearer ${await issuer.tokenFor(rows.id('auditor'))}`;
        expect((await ask(url!, { authorization })).answer).toEqual({ data: { engagements: { nodes: [{ title: 'payroll' }] } } });
      } finally {
        child.kill('SIGTERM');
      }
      expect(await ended).toEqual([0, null]);
    });

    test('settings that are missing or unknown are all told at once, and nothing is started', async () => {
      const { child, output } = start({ BAILIWICK_PORT: 'x', BAILIWICK_PROT: '1' });
      const [code] = (await once(child, 'close')) as [number];
      expect(code).toBe(3);
      expect(output.out).toBe('');
      expect(output.err).toMatch(/^CONFIG_INVALID: .*BAILIWICK_PROT.*BAILIWICK_DATABASE_URL.*BAILIWICK_PORT.*\nHint: .*\n$/);
    });
  });
});
