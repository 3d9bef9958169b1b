import { createPublicKey } from 'node:crypto';
import { errors as joseErrors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { AppError, findAppError, shorten } from '../errors/AppError.js';
import { isUuid } from '../postgres/ids.js';
import type { Logger } from '../process/log.js';
import { remoteKeys } from './remoteKeys.js';

/** Who asks. What the person may do is not here: the database looks that up in every transaction. */
export interface Caller {
  /** The id in public.people, lower case. */
  readonly personId: string;
  /** The Authorization header, to hand on to a subgraph. */
  readonly authorization: string;
}

export interface TokenSettings {
  /** Where the sign-in system publishes its keys (RFC 7517). Either this or `publicKey`. */
  jwksUrl?: string | undefined;
  /** A public key in PEM form (SPKI). */
  publicKey?: string | undefined;
  /** How long fetched keys are used while the key server can't be reached, in hours. Default: 24. */
  keepKeysForHours?: number | undefined;
  issuer: string;
  audience: string;
}

/**
 * Takes the Authorization header and returns the caller, or undefined when there is no header.
 * Throws UNAUTHENTICATED when there is one that can not be accepted, SERVICE_UNAVAILABLE when the keys can not be fetched.
 */
export type VerifyToken = (authorization: string | undefined) => Promise<Caller | undefined>;

/** Asymmetric signatures only: with a shared secret every subgraph could issue tokens (RFC 8725, section 3.1). */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'];
/** How long a token is not verified again whose key was fetched. A withdrawn key is noticed so much later than it is fetched anew. */
const rememberForMilliseconds = 30_000;
/** Tokens. An ordinary one takes about a kilobyte, with the header that is made of it; the longest of them 4 kB. */
const rememberAtMost = 10_000;
/** In characters; a longer token is verified each time. */
const longestRemembered = 2_000;

/**
 * Builds the one function through which every process verifies tokens. Failed fetches of keys are logged. Throws CONFIG_INVALID without exactly one
 * source of keys.
 */
export function createTokenVerifier(settings: TokenSettings, log?: Logger): VerifyToken {
  const verify = verifierWithKeys(settings, log);
  // A key of our own settings is withdrawn with them: until then nothing changes what a token was found to be, but its end.
  const rememberFor = settings.publicKey === undefined ? rememberForMilliseconds : Infinity;
  const remembered = new Map<string, { caller: Caller; until: number }>();

  return async (authorization) => {
    if (authorization === undefined || authorization === '') return undefined;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) {
      throw new AppError('UNAUTHENTICATED', 'The Authorization header is not of the form "Bearer <token>".', {
        hint: 'Send: Authorization: Bearer <token>.',
      });
    }
    const known = remembered.get(token);
    if (known && known.until > Date.now()) return known.caller;

    const { sub, exp } = await verify(token);
    // jose takes the claim as it comes; a list of one id would pass for that id.
    if (typeof sub !== 'string' || !isUuid(sub)) {
      throw new AppError(
        'UNAUTHENTICATED',
        `The token names "${shorten(String(sub ?? ''))}" as its subject, which is not a person's id.`,
        {
          hint: 'The claim "sub" has to be the id of a row in people.',
        },
      );
    }
    const caller: Caller = { personId: sub.toLowerCase(), authorization: `Bearer ${token}` };
    if (token.length > longestRemembered) return caller;
    const [oldest] = remembered.keys();
    if (remembered.size >= rememberAtMost && oldest !== undefined) remembered.delete(oldest);
    // Set anew it is the youngest.
    remembered.delete(token);
    remembered.set(token, { caller, until: Math.min(Date.now() + rememberFor, (exp ?? 0) * 1000) });
    return caller;
  };
}

function verifierWithKeys(
  { jwksUrl, publicKey, keepKeysForHours = 24, issuer, audience }: TokenSettings,
  log: Logger | undefined,
): (token: string) => Promise<JWTPayload> {
  const options: JWTVerifyOptions = { issuer, audience, algorithms, requiredClaims: ['exp', 'sub'] };
  if ((jwksUrl === undefined) === (publicKey === undefined)) {
    throw new AppError(
      'CONFIG_INVALID',
      'Tokens are verified with either BAILIWICK_JWKS_URL or BAILIWICK_JWT_PUBLIC_KEY, and exactly one of them has to be set.',
      {
        hint: 'Set one of the two.',
      },
    );
  }
  let key: JWTVerifyGetKey | ReturnType<typeof createPublicKey>;
  if (jwksUrl !== undefined) {
    key = remoteKeys({ url: new URL(jwksUrl), keepFor: keepKeysForHours * 3_600_000, log });
  } else {
    try {
      key = createPublicKey(publicKey!.replaceAll('\\n', '\n'));
    } catch (cause) {
      throw new AppError('CONFIG_INVALID', 'BAILIWICK_JWT_PUBLIC_KEY is not a public key in PEM form.', {
        cause,
        hint: 'It begins with -----BEGIN PUBLIC KEY-----.',
      });
    }
  }
  return async (token) => {
    try {
      const { payload } = typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
      return payload;
    } catch (cause) {
      throw findAppError(cause) ?? refusal(cause);
    }
  };
}

function refusal(cause: unknown): AppError {
  if (cause instanceof joseErrors.JWTExpired) {
    return new AppError('UNAUTHENTICATED', `The token expired at ${timeOf(cause.payload.exp ?? 0)}.`, {
      cause,
      hint: 'Sign in again.',
    });
  }
  if (cause instanceof joseErrors.JWTClaimValidationFailed) {
    return new AppError('UNAUTHENTICATED', `The token's claim "${cause.claim}" is missing or not the one expected here.`, {
      cause,
      hint: 'Use a token that was issued for this service.',
    });
  }
  return new AppError('UNAUTHENTICATED', 'The token is not valid: its signature or its form is wrong.', {
    cause,
    hint: 'Sign in again.',
  });
}

/** The time of a claim, which counts seconds. A Date has no time before the year -271821, and whoever signs a token may claim one. */
function timeOf(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds} seconds after 1970` : time.toISOString();
}
