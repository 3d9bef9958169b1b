import { jest } from '@jest/globals';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@bailiwick/kernel/errors';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import type { VerifyToken } from '@bailiwick/kernel/auth';
import { newId } from '@bailiwick/kernel/postgres';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWK } from 'jose';
import { until } from '../../tests/support/until.js';

const person = newId();
const minute = 60_000;
const hour = 60 * minute;

/** A key of a sign-in system. */
async function createKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES256' };
  /** Each token is another one, so that none is remembered. */
  const sign = () =>
    new SignJWT({ sub: person, iss: 'bailiwick', aud: 'bailiwick', jti: newId() })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setExpirationTime('30d')
      .sign(privateKey);
  return { jwk, sign };
}

const old = await createKey('old');
const next = await createKey('next');

const givesOut =
  (...keys: JWK[]): RequestListener =>
  (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));

const troubles: [string, RequestListener][] = [
  ['closes the connection', (request) => request.socket.destroy()],
  ['hangs', () => undefined],
  ['answers with 500', (_request, response) => response.writeHead(500).end('an error page')],
  ['answers with a redirect', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['answers with a page', (_request, response) => response.end('<html>')],
  ['answers with other JSON', (_request, response) => response.end('{"status":"ok"}')],
  ['answers with no keys', (_request, response) => response.end('{"keys":[]}')],
  ['answers with keys that are none', (_request, response) => response.end('{"keys":[{}]}')],
];

describe('keys of a sign-in system', () => {
  let server: Server;
  let answer: RequestListener;
  let fetches: number;
  let verify: VerifyToken;

  beforeEach(async () => {
    // Only the clock: timers, sockets and the timeouts of fetch are real.
    jest.useFakeTimers({ now: Date.now(), doNotFake: [...allButDate] });
    fetches = 0;
    answer = givesOut(old.jwk);
    server = createServer((request, response) => {
      fetches++;
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    verify = createTokenVerifier({ issuer: 'bailiwick', audience: 'bailiwick', jwksUrl, keepKeysForHours: 3 });
  });

  afterEach(async () => {
    jest.useRealTimers();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const accepts = async (key: { sign(): Promise<string> }) => {
    expect(await verify(`Bearer ${await key.sign()}`)).toMatchObject({ personId: person });
  };
  const refusal = async (key: { sign(): Promise<string> }): Promise<AppError> => {
    const error: unknown = await verify(`Bearer ${await key.sign()}`).catch((reason: unknown) => reason);
    if (error instanceof AppError) return error;
    throw new Error('It was accepted.');
  };
  const pass = (milliseconds: number) => jest.setSystemTime(Date.now() + milliseconds);
  const fetched = (times: number) => until(() => fetches === times);

  test('are fetched once for many tokens at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => accepts(old)));
    expect(fetches).toBe(1);
  });

  test('are fetched again when a token names an unknown one, so that a new key is good at once', async () => {
    await accepts(old);
    pass(minute);
    answer = givesOut(old.jwk, next.jwk);
    await accepts(next);
    await accepts(old);
    expect(fetches).toBe(2);
  });

  test('are not fetched for every token that names an unknown one', async () => {
    await accepts(old);
    pass(minute);
    for (const error of await Promise.all(Array.from({ length: 20 }, () => refusal(next)))) {
      expect(error.code).toBe('UNAUTHENTICATED');
    }
    expect((await refusal(next)).code).toBe('UNAUTHENTICATED');
    expect(fetches).toBe(2);
  });

  test('are refused once they are withdrawn', async () => {
    await accepts(old);
    answer = givesOut(next.jwk);
    pass(11 * minute);
    // The request that notices the age of the keys does not wait.
    await accepts(old);
    await fetched(2);
    await until(async () => (await verify(`Bearer ${await old.sign()}`).catch(() => 'refused')) === 'refused');
    await accepts(next);
  });

  test('are SERVICE_UNAVAILABLE while none is known, with one fetch for each cool-down, and good when the server is there', async () => {
    answer = (request) => request.socket.destroy();
    for (let request = 0; request < 5; request++) {
      expect(await refusal(old)).toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        status: 503,
        hint: expect.stringMatching(/BAILIWICK_JWKS_URL/),
      });
    }
    expect(fetches).toBe(1);
    answer = givesOut(old.jwk);
    pass(10_001);
    await accepts(old);
  });

  test.each(troubles)('stay in use for hours while the server %s', async (_what, trouble) => {
    await accepts(old);
    answer = trouble;
    for (let request = 1; request <= 5; request++) {
      pass(30 * minute);
      await accepts(old);
      await accepts(old);
    }
    expect(fetches).toBeLessThanOrEqual(6);
    expect(fetches).toBeGreaterThan(1);
    pass(hour);
    server.closeAllConnections();
    answer = (request) => request.socket.destroy();
    expect((await refusal(old)).code).toBe('SERVICE_UNAVAILABLE');

    answer = givesOut(next.jwk);
    pass(minute);
    await until(async () => (await verify(`Bearer ${await next.sign()}`).catch(() => undefined)) !== undefined);
    expect((await refusal(old)).code).toBe('UNAUTHENTICATED');
  });

  test('do not call a token bad whose key is unknown while the server is away', async () => {
    await accepts(old);
    answer = (request) => request.socket.destroy();
    pass(minute);
    expect((await refusal(next)).code).toBe('SERVICE_UNAVAILABLE');
    expect((await refusal(next)).code).toBe('SERVICE_UNAVAILABLE');
    expect(fetches).toBe(2);
    await accepts(old);
  });
});

const allButDate = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
