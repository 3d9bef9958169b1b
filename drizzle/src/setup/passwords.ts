import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { AppError } from '@bailiwick/kernel/errors';
import type { Client } from 'pg';
import { loginRoles } from './credentials.js';
import type { Credentials } from './credentials.js';

const iterations = 4096;

/**
 * The form in which PostgreSQL keeps a password (RFC 5803, and PostgreSQL: "pg_authid", rolpassword). Made here, so that the password
 * itself never stands in a statement, where the server's log or pg_stat_activity would show it.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}

/** Gives the login roles the passwords of the credentials; a role without one keeps what it has. */
export async function setPasswords(client: Client, credentials: Credentials): Promise<void> {
  for (const role of loginRoles) {
    const password = credentials.roles[role];
    if (password === undefined) continue;
    if (!/^[\x20-\x7e]+$/.test(password)) {
      throw new AppError('CONFIG_INVALID', `The password of ${role} is empty or has a character outside printable ASCII.`, {
        hint: 'Use letters, digits and signs that every client sends the same way.',
      });
    }
    const { rows } = await client.query<{ statement: string }>(
      `select format('alter role %I password %L', $1::text, $2::text) as statement`,
      [role, scramVerifier(password)],
    );
    await client.query(rows[0]?.statement ?? '');
  }
}
