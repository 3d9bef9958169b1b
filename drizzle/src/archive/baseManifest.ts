import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { z } from 'zod';
import { writeNew } from './copyCluster.js';
import { parseLsn } from './walFiles.js';

/** The form of base backups this version writes. */
export const baseFormat = 1;

const lsn = z.string().regex(/^[0-9A-F]+\/[0-9A-F]+$/);
const segment = z.string().regex(/^[0-9A-F]{24}$/);

const manifestSchema = z.object({
  format: z.literal(baseFormat),
  name: z.string(),
  /** Where recovery begins. */
  startLsn: lsn,
  /** The backup is consistent from here on. */
  stopLsn: lsn,
  startSegment: segment,
  stopSegment: segment,
  /** By the server's clock, ISO 8601, UTC. Recovery can go to any moment from `stoppedAt` on. */
  startedAt: z.iso.datetime(),
  stoppedAt: z.iso.datetime(),
  timeline: z.number().int().positive(),
  systemIdentifier: z.string().regex(/^\d+$/),
  serverVersion: z.string(),
  /** Bytes of a WAL segment. */
  walSegmentSize: z.number().int().positive(),
  /** What pg_backup_stop gave: where tablespaces lay. In the backup they are folders in pg_tblspc. */
  tablespaceMap: z.string(),
  folders: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});

export type BaseManifest = z.infer<typeof manifestSchema>;

export interface BaseBackup extends Omit<BaseManifest, 'files' | 'folders' | 'format'> {
  readonly path: string;
  /** The copy of the cluster, with its backup_label; its files belong to whoever took it. */
  readonly clusterPath: string;
  readonly bytes: number;
}

export const manifestFile = 'manifest.json';
const checksumFile = 'manifest.sha256';
export const clusterFolder = 'cluster';
const nameForm = /^\d{8}T\d{9}Z$/;

export async function writeManifest(folder: string, manifest: BaseManifest): Promise<void> {
  const { sha256 } = await writeNew(join(folder, manifestFile), `${JSON.stringify(manifest, null, 1)}\n`);
  await writeNew(join(folder, checksumFile), `${sha256}  ${manifestFile}\n`);
}

/** @throws BACKUP_CORRUPT, BACKUP_INCOMPLETE, BACKUP_OTHER_VERSION. */
export async function readManifest(path: string): Promise<BaseManifest> {
  const [text, checksum] = await Promise.all(
    [manifestFile, checksumFile].map(async (name) =>
      readFile(join(path, name)).catch(() => {
        throw new AppError('BACKUP_INCOMPLETE', `The base backup ${path} lacks the file ${name}.`, { hint: takeAnother });
      }),
    ),
  );
  if (!text || createHash('sha256').update(text).digest('hex') !== checksum?.toString().split(' ')[0]) {
    throw new AppError('BACKUP_CORRUPT', `The file ${manifestFile} of the base backup ${path} is not what was written.`, {
      hint: takeAnother,
    });
  }
  const content = JSON.parse(text.toString()) as { format?: number };
  if (Number(content.format) > baseFormat) {
    throw new AppError(
      'BACKUP_OTHER_VERSION',
      `The base backup ${path} has format ${content.format}; this version reads ${baseFormat}.`,
      {
        hint: 'Use the version of Bailiwick that took it, or a newer one.',
      },
    );
  }
  return manifestSchema.parse(content);
}

export const takeAnother = 'Take a new one now with: npm run db -- backup --base';

export function describeBackup(path: string, { files, folders: _, format: __, ...rest }: BaseManifest): BaseBackup {
  return { ...rest, path, clusterPath: join(path, clusterFolder), bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/**
 * The complete base backups of a folder, the newest first, by their place in the WAL: a clock may have jumped. What is not complete, or has no manifest that can be read, is not among them.
 * @param folder `baseFolder` of an archive; one that is not there has none.
 */
export async function listBaseBackups(folder: string): Promise<BaseBackup[]> {
  const found = (await readFolder(folder)).flatMap(({ backup }) => backup ?? []);
  return found.sort((a, b) => b.timeline - a.timeline || Number(parseLsn(b.startLsn) - parseLsn(a.startLsn)));
}

/** Those whose manifest can not be read: they lie there, and can't be used. */
export async function damagedBaseBackups(folder: string): Promise<{ name: string; fault: AppError }[]> {
  return (await readFolder(folder)).flatMap(({ name, fault }) => (fault ? { name, fault } : []));
}

async function readFolder(folder: string): Promise<{ name: string; backup?: BaseBackup; fault?: AppError }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new AppError('BACKUP_FOLDER_INVALID', `The folder of base backups ${folder} can not be read: ${error.code}.`, {
      hint: 'Run this as the user who started the server.',
      cause: error,
    });
  });
  const sorted = names
    .filter((name) => nameForm.test(name))
    .sort()
    .reverse();
  return Promise.all(
    sorted.map(async (name) => {
      const path = join(folder, name);
      try {
        return { name, backup: describeBackup(path, await readManifest(path)) };
      } catch (error) {
        const fault =
          error instanceof AppError
            ? error
            : new AppError('BACKUP_CORRUPT', `The manifest of the base backup ${path} can not be read.`, { cause: error });
        return { name, fault };
      }
    }),
  );
}
