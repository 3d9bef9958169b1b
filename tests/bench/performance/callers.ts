import type { Client } from 'pg';
import { createTestIssuer } from '../../support/tokens.js';

/** A signed-in person. */
export interface Caller {
  readonly personId: string;
  readonly roles: readonly string[];
  readonly authorization: string;
}

export interface Callers {
  readonly publicKey: string;
  /** People who read cases and audits: directors, readers, administrators, and lawyers who are auditors as well. */
  readonly readers: readonly Caller[];
  /** People who open cases. */
  readonly writers: readonly Caller[];
  /** Anybody. */
  readonly everybody: readonly Caller[];
}

const readerRoles = ['{Director}', '{Read-Only}', '{Lawyer,Auditor}', '{System Admin}'];
const writerRoles = ['{Director}', '{Lawyer}', '{Lawyer,Auditor}', '{Case Manager}', '{System Admin}', '{Paralegal}'];

/** So many people of each kind, the kinds mixed, each with a token of their own. */
export async function signIn(client: Client, many: number): Promise<Callers> {
  const issuer = await createTestIssuer();
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (id: string): Promise<string> => {
    // A long run must not end because its tokens do.
    const token = tokens.get(id) ?? issuer.tokenFor(id, { exp: Math.floor(Date.now() / 1000) + 86_400 });
    tokens.set(id, token);
    return token;
  };
  const someWith = async (roles: readonly string[] | null): Promise<Caller[]> => {
    const { rows } = await client.query<{ id: string; roles: string[] }>(
      `select id, roles from public.people where is_active and ($1::text[] is null or roles::text = any ($1::text[])) order by md5(id::text) limit $2`,
      [roles?.map((role) => role.replace(/\{(.*[ -].*)\}/, '{"$1"}').replace('"Read-Only"', 'Read-Only')) ?? null, many],
    );
    return Promise.all(
      rows.map(async ({ id, roles: held }) => ({ personId: id, roles: held, authorization: `Bearer ${await tokenOf(id)}` })),
    );
  };
  return {
    publicKey: issuer.publicKeyPem,
    readers: await someWith(readerRoles),
    writers: await someWith(writerRoles),
    everybody: await someWith(null),
  };
}
