import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { loginRoles } from '../setup/credentials.js';

/** The PostgreSQL roles that log in to the embedded server. `postgres` is its superuser, the operator. */
export const embeddedLoginRoles = ['postgres', ...loginRoles] as const;

export type EmbeddedLoginRole = (typeof embeddedLoginRoles)[number];

/** Password by role. Letters, digits, `-` and `_` only, so that it needs no quoting in a URL or in SQL. */
export type Credentials = Readonly<Record<EmbeddedLoginRole, string>>;

const passwordForm = /^[\w-]{16,}$/;

export function credentialsFile(dataDir: string): string {
  return join(dataDir, 'credentials.json');
}

/**
 * Reads `<dataDir>/credentials.json`.
 * @returns undefined when there is none, or none that holds the superuser's password.
 * @throws DATA_DIR_UNWRITABLE when it exists and may not be read.
 */
export async function readCredentials(dataDir: string): Promise<Partial<Credentials> | undefined> {
  const path = credentialsFile(dataDir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new AppError('DATA_DIR_UNWRITABLE', `The passwords in ${path} can not be read: ${code}.`, {
      hint: 'Run this as the user who started the server.',
      cause: error,
    });
  }
  try {
    const found = JSON.parse(text) as Partial<Credentials>;
    return passwordForm.test(found.postgres ?? '') ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Gives every role that has no usable password yet a random one of 192 bits, and keeps them all in the file (mode 0600). */
export async function completeCredentials(dataDir: string, known: Partial<Credentials> | undefined): Promise<Credentials> {
  const isUsable = (role: EmbeddedLoginRole) => passwordForm.test(known?.[role] ?? '');
  const credentials = Object.fromEntries(
    embeddedLoginRoles.map((role) => [role, isUsable(role) ? known?.[role] : randomBytes(24).toString('base64url')]),
  ) as unknown as Credentials;
  if (!embeddedLoginRoles.every(isUsable)) {
    const path = credentialsFile(dataDir);
    await writeFile(`${path}.new`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
  return credentials;
}
