import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { placeNew } from '../embedded/lock.js';
import { loginRoles } from './credentials.js';
import type { LoginRole } from './credentials.js';

type Passwords = Partial<Record<LoginRole, string>>;

/** Where the passwords of a server that exists are kept: roles belong to the server, not to one database of it. */
export function passwordFileOf(dataDir: string, { host, port }: { host: string; port: number }): string {
  return join(dataDir, `credentials-${host.replaceAll(/[^\w.-]+/g, '_')}-${port}.json`);
}

/**
 * Reads the passwords that are kept for a server.
 * @returns an empty object when there is no file.
 * @throws CONFIG_INVALID when there is one that can't be used.
 */
export async function readPasswordFile(path: string): Promise<Passwords> {
  try {
    const found = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    return Object.fromEntries(loginRoles.filter((role) => typeof found[role] === 'string').map((role) => [role, found[role]]));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new AppError('CONFIG_INVALID', `The passwords in ${path} can not be read: ${code ?? 'it is not JSON'}.`, {
      hint: 'Run this as the user who made the file; or remove it, and set new passwords with npm run db -- init --new-passwords.',
      cause: error,
    });
  }
}

/**
 * Adds a random password of 192 bits for every role that has none, and keeps them all in the file (mode 0600). Of two that do so at the
 * same time one makes the file and the other takes what is in it: the passwords of the server and of the file must be the same.
 * @param known those that are known from the environment, the URL and the file.
 */
export async function completePasswordFile(path: string, known: Passwords): Promise<Passwords> {
  if (loginRoles.every((role) => known[role] !== undefined)) return known;
  const complete = Object.fromEntries(loginRoles.map((role) => [role, known[role] ?? randomBytes(24).toString('base64url')]));
  const draft = `${path}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, `${JSON.stringify(complete, null, 2)}\n`, { mode: 0o600, flush: true, flag: 'wx' });
    if (await placeNew(draft, path)) return complete;
    const kept = await readPasswordFile(path);
    if (loginRoles.every((role) => kept[role] !== undefined)) return { ...kept, ...known };
    await rename(draft, path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'DATA_DIR_UNWRITABLE',
      `The passwords can not be kept in ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`,
      {
        hint: 'Give this user the right to write there, choose another folder with BAILIWICK_DATA_DIR, or set the passwords in the environment.',
        cause: error,
      },
    );
  } finally {
    await rm(draft, { force: true });
  }
  return complete;
}
