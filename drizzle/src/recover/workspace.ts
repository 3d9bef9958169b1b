import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { readManifest } from '../backup/manifest.js';
import type { Backup } from '../backup/manifest.js';
import { canReach } from '../embedded/account.js';
import type { Account } from '../embedded/account.js';
import { takeLock } from '../embedded/lock.js';
import type { Lock } from '../embedded/lock.js';
import { ownFolder, whyUnwritable } from '../embedded/place.js';

/** What an extraction was made of: the same source and target give the same rows again. */
export interface ExtractKey {
  readonly systemIdentifier: string;
  readonly database: string;
  /** In PostgreSQL's own words, for example `recovery_target_xid=812`. */
  readonly target: string;
}

interface Extract extends ExtractKey {
  readonly backup: string;
}

/** The folder that a recovery works in; one recovery at a time. */
export interface Workspace {
  readonly folder: string;
  /** Of the scratch server: empty before and after. */
  readonly scratch: string;
  /** Holds what was extracted, as backups. */
  readonly extracts: string;
  /** A complete extract of an earlier run, of the same moment. */
  findExtract(key: ExtractKey): Promise<Backup | undefined>;
  keepExtract(key: ExtractKey, backup: Backup): Promise<void>;
  release(): Promise<void>;
}

/** The error for a folder of recoveries that takes nothing, or no more. */
export function unwritableWork(folder: string, cause: unknown): AppError {
  return new AppError(
    'RECOVERY_FAILED',
    `The folder of recoveries ${folder} can not be written: ${whyUnwritable(cause)}. The database is as it was.`,
    {
      hint: 'Free some space there or give this user the right to write, or name another folder with --work.',
      cause,
    },
  );
}

/**
 * Opens the folder of recoveries: beside the data directory, or where the server's account may enter.
 * @param asked by the operator; undefined for the usual place.
 * @throws LOCK_HELD when another recovery works there, RECOVERY_FAILED when it can't be written, DATA_DIR_UNWRITABLE.
 */
export async function openWorkspace(
  dataDir: string,
  asked: string | undefined,
  account: Account | undefined,
): Promise<Workspace> {
  const folder = await placeOf(resolve(dataDir), asked === undefined ? undefined : resolve(asked), account);
  let lock: Lock;
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o711);
    lock = await takeLock(join(folder, 'lock.json'), 'The folder of recoveries');
  } catch (error) {
    if (error instanceof AppError && error.code === 'DATA_DIR_IN_USE') {
      throw new AppError(
        'LOCK_HELD',
        error.message.replace('The folder of recoveries is in use by', 'A recovery runs already, by'),
        {
          hint: 'Wait until it has ended, then run this one again.',
          cause: error,
        },
      );
    }
    throw error instanceof AppError ? error : unwritableWork(folder, error);
  }
  const extracts = join(folder, 'extracts');
  const noteFile = join(folder, 'extract.json');
  return {
    folder,
    scratch: join(folder, 'scratch'),
    extracts,
    async findExtract(key) {
      try {
        const note = JSON.parse(await readFile(noteFile, 'utf8')) as Extract;
        const isSame =
          note.systemIdentifier === key.systemIdentifier && note.database === key.database && note.target === key.target;
        return isSame ? await readManifest(join(extracts, note.backup)) : undefined;
      } catch {
        return undefined;
      }
    },
    async keepExtract(key, backup) {
      // Without the note the next run makes the extract again; this one has what it needs.
      await writeFile(`${noteFile}.new`, `${JSON.stringify({ ...key, backup: backup.manifest.name })}\n`, { flush: true })
        .then(async () => rename(`${noteFile}.new`, noteFile))
        .catch(async () => rm(`${noteFile}.new`, { force: true }));
    },
    release: async () => lock.release(),
  };
}

async function placeOf(dataDir: string, asked: string | undefined, account: Account | undefined): Promise<string> {
  const usual = asked ?? `${dataDir}-recovery`;
  if (canReach(account, '-x', dirname(usual))) return usual;
  if (asked !== undefined && account) {
    throw new AppError(
      'DATA_DIR_UNWRITABLE',
      `The scratch server runs as user ${account.name}, who can not enter ${dirname(asked)}.`,
      {
        hint: 'Name a folder with --work that this user can enter.',
      },
    );
  }
  return ownFolder(`recovery-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
}
