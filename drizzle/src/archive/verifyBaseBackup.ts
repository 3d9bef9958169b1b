import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '@bailiwick/kernel/errors';
import { readManifest, takeAnother } from './baseManifest.js';
import type { BaseBackup, BaseManifest } from './baseManifest.js';
import { archivedSegments, findSegment, parseSegmentName, parseWalHeader, readSegment, segmentName } from './walFiles.js';

export interface BaseProof {
  readonly files: number;
  readonly bytes: number;
  /** WAL segments from the backup's start on. */
  readonly segments: number;
  /** The last of them. */
  readonly lastSegment: string;
}

/**
 * Reads every file of a base backup and every WAL segment from its start on. Nothing is started: that is what `db drill` is for.
 * @param walFolder of the archive it belongs to.
 * @throws BACKUP_CORRUPT or BACKUP_INCOMPLETE naming the file or the segment, BACKUP_OTHER_VERSION.
 */
export async function verifyBaseBackup(backup: BaseBackup, walFolder: string): Promise<BaseProof> {
  const manifest = await readManifest(backup.path);
  await refuseExtraFiles(backup, manifest);
  for (const file of manifest.files) {
    const path = join(backup.clusterPath, file.path);
    const found = await stat(path).catch(() => undefined);
    if (!found) throw incomplete(`The base backup ${backup.name} lacks the file ${file.path}.`);
    const isSame = found.size === file.bytes && (await checksum(path)) === file.sha256;
    if (!isSame) throw corrupt(`The file ${file.path} of the base backup ${backup.name} is not what was written.`);
  }
  for (const folder of manifest.folders) {
    const found = await stat(join(backup.clusterPath, folder)).catch(() => undefined);
    if (!found?.isDirectory()) throw incomplete(`The base backup ${backup.name} lacks the folder ${folder}.`);
  }
  const { names, missing } = await walChain(backup, walFolder);
  if (missing) throw missingSegment(missing, walFolder, backup);
  for (const name of names) await checkSegment(walFolder, name, backup);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: manifest.files.length, bytes, segments: names.length, lastSegment: names.at(-1) ?? '' };
}

function corrupt(message: string): AppError {
  return new AppError('BACKUP_CORRUPT', message, { hint: takeAnother });
}

function incomplete(message: string): AppError {
  return new AppError('BACKUP_INCOMPLETE', message, { hint: takeAnother });
}

function missingSegment(name: string, walFolder: string, backup: BaseBackup): AppError {
  return incomplete(
    `WAL segment ${name} is missing from ${walFolder}, so the base backup ${backup.name} can be recovered to the end of the segment before it at the most.`,
  );
}

async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function refuseExtraFiles({ name, clusterPath }: BaseBackup, manifest: BaseManifest): Promise<void> {
  const known = new Set(manifest.files.map(({ path }) => path));
  for (const entry of await readdir(clusterPath, { recursive: true, withFileTypes: true })) {
    const path = relative(clusterPath, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (!entry.isDirectory() && !known.has(path)) {
      throw incomplete(`The base backup ${name} holds a file that does not belong to it: ${path}.`);
    }
  }
}

/**
 * The archived segments of a backup's timeline, from its start to the last without a gap.
 * @returns `missing`: the first that is not there while later ones are, or that the backup itself needs.
 */
export async function walChain(
  { timeline, startSegment, stopSegment, walSegmentSize }: BaseBackup,
  walFolder: string,
): Promise<{ names: string[]; missing?: string }> {
  const there = new Set(await archivedSegments(walFolder).catch(() => []));
  const last = [...there, stopSegment]
    .filter((name) => Number.parseInt(name.slice(0, 8), 16) === timeline)
    .sort()
    .at(-1);
  const names: string[] = [];
  let { segment } = parseSegmentName(startSegment, walSegmentSize);
  for (; last; segment++) {
    const name = segmentName({ timeline, segment }, walSegmentSize);
    if (name > last) break;
    if (!there.has(name)) return { names, missing: name };
    names.push(name);
  }
  return { names };
}

/** The whole length, and a first page that says it is this segment of this cluster. A packed one is unpacked whole, which tests its checksum. */
async function checkSegment(walFolder: string, name: string, backup: BaseBackup): Promise<void> {
  const file = await findSegment(walFolder, name);
  if (!file) throw missingSegment(name, walFolder, backup);
  let bytes = 0;
  let header: ReturnType<typeof parseWalHeader>;
  try {
    for await (const chunk of readSegment(file)) {
      if (bytes === 0) header = parseWalHeader(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    // It was packed between our look and our read.
    if (!file.isPacked && (error as NodeJS.ErrnoException).code === 'ENOENT') return checkSegment(walFolder, name, backup);
    throw corrupt(`WAL segment ${file.path} can not be read: ${(error as Error).message}.`);
  }
  const { timeline, segment } = parseSegmentName(name, backup.walSegmentSize);
  if (bytes !== backup.walSegmentSize) {
    throw corrupt(`WAL segment ${file.path} has ${bytes} bytes instead of ${backup.walSegmentSize}.`);
  }
  const isIts =
    header?.systemIdentifier === backup.systemIdentifier &&
    header.segmentSize === backup.walSegmentSize &&
    header.address === segment * BigInt(backup.walSegmentSize) &&
    header.timeline <= timeline;
  if (!isIts)
    throw corrupt(`WAL segment ${file.path} does not begin like segment ${name} of cluster ${backup.systemIdentifier}.`);
}
