import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { isLittleEndian } from './controlFile.js';

const segmentForm = /^[0-9A-F]{24}$/;
export const packed = '.gz';

export const isSegment = (name: string): boolean => segmentForm.test(name);

/** A place in the WAL as a number: `1/2A` is 0x10000002A. */
export function parseLsn(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export interface WalPlace {
  readonly timeline: number;
  /** Counted from the WAL's beginning. */
  readonly segment: bigint;
}

/** The name of a segment file (XLogFileName in xlog_internal.h). */
export function segmentName({ timeline, segment }: WalPlace, segmentSize: number): string {
  const perId = 0x1_0000_0000n / BigInt(segmentSize);
  return [BigInt(timeline), segment / perId, segment % perId]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
}

export function parseSegmentName(name: string, segmentSize: number): WalPlace {
  const [timeline = 0n, id = 0n, low = 0n] = [0, 8, 16].map((from) => BigInt(`0x${name.slice(from, from + 8)}`));
  return { timeline: Number(timeline), segment: id * (0x1_0000_0000n / BigInt(segmentSize)) + low };
}

/** The segments of an archive, each once, whether packed or not, in the order of their names. */
export async function archivedSegments(walFolder: string): Promise<string[]> {
  const names = await readdir(walFolder);
  return [...new Set(names.map((name) => name.replace(/\.gz$/, '')).filter(isSegment))].sort();
}

/** Packing takes seconds; who is both plain and packed for longer contradicts himself (packWal.ts keeps both). */
const packingTime = 60_000;

/** Segments that were archived twice with different content. */
export async function contradictedSegments(walFolder: string): Promise<string[]> {
  const names = new Set(await readdir(walFolder));
  const found: string[] = [];
  for (const name of names) {
    if (!isSegment(name) || !names.has(name + packed)) continue;
    const arrived = (await stat(join(walFolder, name)).catch(() => undefined))?.mtimeMs;
    if (arrived !== undefined && Date.now() - arrived > packingTime) found.push(name);
  }
  return found.sort();
}

/** Path of an archived segment. */
export async function findSegment(walFolder: string, name: string): Promise<{ path: string; isPacked: boolean } | undefined> {
  for (const isPacked of [false, true]) {
    const path = join(walFolder, isPacked ? name + packed : name);
    if ((await stat(path).catch(() => undefined))?.isFile()) return { path, isPacked };
  }
  return undefined;
}

/** The bytes of an archived segment. A packed one that was damaged ends in an error: gzip has a checksum. */
export function readSegment({ path, isPacked }: { path: string; isPacked: boolean }): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  if (!isPacked) return file as AsyncIterable<Buffer>;
  const unpacked = createGunzip({ chunkSize: 1024 * 1024 });
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked) as AsyncIterable<Buffer>;
}

export interface WalHeader {
  readonly timeline: number;
  readonly address: bigint;
  readonly systemIdentifier: string;
  readonly segmentSize: number;
}

/** XLP_LONG_HEADER of the page's flags. */
const longHeader = 0x0002;

/** The first page header of a segment (XLogLongPageHeaderData in xlog_internal.h). Undefined when the bytes are none. */
export function parseWalHeader(bytes: Buffer): WalHeader | undefined {
  if (bytes.length < 40) return undefined;
  const u16 = (at: number) => (isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number) => (isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const u64 = (at: number) => (isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  // Each version of PostgreSQL has a number of its own; all of them begin with D1.
  if (u16(0) >> 8 !== 0xd1 || !(u16(2) & longHeader)) return undefined;
  return { timeline: u32(4), address: u64(8), systemIdentifier: String(u64(24)), segmentSize: u32(32) };
}
