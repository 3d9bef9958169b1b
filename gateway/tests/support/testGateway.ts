import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenVerifier } from '@bailiwick/kernel/auth';
import { createLog } from '@bailiwick/kernel/process';
import type { Listening } from '@bailiwick/kernel/http';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { createGateway } from '../../src/gateway.js';
import type { GatewayOptions } from '../../src/gateway.js';
import { stubSubgraphs } from './stubSubgraphs.js';

const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
export const verifyToken = createTokenVerifier({
  publicKey: await exportSPKI(publicKey),
  issuer: 'bailiwick',
  audience: 'bailiwick',
});

/** The person of the stub subgraphs. */
export const personId = '018f0000-0000-7000-8000-000000000002';

/** A token of that person; `expiresIn` in seconds, which may lie in the past. */
export async function tokenFor(subject = personId, expiresIn = 600): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(subject)
    .setIssuer('bailiwick')
    .setAudience('bailiwick')
    .setExpirationTime(now + expiresIn)
    .sign(privateKey);
}

interface Answer {
  status: number;
  headers: Headers;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  };
}

/** A gateway over stubs that listens on a free port of loopback. */
export interface TestGateway extends Listening {
  /** POSTs an operation. With `token: undefined` it is anonymous; without the option it carries a good token. */
  ask(
    query: string,
    options?: {
      variables?: object;
      operationName?: string | undefined;
      token?: string | undefined;
      headers?: Record<string, string>;
    },
  ): Promise<Answer>;
}

export async function startTestGateway(options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
  const gateway = await createGateway({
    subgraphs: stubSubgraphs(),
    verifyToken,
    log: createLog('test', 'silent'),
    allowIntrospection: true,
    ...options,
  });
  const listening = await gateway.serve('127.0.0.1', 0);
  const goodToken = await tokenFor();
  return {
    ...listening,
    async ask(query, { variables, operationName, headers = {}, ...rest } = {}) {
      const token = 'token' in rest ? rest.token : goodToken;
      const response = await fetch(`${listening.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables, operationName }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
    },
  };
}

/** The address of a port on which nobody listens (any more). */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/graphql`;
}
