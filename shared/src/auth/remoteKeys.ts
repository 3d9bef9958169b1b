import { createRemoteJWKSet, errors as joseErrors } from 'jose';
import type { JWTVerifyGetKey, RemoteJWKSet } from 'jose';
import { AppError } from '../errors/AppError.js';
import type { Logger } from '../process/log.js';

/** In milliseconds. Older keys are fetched anew beside the requests, which go on with the known ones. */
const refreshAfter = 10 * 60_000;
/** In milliseconds. After a fetch, whether it succeeded or not, there is no other one for so long. */
const coolDown = 10_000;
/** In milliseconds. */
const fetchWithin = 5_000;

/** Where the keys come from, and how long they are good for. */
export interface RemoteKeySettings {
  /** The address of the key set (RFC 7517, section 5). */
  readonly url: URL;
  /** How long known keys are used while the key server can't be reached, in milliseconds. */
  readonly keepFor: number;
  readonly log?: Logger | undefined;
}

/**
 * Returns the function that finds the key of a token in the key set of a sign-in system. The set is fetched at the first token, and again in the
 * background or when a token names an unknown key. While the key server is away or answers with no key set, the known keys stay in use.
 * Throws SERVICE_UNAVAILABLE if no keys are known, or if the token's key is unknown and the key server can't be asked.
 */
export function remoteKeys({ url, keepFor, log }: RemoteKeySettings): JWTVerifyGetKey {
  let known: { readonly keys: RemoteJWKSet; readonly fetchedAt: number } | undefined;
  let lastFetch: { readonly endedAt: number; readonly failure: unknown } | undefined;
  let fetching: Promise<void> | undefined;

  const ageOfKeys = (): number => (known === undefined ? Infinity : Date.now() - known.fetchedAt);

  /** Waits for a fetch, which all who wait share. Within the cool-down of the last fetch it returns at once. Never rejects. */
  async function refresh(): Promise<void> {
    if (fetching === undefined && lastFetch !== undefined && Date.now() < lastFetch.endedAt + coolDown) return;
    await (fetching ??= fetchOnce().finally(() => (fetching = undefined)));
  }

  async function fetchOnce(): Promise<void> {
    try {
      known = { keys: await fetchKeys(url), fetchedAt: Date.now() };
      lastFetch = { endedAt: Date.now(), failure: undefined };
    } catch (failure) {
      lastFetch = { endedAt: Date.now(), failure };
      log?.warn(
        { err: failure, keysAreKnown: known !== undefined },
        'the keys that tokens are verified with could not be fetched',
      );
    }
  }

  return async (header, token) => {
    if (ageOfKeys() > keepFor) await refresh();
    else if (ageOfKeys() > refreshAfter) void refresh();
    if (known === undefined || ageOfKeys() > keepFor) throw notFetched(lastFetch?.failure);
    try {
      return await known.keys(header, token);
    } catch (error) {
      if (!(error instanceof joseErrors.JWKSNoMatchingKey)) throw error;
      // A sign-in system that changes its keys signs with the new one at once.
      await refresh();
      // The unknown key may be that new one, so the token is not called bad.
      if (lastFetch?.failure !== undefined) throw notFetched(lastFetch.failure);
      return known.keys(header, token);
    }
  };
}

/** Each fetch has a set of its own, so that a bad answer never replaces known keys. jose fetches nothing by itself within these durations. */
async function fetchKeys(url: URL): Promise<RemoteJWKSet> {
  const keys = createRemoteJWKSet(url, { timeoutDuration: fetchWithin, cacheMaxAge: Infinity, cooldownDuration: Infinity });
  await keys.reload();
  if (!keys.jwks()?.keys.some(({ kty }) => typeof kty === 'string')) {
    throw new Error(`${url.href} answered with a key set that has no key.`);
  }
  return keys;
}

function notFetched(cause: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'The keys that tokens are verified with can not be fetched.', {
    cause,
    hint: 'Try again; the operator looks at BAILIWICK_JWKS_URL.',
  });
}
