import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { z } from 'zod';

/** What this installation keeps to itself, so that tokens and cursors outlive a restart. */
export interface Secrets {
  /** Ed25519, PKCS #8 in PEM form: signs the sample people's tokens where no sign-in system is configured. */
  privateKey: string;
  /** Its public half, SPKI in PEM form. */
  publicKey: string;
  /** The secret behind cursors. */
  cursorKey: string;
}

const fileForm = z.object({ privateKey: z.string(), publicKey: z.string(), cursorKey: z.string().min(16) });

/** Reads the secrets of a data directory, or makes them (mode 0600) at the first start. Throws CONFIG_INVALID for a file that can not be read. */
export async function openSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const known = await readSecrets(file);
  if (known) return known;

  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const made: Secrets = { privateKey, publicKey, cursorKey: randomBytes(32).toString('hex') };
  await mkdir(dataDir, { recursive: true });
  // Written beside and linked: the file is there whole or not at all, and of two starts at once the first one's stays.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readSecrets(file)) ?? made;
}

async function readSecrets(file: string): Promise<Secrets | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return fileForm.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `The secrets in ${file} can not be read.`, {
      cause,
      hint: 'Restore the file, or remove it: new secrets are made then, and tokens and cursors given out before are refused.',
    });
  }
}
