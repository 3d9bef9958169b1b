import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { readManifest, takeAnother } from '../archive/baseManifest.js';
import type { BaseBackup } from '../archive/baseBackup.js';
import type { Progress } from '../import/progress.js';

const pieceBytes = 1024 * 1024;

/**
 * Copies the cluster of a base backup, and holds each file against its checksum on the way.
 * @param to does not exist yet.
 * @throws BACKUP_CORRUPT, BACKUP_INCOMPLETE naming the file.
 */
export async function copyBase(base: BaseBackup, to: string, progress: Progress): Promise<void> {
  const manifest = await readManifest(base.path);
  await mkdir(to, { mode: 0o700 });
  for (const folder of manifest.folders) await mkdir(join(to, folder), { recursive: true, mode: 0o700 });
  progress.begin('Copying the base backup', base.bytes);
  const buffer = Buffer.allocUnsafe(pieceBytes);
  for (const { path, bytes, sha256 } of manifest.files) {
    const found = await copyFile(join(base.clusterPath, path), join(to, path), buffer);
    if (!found)
      throw new AppError('BACKUP_INCOMPLETE', `The base backup ${base.name} lacks the file ${path}.`, { hint: takeAnother });
    if (found.sha256 !== sha256) {
      throw new AppError('BACKUP_CORRUPT', `The file ${path} of the base backup ${base.name} is not what was written.`, {
        hint: takeAnother,
      });
    }
    progress.advance(bytes, 0);
  }
  progress.end();
}

async function copyFile(from: string, to: string, buffer: Buffer): Promise<{ sha256: string } | undefined> {
  const source = await open(from, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!source) return undefined;
  try {
    const copy = await open(to, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return { sha256: hash.digest('hex') };
        const piece = buffer.subarray(0, bytesRead);
        hash.update(piece);
        await copy.writeFile(piece);
      }
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}
