import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSegment, packed, parseLsn, parseSegmentName, parseWalHeader, readSegment, segmentName } from '../archive/walFiles.js';
import type { BaseBackup } from '../archive/baseBackup.js';
import type { Progress } from '../import/progress.js';

const historyForm = /^[0-9A-F]{8}\.history(\.gz)?$/;

const pageBytes = 8192;

interface Found {
  readonly file: string;
  readonly folder: string;
  readonly timeline: number;
  readonly segment: bigint;
}

export interface WalSource {
  /** Of segments that were archived. */
  readonly archiveFolder: string;
  /** pg_wal of the server itself, for those that are not archived yet. */
  readonly liveFolder: string | undefined;
  /** Up to here the server has flushed: files beyond are recycled ones that hold something old. */
  readonly liveEnd: string | undefined;
}

/** Where the WAL ends before its time. */
export interface WalGap {
  readonly segment: string;
  /** `is missing`, or what is wrong with it. */
  readonly fault: string;
}

export interface GatheredWal {
  /** Names of the segments from the first to the last, without a gap. */
  readonly segments: string[];
  readonly gap: WalGap | undefined;
}

async function listSegments(
  folder: string | undefined,
  segmentBytes: number,
): Promise<{ segments: Found[]; histories: string[] }> {
  const names = folder === undefined ? [] : await readdir(folder).catch(() => []);
  const segments = names
    .filter((file) => isSegment(plain(file)))
    .map((file) => ({ file, folder: folder ?? '', ...parseSegmentName(plain(file), segmentBytes) }));
  return { segments, histories: names.filter((name) => historyForm.test(name)) };
}

/**
 * Copies the WAL that a recovery may need into a folder, from the segment of `from` on, until the first gap. Compressed segments are unpacked, and
 * their empty ends take no room. A copy and no restore_command of ours: the account of the scratch server may enter neither the archive nor this program.
 */
export async function gatherWal(
  source: WalSource,
  from: Pick<BaseBackup, 'timeline' | 'startLsn' | 'walSegmentSize' | 'systemIdentifier'>,
  target: string,
  progress: Progress,
): Promise<GatheredWal> {
  const { liveEnd } = source;
  const { walSegmentSize: segmentBytes } = from;
  const segmentOf = (lsn: string): bigint => parseLsn(lsn) / BigInt(segmentBytes);
  const first = segmentOf(from.startLsn);
  const last = liveEnd === undefined ? undefined : segmentOf(liveEnd);
  const archived = await listSegments(source.archiveFolder, segmentBytes);
  const live = await listSegments(source.liveFolder, segmentBytes);
  await copyHistories(source, archived.histories, live.histories, target);
  const isArchived = (one: Found): boolean => archived.segments.some(({ file }) => plain(file) === one.file);
  const usable = [
    ...archived.segments,
    ...live.segments.filter((one) => (last === undefined || one.segment <= last) && !isArchived(one)),
  ].filter((one) => one.segment >= first && one.timeline >= from.timeline);
  const newest = [last ?? first, ...usable.map(({ segment }) => segment)].reduce((most, one) => (one > most ? one : most), first);
  progress.begin('Copying WAL', Number(newest - first + 1n) * segmentBytes);
  const segments: string[] = [];
  let timeline = from.timeline;
  try {
    for (let number = first; number <= newest; number++) {
      const before = segments.length;
      let fault: string | undefined;
      for (const one of usable.filter((each) => each.segment === number)) {
        fault = await copySegment(one, source, from, target);
        if (fault) break;
        segments.push(plain(one.file));
        timeline = Math.max(timeline, one.timeline);
      }
      if (fault || segments.length === before) {
        // What a server that does not run has beyond may be files that it keeps for later use.
        const isGap =
          number === first ||
          last !== undefined ||
          usable.some((one) => one.segment >= number && one.folder === source.archiveFolder);
        const segment = segmentName({ timeline, segment: number }, segmentBytes);
        return { segments, gap: isGap ? { segment, fault: fault ?? 'is missing' } : undefined };
      }
      progress.advance(segmentBytes, 0);
    }
    return { segments, gap: undefined };
  } finally {
    progress.end();
  }
}

const plain = (file: string): string => (file.endsWith(packed) ? file.slice(0, -packed.length) : file);

async function copyHistories(source: WalSource, archived: string[], live: string[], target: string): Promise<void> {
  for (const name of live)
    if (source.liveFolder) await unpack(join(source.liveFolder, name), join(target, plain(name)), undefined);
  for (const name of archived) await unpack(join(source.archiveFolder, name), join(target, plain(name)), undefined);
}

type Cluster = Pick<BaseBackup, 'walSegmentSize' | 'systemIdentifier'>;

/** @returns what is wrong with it, in the words that follow its name. */
async function copySegment(found: Found, source: WalSource, base: Cluster, target: string): Promise<string | undefined> {
  const copy = join(target, plain(found.file));
  // A segment of the server may be archived and removed in the moment between our look and our copy.
  const places = [
    join(found.folder, found.file),
    ...['', packed].map((end) => join(source.archiveFolder, plain(found.file) + end)),
  ];
  for (const path of new Set(places)) {
    try {
      await unpack(path, copy, base.walSegmentSize);
      return await headerFault(copy, found, base);
    } catch (error) {
      const { code = '', name, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') continue;
      if (code.startsWith('Z_') || name === wrongSize) return `is damaged (${message})`;
      throw error;
    }
  }
  return 'is missing';
}

/** The first page of a segment names its cluster and its place. */
async function headerFault(path: string, { segment }: Found, base: Cluster): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const header = parseWalHeader(buffer.subarray(0, bytesRead));
    if (!header || header.address !== segment * BigInt(base.walSegmentSize))
      return 'is damaged (its first page is no page of this segment)';
    return header.systemIdentifier === base.systemIdentifier ? undefined : `is of another cluster, ${header.systemIdentifier}`;
  } finally {
    await file.close();
  }
}

const wrongSize = 'WrongSize';

/** Copies a file, unpacked where its name ends with .gz, and leaves holes for its empty pages. */
async function unpack(path: string, target: string, bytes: number | undefined): Promise<void> {
  const file = await open(target, 'w', 0o600);
  try {
    let position = 0;
    for await (const chunk of readSegment({ path, isPacked: path.endsWith(packed) })) {
      for (let start = 0; start < chunk.length; start += pageBytes) {
        const page = chunk.subarray(start, start + pageBytes);
        if (!page.equals(emptyPage.subarray(0, page.length))) await file.write(page, 0, page.length, position + start);
      }
      position += chunk.length;
    }
    if (bytes !== undefined && position !== bytes) {
      throw Object.assign(new Error(`it has ${position} bytes and should have ${bytes}`), { name: wrongSize });
    }
    await file.truncate(position);
  } finally {
    await file.close();
  }
}

const emptyPage = Buffer.alloc(pageBytes);
