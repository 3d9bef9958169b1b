import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../import/progress.js';
import { silentProgress } from '../import/progress.js';
import { corrupt, filesOf, incomplete, manifestChecksumFile, manifestFile } from './manifest.js';
import type { Backup } from './manifest.js';
import { measureFile } from './tableFile.js';

/**
 * Holds every file of a backup against its manifest: there, nothing beside them, and not one byte different.
 * @returns how many files and bytes were read.
 * @throws BACKUP_INCOMPLETE, BACKUP_CORRUPT naming the file.
 */
export async function checkFiles(
  { path, manifest }: Backup,
  progress: Progress = silentProgress,
): Promise<{ files: number; bytes: number }> {
  const files = filesOf(manifest);
  const known = new Set([manifestFile, manifestChecksumFile, ...files.map((file) => file.path)]);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const there = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(path.length + 1)
        .replaceAll('\\', '/'),
    );
  const missing = [...known].filter((name) => !there.includes(name));
  if (missing.length > 0) throw incomplete(path, `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
  const extra = there.filter((name) => !known.has(name));
  if (extra.length > 0) throw incomplete(path, `${extra.join(', ')} ${extra.length === 1 ? 'does' : 'do'} not belong to it`);
  for (const file of files) {
    const { size } = await stat(join(path, file.path));
    if (size !== file.bytes) throw corrupt(path, `${file.path} has ${size} bytes and was written with ${file.bytes}`);
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  progress.begin('Reading every file', bytes);
  for (const file of files) {
    const { sha256 } = await measureFile(join(path, file.path));
    if (sha256 !== file.sha256) {
      throw corrupt(path, `${file.path} has SHA-256 ${sha256.slice(0, 12)}… and was written with ${file.sha256.slice(0, 12)}…`);
    }
    progress.advance(file.bytes, 0);
  }
  progress.end();
  return { files: known.size, bytes };
}
