import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';

export interface TestIssuer {
  /** What services verify with: PEM, as BAILIWICK_JWT_PUBLIC_KEY takes it. */
  readonly publicKeyPem: string;
  /** A token for a person, good for an hour. `overrides` replace claims; undefined leaves one out. */
  tokenFor(personId: string, overrides?: JWTPayload): Promise<string>;
}

/** A sign-in system of one test file's own. */
export async function createTestIssuer(): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return {
    publicKeyPem: await exportSPKI(publicKey),
    async tokenFor(personId, overrides = {}) {
      const now = Math.floor(Date.now() / 1000);
      const claims = { sub: personId, iss: 'bailiwick', aud: 'bailiwick', iat: now, exp: now + 3600, ...overrides };
      return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
    },
  };
}
