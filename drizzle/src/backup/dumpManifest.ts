import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { corrupt, incomplete } from './manifest.js';

/** Describes a backup that pg_dump made; it stands where the manifest of our own form would. */
export const dumpBackupFile = 'dump.json';
export const archiveFile = 'database.dump';

const schema = z.object({
  format: z.literal(1),
  name: z.string(),
  /** ISO 8601, UTC. */
  takenAt: z.iso.datetime(),
  source: z.object({ database: z.string(), systemIdentifier: z.string(), serverVersion: z.string() }),
  dumpVersion: z.string(),
  onlySchema: z.string().nullable(),
  /** Rows of each table in the snapshot that pg_dump read. */
  tables: z.record(z.string(), z.int().min(0)),
  file: z.object({ path: z.literal(archiveFile), bytes: z.int().min(1), sha256: z.string() }),
});

export type DumpBackup = z.infer<typeof schema>;

/** Whether a folder is such a backup. */
export const isDumpBackup = async (path: string): Promise<boolean> =>
  (await stat(join(path, dumpBackupFile)).catch(() => undefined)) !== undefined;

/**
 * Reads what stands beside the archive.
 * @throws BACKUP_CORRUPT, BACKUP_INCOMPLETE.
 */
export async function readDumpBackup(path: string): Promise<DumpBackup> {
  const text = await readFile(join(path, dumpBackupFile), 'utf8').catch(() => {
    throw incomplete(path, `${dumpBackupFile} is missing`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw corrupt(path, `${dumpBackupFile} is no JSON`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw corrupt(path, `${dumpBackupFile} is not of its form at ${parsed.error.issues[0]?.path.join('.')}`);
}
