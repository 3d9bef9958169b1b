import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { isFileError } from '../backup/folder.js';
import { takeLock } from '../embedded/lock.js';
import type { Lock } from '../embedded/lock.js';
import { sha256OfFile } from './extract.js';
import type { ExtractedTable } from './extract.js';
import type { Layout } from './layout.js';
import type { LoadReport } from './loadReport.js';
import type { Survey } from './survey.js';

/** What was taken out of a dump, complete: the next run goes on from here. */
export interface Extraction {
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly dump: string;
  readonly layout: Layout;
  readonly database: string | null;
  readonly survey: Survey;
  readonly load: LoadReport;
  /** Of the legacy layout: its CSV files. */
  readonly tables: readonly ExtractedTable[];
  /** Tables with rows that belong to neither system. */
  readonly others: readonly { readonly table: string; readonly rows: number }[];
  /** Of a Bailiwick database: the backup, below the folder. */
  readonly backup: string | null;
}

const contentFile = 'extracted.json';

/** The place of one dump below the work folder: what is taken out of it, and its scratch server while that runs. */
export class WorkPlace {
  readonly folder: string;
  readonly scratch: string;
  readonly draft: string;
  readonly #lock: Lock;

  private constructor(root: string, key: string, lock: Lock) {
    this.folder = join(root, key);
    this.draft = join(root, `${key}.partial`);
    this.scratch = join(root, `${key}.scratch`);
    this.#lock = lock;
  }

  /**
   * @param identity what makes two runs the same: the dump's checksum, and the options that change what is taken out of it.
   * @throws LOCK_HELD while another process restores from the same dump; BACKUP_FOLDER_UNWRITABLE.
   */
  static async open(root: string, identity: unknown): Promise<WorkPlace> {
    const path = resolve(root);
    const key = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
    try {
      // Others may pass through and not look: the scratch server runs as another account where we are root.
      await mkdir(path, { recursive: true, mode: 0o711 });
      return new WorkPlace(path, key, await takeLock(join(path, `${key}.lock`), `The dump`));
    } catch (error) {
      if (error instanceof AppError && error.code === 'DATA_DIR_IN_USE') {
        throw new AppError('LOCK_HELD', error.message.replace('is in use by', 'is being restored by'), {
          hint: 'Wait until that has ended.',
        });
      }
      throw error instanceof AppError ? error : unwritable(path, error);
    }
  }

  /** What an earlier run has left, if every file of it is what was written. */
  async found(): Promise<Extraction | 'damaged' | undefined> {
    const text = await readFile(join(this.folder, contentFile), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      const { sha256, extraction } = JSON.parse(text) as { sha256: string; extraction: Extraction };
      if (checksum(extraction) !== sha256) return 'damaged';
      for (const { file, sha256: written } of extraction.tables) {
        if ((await sha256OfFile(join(this.folder, file))) !== written) return 'damaged';
      }
      return extraction;
    } catch {
      return 'damaged';
    }
  }

  /** Begins anew. Returns whether an earlier run was broken off here. */
  async begin(): Promise<boolean> {
    try {
      const wasBroken = (await stat(this.draft).catch(() => undefined)) !== undefined;
      for (const path of [this.draft, this.folder]) await rm(path, { recursive: true, force: true });
      await mkdir(this.draft, { mode: 0o700 });
      return wasBroken;
    } catch (error) {
      throw unwritable(this.draft, error);
    }
  }

  /** Gives what was taken out its name: complete, or not there. */
  async finish(extraction: Extraction): Promise<void> {
    try {
      const text = JSON.stringify({ sha256: checksum(extraction), extraction }, null, 1);
      await writeFile(join(this.draft, contentFile), `${text}\n`, { mode: 0o600, flush: true });
      await rename(this.draft, this.folder);
    } catch (error) {
      throw unwritable(this.draft, error);
    }
  }

  async discardDraft(): Promise<void> {
    await rm(this.draft, { recursive: true, force: true }).catch(() => undefined);
  }

  /** It has come home: nothing of it stays behind. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.#lock.release().catch(() => undefined);
  }
}

const checksum = (extraction: Extraction): string => createHash('sha256').update(JSON.stringify(extraction)).digest('hex');

/** Why a file in the work folder could not be written, in words. */
export function unwritable(path: string, cause: unknown): unknown {
  if (!isFileError(cause)) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new AppError(
    'RESTORE_FAILED',
    isFull ? `The disk that holds ${path} is full. The database was not touched.` : `${path} can not be written: ${message}.`,
    {
      hint: 'Free some space, or name a folder on another disk with --work: about three times the size of the SQL is needed.',
      cause,
    },
  );
}
