import type { LoginRole } from '@bailiwick/database/setup/credentials';
import { createTestDatabase } from './database.js';
import type { TestDatabase } from './database.js';
import { seed } from './seed.js';
import type { Seed } from './seed.js';
import { runToEnd, startService } from './serviceProcess.js';
import type { ServiceProcess } from './serviceProcess.js';
import { createTestIssuer } from './tokens.js';
import type { TestIssuer } from './tokens.js';

export interface AloneSubgraph {
  /** In the supergraph. */
  name: string;
  main: URL;
  role: LoginRole;
  /** A query that answers without a row, and what it answers then. */
  query: string;
  answer: object;
}

/** Declares the tests that every subgraph passes as a process of its own: as its team deploys it. */
export function testSubgraphAlone({ name, main, role, query, answer }: AloneSubgraph): void {
  describe(`the ${name} subgraph as a process of its own`, () => {
    let database: TestDatabase;
    let rows: Seed;
    let issuer: TestIssuer;
    let service: ServiceProcess;
    let environment: Record<string, string>;

    beforeAll(async () => {
      database = await createTestDatabase();
      rows = await seed(database)
        .person('admin', { roles: ['System Admin'] })
        .write();
      issuer = await createTestIssuer();
      environment = {
        BAILIWICK_DATABASE_URL: database.urlOf(role),
        BAILIWICK_JWT_PUBLIC_KEY: issuer.publicKeyPem,
        BAILIWICK_PORT: '0',
      };
      service = await startService(main, environment);
    });

    // Dropping the database fails where a connection was left behind.
    afterAll(async () => {
      expect(await service.end('SIGTERM')).toBe(0);
      await database.drop();
    });

    async function post(headers: Record<string, string>, body: string = JSON.stringify({ query })) {
      const response = await fetch(`${service.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return {
        status: response.status,
        requestId: response.headers.get('x-request-id'),
        body: await response.json(),
      };
    }

    const bearer = async (personId = rows.id('admin')) => ({ authorization: `Bearer ${await issuer.tokenFor(personId)}` });

    test('answers who carries a token', async () => {
      expect(await post(await bearer())).toMatchObject({ status: 200, body: { data: answer } });
    });

    test.each([
      ['no token', async () => undefined],
      ['a token of another issuer', async () => `Bearer ${await (await createTestIssuer()).tokenFor(rows.id('admin'))}`],
      ['a token that is none', async () => 'Bearer x.y.z'],
    ])('refuses %s with 401, before it reads the operation', async (_what, header) => {
      const authorization = await header();
      const sent: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const body of [
        JSON.stringify({ query }),
        '{ not even JSON',
        JSON.stringify({ query: '{ __schema { types { name } } }' }),
      ]) {
        const answered = await post(sent, body);
        expect(answered.status).toBe(401);
        expect(answered.body).toEqual({
          errors: [
            {
              message: expect.any(String),
              extensions: { code: 'UNAUTHENTICATED', hint: expect.any(String), requestId: answered.requestId },
            },
          ],
        });
      }
    });

    test('takes over the request id of the caller, when it is a sane one', async () => {
      expect((await post({ ...(await bearer()), 'x-request-id': 'abc-123' })).requestId).toBe('abc-123');
      expect((await post({ ...(await bearer()), 'x-request-id': 'a b {}' })).requestId).toMatch(/^[0-9a-f-]{36}$/);
    });

    test('tells what is wrong with a body that is no JSON, or too large', async () => {
      expect(await post(await bearer(), '{ not even JSON')).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      });
      const large = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1024 * 1024)}` });
      expect(await post(await bearer(), large)).toMatchObject({
        status: 413,
        body: { errors: [{ message: 'The body is larger than 1,048,576 bytes.', extensions: { code: 'BODY_TOO_LARGE' } }] },
      });
    });

    test('tells of its health without a token, and nothing else', async () => {
      const response = await fetch(`${service.url}/health`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: 'ok', subgraph: name });
      expect((await fetch(`${service.url}/`)).status).toBe(404);
    });

    test('a port that is taken is one sentence with a next step, and exit code 1', async () => {
      const { code, stderr } = await runToEnd(main, { ...environment, BAILIWICK_PORT: new URL(service.url).port });
      expect(code).toBe(1);
      expect(stderr).toMatch(/PORT_TAKEN: Port \d+ on 127\.0\.0\.1 is taken by another process\.\nHint: .+\n$/);
      expect(stderr).not.toMatch(/^\s+at /m);
    });

    test('a configuration with several mistakes tells all of them, and exit code 3', async () => {
      const { code, stdout, stderr } = await runToEnd(main, { BAILIWICK_PORT: 'http', BAILIWICK_PROT: '4001' });
      expect(code).toBe(3);
      expect(stdout).toBe('');
      for (const key of ['BAILIWICK_PROT', 'BAILIWICK_PORT', 'BAILIWICK_DATABASE_URL']) expect(stderr).toContain(key);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  });
}
