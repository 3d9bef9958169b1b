import { createPrivateKey } from 'node:crypto';
import { withSession } from '@bailiwick/database/setup/connect';
import { samplePeople } from '@bailiwick/database/sample/sample';
import { SignJWT } from 'jose';

/** A token that a person can paste, for one of the five sample people. */
export interface SampleToken {
  /** For example "Lawyer, Leander Briefwell". */
  label: string;
  role: string;
  token: string;
}

/** How long a sample token is good for; a new one is printed at every start. */
const lifetime = '7 days';

/** Issues a token for each sample person that is in the database: none where it holds other data. */
export async function issueSampleTokens(
  operatorUrl: string,
  key: { privateKey: string; issuer: string; audience: string },
): Promise<SampleToken[]> {
  const present = await withSession(operatorUrl, 'sample tokens', async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from public.people where id = any($1::uuid[])', [
      samplePeople.map(({ personId }) => personId),
    ]);
    return new Set(rows.map(({ id }) => id));
  });
  const signingKey = createPrivateKey(key.privateKey);
  return Promise.all(
    samplePeople
      .filter(({ personId }) => present.has(personId))
      .map(async ({ role, fullName, personId }) => ({
        label: `${role}, ${fullName}`,
        role,
        token: await new SignJWT()
          .setProtectedHeader({ alg: 'EdDSA' })
          .setSubject(personId)
          .setIssuer(key.issuer)
          .setAudience(key.audience)
          .setIssuedAt()
          .setExpirationTime(lifetime)
          .sign(signingKey),
      })),
  );
}
