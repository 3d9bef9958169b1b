import { AppError } from '@bailiwick/kernel/errors';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import type { TokenSettings } from '@bailiwick/kernel/auth';
import { newId } from '@bailiwick/kernel/postgres';
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createTestIssuer } from '../../tests/support/tokens.js';

const issuer = await createTestIssuer();
const person = newId();
const expected = { issuer: 'bailiwick', audience: 'bailiwick' };
const verify = createTokenVerifier({ ...expected, publicKey: issuer.publicKeyPem });

async function refusal(token: string, verifier = verify): Promise<AppError> {
  try {
    await verifier(`Bearer ${token}`);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a token verifier', () => {
  test('returns the person, and the header to hand on', async () => {
    const token = await issuer.tokenFor(person.toUpperCase());
    const caller = await verify(`bearer  ${token}`);
    expect(caller).toEqual({ personId: person, authorization: `Bearer ${token}` });
    // However it is spelled, it is the token that is remembered.
    expect(await verify(`BEARER   ${token}`)).toBe(caller);
  });

  test('verifies a token each time that is too long to be remembered', async () => {
    const authorization = `Bearer ${await issuer.tokenFor(person, { groups: 'x'.repeat(4_000) })}`;
    const caller = await verify(authorization);
    expect(caller).toEqual({ personId: person, authorization });
    expect(await verify(authorization)).not.toBe(caller);
  });

  test.each([undefined, ''])('knows nobody without a header (%j)', async (header) => {
    expect(await verify(header)).toBeUndefined();
  });

  test.each(['Bearer', 'Bearer ', 'Basic x', 'Bearer a b', 'token'])('refuses the header "%s"', async (header) => {
    await expect(verify(header)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('"Bearer <token>"'),
    });
  });

  test.each([
    ['an expired one', { exp: 1_700_000_000 }, 'The token expired at 2023-11-14T22:13:20.000Z.'],
    [
      'one that expired before there were dates',
      { exp: -1e20 },
      'The token expired at -100000000000000000000 seconds after 1970.',
    ],
    ['one that never expires', { exp: undefined }, `The token's claim "exp" is missing or not the one expected here.`],
    ['one that is not valid yet', { nbf: 32_503_680_000 }, `The token's claim "nbf" is missing or not the one expected here.`],
    ['one of another issuer', { iss: 'somebody' }, `The token's claim "iss" is missing or not the one expected here.`],
    ['one for another service', { aud: 'somewhere' }, `The token's claim "aud" is missing or not the one expected here.`],
    ['one without a subject', { sub: undefined }, `The token's claim "sub" is missing or not the one expected here.`],
    ['one whose subject is no id', { sub: 'admin' }, `The token names "admin" as its subject, which is not a person's id.`],
    [
      'one whose subject is a list of ids',
      { sub: [person] as unknown as string },
      `The token names "${person}" as its subject, which is not a person's id.`,
    ],
    ['one whose subject is an empty text', { sub: '' }, `The token names "" as its subject, which is not a person's id.`],
  ])('refuses %s', async (_what, claims, message) => {
    const error = await refusal(await issuer.tokenFor(person, claims));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message, hint: expect.any(String) });
  });

  const claims = () => new SignJWT({ sub: person, iss: 'bailiwick', aud: 'bailiwick', exp: Math.floor(Date.now() / 1000) + 60 });

  test('refuses a token that is signed with a shared secret, the public key itself included', async () => {
    for (const secret of ['secret', issuer.publicKeyPem]) {
      const token = await claims().setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
      expect(await refusal(token)).toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringMatching(/signature or its form/),
      });
    }
  });

  test('refuses a token without a signature', async () => {
    const none = new UnsecuredJWT({ sub: person })
      .setIssuer('bailiwick')
      .setAudience('bailiwick')
      .setExpirationTime('1h')
      .encode();
    expect(await refusal(none)).toMatchObject({ code: 'UNAUTHENTICATED' });
    const [, payload] = (await issuer.tokenFor(person)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(await refusal(`${header}.${payload}.`)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('refuses a token of another key, and one whose claims were changed', async () => {
    expect(await refusal(await (await createTestIssuer()).tokenFor(person))).toMatchObject({ code: 'UNAUTHENTICATED' });
    const [header, payload, signature] = (await issuer.tokenFor(person)).split('.');
    const changed = { ...(JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object), sub: newId() };
    const forged = Buffer.from(JSON.stringify(changed)).toString('base64url');
    expect(await refusal(`${header}.${forged}.${signature}`)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('refuses a token of an algorithm that does not go with the key', async () => {
    for (const alg of ['ES256', 'RS256']) {
      const { privateKey } = await generateKeyPair(alg);
      const token = await claims().setProtectedHeader({ alg }).sign(privateKey);
      expect(await refusal(token)).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  test('does not remember a token beyond its end', async () => {
    const token = await issuer.tokenFor(person, { exp: Math.floor(Date.now() / 1000) + 1 });
    await expect(verify(`Bearer ${token}`)).resolves.toMatchObject({ personId: person });
    const deadline = performance.now() + 5_000;
    for (;;) {
      try {
        await verify(`Bearer ${token}`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringMatching(/^The token expired/) });
        return;
      }
      expect(performance.now()).toBeLessThan(deadline);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});

describe('the settings of a token verifier', () => {
  test('take a PEM whose line breaks are written as \\n, as in a .env file', async () => {
    const inOneLine = createTokenVerifier({ ...expected, publicKey: issuer.publicKeyPem.replaceAll('\n', '\\n') });
    await expect(inOneLine(`Bearer ${await issuer.tokenFor(person)}`)).resolves.toMatchObject({ personId: person });
  });

  test.each<[string, Partial<TokenSettings>]>([
    ['no key', {}],
    ['two sources of keys', { publicKey: 'x', jwksUrl: 'http://127.0.0.1/keys' }],
    ['a key that is none', { publicKey: 'ssh-ed25519 AAAA' }],
  ])('with %s are CONFIG_INVALID', (_what, settings) => {
    expect(() => createTokenVerifier({ ...expected, ...settings })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  test('take an RSA key too', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const verifier = createTokenVerifier({ ...expected, publicKey: await exportSPKI(publicKey) });
    const token = await new SignJWT({ sub: person, iss: 'bailiwick', aud: 'bailiwick' })
      .setProtectedHeader({ alg: 'RS256' })
      .setExpirationTime('1h')
      .sign(privateKey);
    await expect(verifier(`Bearer ${token}`)).resolves.toMatchObject({ personId: person });
  });
});
